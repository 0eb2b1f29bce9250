// Properties of trees larger than the exhaustive tests can visit.
#include "crossline/merkle/proof.hpp"
#include "naive_tree.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace crossline::merkle {
namespace {

constexpr std::uint64_t kMaxLeaves = 3'000;

class MerkleProperties : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    leaves_ = naive::numbered_leaves(kMaxLeaves);
    for (const Hash& leaf : leaves_) tree_.append(leaf);
  }
  static std::uint64_t size_from(std::uint64_t first) { return *rc::gen::inRange(first, kMaxLeaves + 1); }
  static Hash root(std::uint64_t size) { return tree_.root_at(TreeSize(size)); }

  static inline std::vector<Hash> leaves_;
  static inline MemoryTree tree_;
};

TEST_F(MerkleProperties, CompactRangeContinuesFromAnyPrefix) {
  EXPECT_TRUE(rc::check("restore, then append the rest", [] {
    const std::uint64_t size = size_from(0);
    const std::uint64_t stop = *rc::gen::inRange(std::uint64_t{0}, size + 1);
    CompactRange range;
    for (std::uint64_t i = 0; i < stop; ++i) range.append(leaves_[i]);
    range = CompactRange::restore(range.size(), {range.hashes().begin(), range.hashes().end()}).value();
    for (std::uint64_t i = stop; i < size; ++i) range.append(leaves_[i]);
    RC_ASSERT(range.root() == naive::root(naive::Leaves(leaves_).first(size)));
    RC_ASSERT(range.root() == root(size));
  }));
}

TEST_F(MerkleProperties, EveryLeafIsProvenAndNoOtherIs) {
  EXPECT_TRUE(rc::check("inclusion", [] {
    const std::uint64_t size = size_from(1);
    const LeafIndex index(*rc::gen::inRange(std::uint64_t{0}, size));
    const std::vector<Hash> proof = inclusion_proof(tree_, index, TreeSize(size)).value();
    RC_ASSERT(proof == naive::path(index.value(), naive::Leaves(leaves_).first(size)));
    RC_ASSERT(verify_inclusion(index, TreeSize(size), leaves_[index.value()], proof, root(size)).has_value());
    const Hash other = leaves_[*rc::gen::inRange(std::uint64_t{0}, kMaxLeaves)];
    RC_PRE(other != leaves_[index.value()]);
    RC_ASSERT(!verify_inclusion(index, TreeSize(size), other, proof, root(size)).has_value());
  }));
}

TEST_F(MerkleProperties, EveryPrefixIsConsistentAndNoForkIs) {
  EXPECT_TRUE(rc::check("consistency", [] {
    const std::uint64_t to = size_from(1);
    const std::uint64_t from = *rc::gen::inRange(std::uint64_t{1}, to + 1);
    const std::vector<Hash> proof = consistency_proof(tree_, TreeSize(from), TreeSize(to)).value();
    RC_ASSERT(proof == naive::proof(from, naive::Leaves(leaves_).first(to)));
    RC_ASSERT(verify_consistency(TreeSize(from), TreeSize(to), root(from), root(to), proof).has_value());

    // The same history with one leaf of the old part rewritten.
    std::vector<Hash> forked(leaves_.begin(), leaves_.begin() + static_cast<std::ptrdiff_t>(from));
    forked[*rc::gen::inRange(std::uint64_t{0}, from)].bytes[0] ^= 1;
    RC_ASSERT(
        !verify_consistency(TreeSize(from), TreeSize(to), naive::root(forked), root(to), proof).has_value());
  }));
}

TEST_F(MerkleProperties, AProofWithAnyOneBitFlippedIsRejected) {
  EXPECT_TRUE(rc::check("flipped bit", [] {
    const std::uint64_t to = size_from(2);
    const std::uint64_t from = *rc::gen::inRange(std::uint64_t{1}, to);
    std::vector<Hash> proof = consistency_proof(tree_, TreeSize(from), TreeSize(to)).value();
    const auto bit = *rc::gen::inRange<std::size_t>(0, proof.size() * 256);
    proof[bit / 256].bytes[bit % 256 / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    RC_ASSERT(!verify_consistency(TreeSize(from), TreeSize(to), root(from), root(to), proof).has_value());
  }));
}

}  // namespace
}  // namespace crossline::merkle
