#include "crossline/merkle/tlog_proof.hpp"

#include "naive_tree.hpp"
#include "signed_heads.hpp"

#include <gtest/gtest.h>

namespace crossline::merkle {
namespace {

class TlogProofTest : public ::testing::Test {
 protected:
  TlogProofTest() {
    for (const Hash& leaf : leaves_) tree_.append(leaf);
    proof_.index = LeafIndex(5);
    proof_.hashes = inclusion_proof(tree_, LeafIndex(5), tree_.size()).value();
    proof_.head = heads_.settled_head({tree_.size(), tree_.root()});
  }
  [[nodiscard]] Result<PolicyFinding> verify(const TlogProof& proof) const {
    return verify_tlog_proof(proof, leaves_[5], policy_);
  }

  SignedHeads heads_;
  Policy policy_ = Policy::parse(heads_.policy_text()).value();
  std::vector<Hash> leaves_ = naive::numbered_leaves(11);
  MemoryTree tree_;
  TlogProof proof_;
};

TEST_F(TlogProofTest, IsTheTextOfTheStandard) {
  proof_.extra = to_bytes(as_bytes("more"));
  const std::string text = proof_.to_string();
  EXPECT_TRUE(text.starts_with("c2sp.org/tlog-proof@v1\nextra bW9yZQ==\nindex 5\n"));
  EXPECT_TRUE(text.ends_with("\n\n" + proof_.head.to_string()));
  const auto parsed = TlogProof::parse(text);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(parsed->to_string(), text);
  EXPECT_TRUE(verify(*parsed).has_value());
}

TEST_F(TlogProofTest, ProvesTheOnlyEntryOfALedgerWithoutAHash) {
  proof_.index = LeafIndex(0);
  proof_.hashes.clear();
  proof_.head = heads_.settled_head({TreeSize(1), leaves_[5]});
  const auto parsed = TlogProof::parse(proof_.to_string());
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_TRUE(verify(*parsed).has_value());
}

TEST_F(TlogProofTest, RefusesAProofTooShortTooLongOrOfAnotherIndex) {
  TlogProof shorter = proof_;
  shorter.hashes.pop_back();
  EXPECT_EQ(verify(shorter).error().code, ErrorCode::kMalformed);
  TlogProof longer = proof_;
  longer.hashes.push_back(leaves_[0]);
  EXPECT_EQ(verify(longer).error().code, ErrorCode::kMalformed);
  for (std::uint64_t index = 0; index < 20; ++index) {
    TlogProof other = proof_;
    other.index = LeafIndex(index);
    EXPECT_EQ(verify(other).has_value(), index == 5) << index;
  }
}

TEST_F(TlogProofTest, RefusesAHeadWithoutTheQuorum) {
  proof_.head.signatures.pop_back();
  EXPECT_EQ(verify(proof_).error().code, ErrorCode::kBadSignature);
}

TEST_F(TlogProofTest, RefusesMoreHashesThanATreeHas) {
  proof_.hashes.assign(65, leaves_[0]);
  EXPECT_EQ(TlogProof::parse(proof_.to_string()).error().code, ErrorCode::kMalformed);
}

TEST_F(TlogProofTest, RefusesLinesInAnotherForm) {
  const std::string rest = "\n" + proof_.head.to_string();
  for (const char* lines :
       {"", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\nindex 5\n",
        "c2sp.org/tlog-proof@v1\nindex 05\n", "c2sp.org/tlog-proof@v1\nindex\n",
        "c2sp.org/tlog-proof@v1\nindex -1\n", "c2sp.org/tlog-proof@v1\nindex 5\nextra bW9yZQ==\n",
        "c2sp.org/tlog-proof@v1\nextra ?\nindex 5\n", "c2sp.org/tlog-proof@v1\nindex 5\nbW9yZQ==\n",
        "c2sp.org/tlog-proof@v1\r\nindex 5\n"})
    EXPECT_FALSE(TlogProof::parse(lines + rest).has_value()) << lines;
}

// Every byte of a receipt counts: all of its three signatures are needed.
TEST_F(TlogProofTest, RefusesEveryTruncationAndFlippedByte) {
  const std::string text = proof_.to_string();
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto parsed = TlogProof::parse(text.substr(0, size));
    EXPECT_FALSE(parsed && verify(*parsed)) << size;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = text;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      const auto parsed = TlogProof::parse(damaged);
      EXPECT_FALSE(parsed && verify(*parsed)) << "byte " << i << " bit " << bit;
    }
  }
}

}  // namespace
}  // namespace crossline::merkle
