// The worked examples of docs/formats/*.md, computed afresh: a page that shows something else is wrong.
#include "crossline/crypto/commitment.hpp"
#include "crossline/merkle/proof.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "tests/support/vectors.hpp"

#include <numeric>

#include <gtest/gtest.h>

namespace crossline::merkle {
namespace {

std::array<std::uint8_t, 32> counting_from(std::uint8_t first) {
  std::array<std::uint8_t, 32> bytes{};
  std::iota(bytes.begin(), bytes.end(), first);
  return bytes;
}

class FormatExamples : public ::testing::Test {
 protected:
  FormatExamples() {
    for (const std::string_view entry : {"one", "two", "three", "four"})
      tree_.append(leaf_hash(as_bytes(entry)));
  }
  static void expect_shown(std::string_view page, std::string_view text) {
    const std::string content = test::read_file(std::filesystem::path("docs/formats") / page);
    EXPECT_NE(content.find(text), std::string::npos) << page << " does not show\n" << text;
  }
  [[nodiscard]] Hash hash(unsigned level, std::uint64_t index) const {
    return tree_.subtree(level, index).value();
  }
  [[nodiscard]] std::string ledger_head() const {
    return tree_head_text("river-line/ledger", {TreeSize(3), tree_.root_at(TreeSize(3))});
  }

  MemoryTree tree_;
  crypto::Signer ledger_ = crypto::Signer::from_seed(counting_from(0x00)).value();
  crypto::Signer witness_ = crypto::Signer::from_seed(counting_from(0x20)).value();
};

TEST_F(FormatExamples, MerklePageShowsTheTree) {
  for (std::uint64_t leaf = 0; leaf < 4; ++leaf) expect_shown("merkle.md", hash(0, leaf).hex());
  for (std::uint64_t pair = 0; pair < 2; ++pair) expect_shown("merkle.md", hash(1, pair).hex());
  for (const std::uint64_t size : {0u, 3u, 4u})
    expect_shown("merkle.md", tree_.root_at(TreeSize(size)).hex());
}

TEST_F(FormatExamples, MerklePageShowsTheProofs) {
  EXPECT_EQ(inclusion_proof(tree_, LeafIndex(1), TreeSize(3)).value(), (std::vector{hash(0, 0), hash(0, 2)}));
  EXPECT_EQ(consistency_proof(tree_, TreeSize(3), TreeSize(4)).value(),
            (std::vector{hash(0, 2), hash(0, 3), hash(1, 0)}));
}

TEST_F(FormatExamples, NotesPageShowsKeysAndNote) {
  const auto ledger = NoteVerifierKey::make("river-line/ledger", NoteKeyType::kEd25519, ledger_.public_key());
  const auto witness = NoteVerifierKey::make("witness-a", NoteKeyType::kCosignatureV1, witness_.public_key());
  expect_shown("notes.md", ledger.to_string());
  expect_shown("notes.md", witness.to_string());
  constexpr std::uint64_t kTime = 1'790'841'600;  // 2026-10-01T08:00:00Z
  const SignedNote note{.text = ledger_head(),
                        .signatures = {sign_note(ledger_head(), ledger.name, ledger_),
                                       cosign_note(ledger_head(), witness.name, witness_, kTime)}};
  expect_shown("notes.md", note.to_string());
}

TEST_F(FormatExamples, TreeHeadPageShowsTheHeads) {
  expect_shown("tree-head.md", tree_head_text("river-line/ledger", {TreeSize(0), empty_root()}));
  expect_shown("tree-head.md", ledger_head());
  const std::string signature = to_hex(ledger_.sign(as_bytes(ledger_head())).bytes);
  expect_shown("tree-head.md", signature.substr(0, 64) + "\n" + signature.substr(64));
}

TEST_F(FormatExamples, IdentityPageShowsSubjectAndCommitment) {
  expect_shown("identity.md", crypto::pseudonym(counting_from(0), "XAA|P|A1234567").hex());
  expect_shown("identity.md", crypto::commit(counting_from(0), as_bytes("hello")).hex());
}

}  // namespace
}  // namespace crossline::merkle
