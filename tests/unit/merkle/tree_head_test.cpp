#include "crossline/merkle/tree_head.hpp"

#include "crossline/crypto/random.hpp"

#include <gtest/gtest.h>

namespace crossline::merkle {
namespace {

constexpr std::string_view kOrigin = "river-line/ledger";
constexpr std::string_view kEmptyHead =
    "river-line/ledger\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";

TEST(TreeHead, NamesTheLedgerAndEachJournal) {
  EXPECT_EQ(ledger_origin("river-line"), "river-line/ledger");
  EXPECT_EQ(journal_origin("river-line", "bridge-a-1"), "river-line/journal/bridge-a-1");
}

TEST(TreeHead, IsThreeLines) {
  EXPECT_EQ(tree_head_text(kOrigin, {TreeSize(0), empty_root()}), kEmptyHead);
  const Result<ParsedTreeHead> parsed = parse_tree_head(kEmptyHead);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(parsed->origin, kOrigin);
  EXPECT_EQ(parsed->head, (TreeHead{TreeSize(0), empty_root()}));
}

TEST(TreeHead, ReadsPastExtensionLines) {
  const Result<ParsedTreeHead> parsed = parse_tree_head(std::string(kEmptyHead) + "an extension\nanother\n");
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(parsed->head.size, TreeSize(0));
}

TEST(TreeHead, ReadsTheLargestSize) {
  const TreeHead largest{TreeSize(kMaxTreeSize), empty_root()};
  EXPECT_EQ(parse_tree_head(tree_head_text(kOrigin, largest))->head, largest);
}

TEST(TreeHead, RefusesEveryTruncation) {
  for (std::size_t length = 0; length < kEmptyHead.size(); ++length) {
    EXPECT_FALSE(parse_tree_head(kEmptyHead.substr(0, length)).has_value()) << length;
  }
}

TEST(TreeHead, RefusesMalformedLines) {
  const std::string root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  const std::string refused[] = {
      "\n0\n" + root + "\n",    // no origin
      "o\n\n" + root + "\n",    // no size
      "o\n01\n" + root + "\n",  // leading zero
      "o\n-1\n" + root + "\n",  // sign
      "o\n18446744073709551616\n" + root + "\n",
      "o\n18446744073709551615\n" + root + "\n",  // what other readers cannot count to
      "o\n9223372036854775808\n" + root + "\n",
      "o\n0\n" + root.substr(0, 43) + "\n",  // no padding
      "o\n0\n47DEQpj8HBSa\n",                // not 32 bytes
      "o\n0\n" + root + "\n\n",              // an empty extension line
      "o\n0\n" + root + "\r\n",
  };
  for (const std::string& text : refused) {
    const Result<ParsedTreeHead> parsed = parse_tree_head(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kMalformed) << text;
  }
}

class SignedTreeHead : public testing::Test {
 protected:
  crypto::SystemRandom random_;
  crypto::Signer signer_ = crypto::Signer::generate(random_);
  crypto::Verifier verifier_ = crypto::Verifier::make(signer_.public_key()).value();
  TreeHead head_{TreeSize(7), leaf_hash(as_bytes("root"))};
};

TEST_F(SignedTreeHead, VerifiesForItsOriginSizeAndRootOnly) {
  const crypto::Signature signature = sign_tree_head(kOrigin, head_, signer_);
  EXPECT_TRUE(verify_tree_head(kOrigin, head_, signature, verifier_));
  EXPECT_FALSE(verify_tree_head("river-line/journal/x", head_, signature, verifier_));
  EXPECT_FALSE(verify_tree_head(kOrigin, {TreeSize(8), head_.root}, signature, verifier_));
  EXPECT_FALSE(verify_tree_head(kOrigin, {head_.size, empty_root()}, signature, verifier_));
}

// The 64 bytes on the agents' wire are the ones that a published note carries.
TEST_F(SignedTreeHead, IsTheSignatureOfTheNote) {
  const NoteSignature line = sign_note(tree_head_text(kOrigin, head_), kOrigin, signer_);
  EXPECT_EQ(line.signature, to_bytes(sign_tree_head(kOrigin, head_, signer_).bytes));
}

}  // namespace
}  // namespace crossline::merkle
