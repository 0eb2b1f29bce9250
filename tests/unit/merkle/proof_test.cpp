#include "crossline/merkle/proof.hpp"

#include "naive_tree.hpp"

#include <bit>

#include <gtest/gtest.h>

namespace crossline::merkle {
namespace {

constexpr std::size_t kSizes = 130;  // past two full levels of 64

class MerkleProof : public testing::Test {
 protected:
  MerkleProof() : leaves_(naive::numbered_leaves(kSizes)) {
    for (const Hash& leaf : leaves_) tree_.append(leaf);
  }
  [[nodiscard]] naive::Leaves first(std::size_t size) const { return naive::Leaves(leaves_).first(size); }
  [[nodiscard]] Hash root(std::size_t size) const { return tree_.root_at(TreeSize(size)); }
  [[nodiscard]] std::vector<Hash> inclusion(std::size_t index, std::size_t size) const {
    return inclusion_proof(tree_, LeafIndex(index), TreeSize(size)).value();
  }
  [[nodiscard]] std::vector<Hash> consistency(std::size_t from, std::size_t to) const {
    return consistency_proof(tree_, TreeSize(from), TreeSize(to)).value();
  }

  std::vector<Hash> leaves_;
  MemoryTree tree_;
};

TEST_F(MerkleProof, InclusionIsThePathOfTheRecursiveDefinition) {
  for (std::size_t size = 1; size <= kSizes; ++size) {
    for (std::size_t index = 0; index < size; ++index) {
      const std::vector<Hash> proof = inclusion(index, size);
      ASSERT_EQ(proof, naive::path(index, first(size))) << index << " of " << size;
      const Result<void> verified =
          verify_inclusion(LeafIndex(index), TreeSize(size), leaves_[index], proof, root(size));
      ASSERT_TRUE(verified.has_value()) << verified.error().message;
    }
  }
}

TEST_F(MerkleProof, ConsistencyIsTheProofOfTheRecursiveDefinition) {
  for (std::size_t to = 1; to <= kSizes; ++to) {
    for (std::size_t from = 1; from <= to; ++from) {
      const std::vector<Hash> proof = consistency(from, to);
      ASSERT_EQ(proof, naive::proof(from, first(to))) << from << " to " << to;
      const Result<void> verified =
          verify_consistency(TreeSize(from), TreeSize(to), root(from), root(to), proof);
      ASSERT_TRUE(verified.has_value()) << from << " to " << to << ": " << verified.error().message;
    }
  }
}

TEST_F(MerkleProof, RootsOfMemoryTreeAreThoseOfTheRecursiveDefinition) {
  for (std::size_t size = 0; size <= kSizes; ++size) EXPECT_EQ(root(size), naive::root(first(size)));
  EXPECT_EQ(tree_.root(), root(kSizes));
  EXPECT_EQ(MemoryTree().root(), empty_root());
}

TEST_F(MerkleProof, InclusionHoldsForNoOtherIndexSizeLeafOrRoot) {
  for (std::size_t size = 1; size <= 20; ++size) {
    for (std::size_t index = 0; index < size; ++index) {
      const std::vector<Hash> proof = inclusion(index, size);
      for (std::size_t other = 0; other <= size; ++other) {
        if (other == index) continue;
        EXPECT_FALSE(verify_inclusion(LeafIndex(other), TreeSize(size), leaves_[index], proof, root(size)));
        EXPECT_FALSE(verify_inclusion(LeafIndex(index), TreeSize(size), leaves_[other], proof, root(size)));
      }
      EXPECT_FALSE(verify_inclusion(LeafIndex(index), TreeSize(size), leaves_[index], proof, root(size + 1)));
    }
  }
}

TEST_F(MerkleProof, InclusionRejectsEveryChangedMissingAndExtraHash) {
  const std::size_t size = 11;
  for (std::size_t index = 0; index < size; ++index) {
    const std::vector<Hash> good = inclusion(index, size);
    const auto accepts = [&](const std::vector<Hash>& proof) {
      return verify_inclusion(LeafIndex(index), TreeSize(size), leaves_[index], proof, root(size))
          .has_value();
    };
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (std::size_t bit = 0; bit < 256; ++bit) {
        std::vector<Hash> bad = good;
        bad[i].bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
        ASSERT_FALSE(accepts(bad)) << index << ", hash " << i << ", bit " << bit;
      }
      std::vector<Hash> shorter = good;
      shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_FALSE(accepts(shorter));
    }
    for (std::size_t i = 0; i <= good.size(); ++i) {
      std::vector<Hash> longer = good;
      longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), leaves_[0]);
      EXPECT_FALSE(accepts(longer));
    }
  }
}

TEST_F(MerkleProof, ConsistencyHoldsForNoOtherSizesAndRoots) {
  for (std::size_t to = 2; to <= 20; ++to) {
    for (std::size_t from = 1; from < to; ++from) {
      const std::vector<Hash> proof = consistency(from, to);
      EXPECT_FALSE(verify_consistency(TreeSize(from), TreeSize(to), root(from + 1), root(to), proof));
      EXPECT_FALSE(verify_consistency(TreeSize(from), TreeSize(to), root(from), root(to + 1), proof));
      EXPECT_FALSE(verify_consistency(TreeSize(from), TreeSize(to), root(to), root(from), proof));
      EXPECT_FALSE(verify_consistency(TreeSize(to), TreeSize(from), root(to), root(from), proof));
      for (std::size_t other = 1; other <= to; ++other) {
        if (other == from) continue;
        EXPECT_FALSE(verify_consistency(TreeSize(other), TreeSize(to), root(from), root(to), proof));
      }
    }
  }
}

TEST_F(MerkleProof, ConsistencyRejectsEveryChangedMissingAndExtraHash) {
  const std::size_t to = 13;
  for (std::size_t from = 1; from < to; ++from) {
    const std::vector<Hash> good = consistency(from, to);
    const auto accepts = [&](const std::vector<Hash>& proof) {
      return verify_consistency(TreeSize(from), TreeSize(to), root(from), root(to), proof).has_value();
    };
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::vector<Hash> bad = good;
      bad[i].bytes[7] ^= 0x10;
      EXPECT_FALSE(accepts(bad)) << from << ", hash " << i;
      std::vector<Hash> shorter = good;
      shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_FALSE(accepts(shorter)) << from << ", without hash " << i;
    }
    for (std::size_t i = 0; i <= good.size(); ++i) {
      std::vector<Hash> longer = good;
      longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), root(from));
      EXPECT_FALSE(accepts(longer)) << from << ", extra hash at " << i;
    }
  }
}

TEST_F(MerkleProof, AConsistencyProofHoldsTheOldRootUnlessTheOldTreeIsPerfect) {
  for (std::size_t to = 2; to <= 70; ++to) {
    for (std::size_t from = 1; from < to; ++from) {
      const auto held = prefix_root(TreeSize(from), TreeSize(to), root(to), consistency(from, to));
      if (std::has_single_bit(from)) {
        EXPECT_EQ(held.error().code, ErrorCode::kInvalidArgument) << from << " of " << to;
        continue;
      }
      ASSERT_TRUE(held) << from << " of " << to << ": " << held.error().message;
      EXPECT_EQ(*held, root(from));
      EXPECT_EQ(prefix_root(TreeSize(from), TreeSize(to), root(from), consistency(from, to)).error().code,
                ErrorCode::kCorruptData);
      EXPECT_EQ(prefix_root(TreeSize(from), TreeSize(to), root(to), {}).error().code, ErrorCode::kMalformed);
    }
  }
  EXPECT_EQ(prefix_root(TreeSize(0), TreeSize(9), root(9), {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(prefix_root(TreeSize(9), TreeSize(9), root(9), {}).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(MerkleProof, RefusesPositionsOutsideTheTree) {
  EXPECT_EQ(inclusion_proof(tree_, LeafIndex(5), TreeSize(5)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(inclusion_proof(tree_, LeafIndex(0), TreeSize(0)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(consistency_proof(tree_, TreeSize(0), TreeSize(5)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(consistency_proof(tree_, TreeSize(6), TreeSize(5)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(verify_inclusion(LeafIndex(5), TreeSize(5), leaves_[5], {}, root(5)).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(verify_consistency(TreeSize(0), TreeSize(5), empty_root(), root(5), {}).error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(MerkleProof, PassesOnWhatTheReaderCannotRead) {
  const std::size_t beyond = kSizes * 4;
  EXPECT_EQ(inclusion_proof(tree_, LeafIndex(0), TreeSize(beyond)).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(consistency_proof(tree_, TreeSize(1), TreeSize(beyond)).error().code, ErrorCode::kNotFound);
}

// Sizes near 2^64 must neither overflow nor loop.
TEST_F(MerkleProof, EndsOnTheLargestSizes) {
  constexpr std::uint64_t kMax = ~std::uint64_t{0};
  const std::vector<Hash> proof(64, leaves_[0]);
  EXPECT_FALSE(verify_inclusion(LeafIndex(kMax - 1), TreeSize(kMax), leaves_[0], proof, leaves_[1]));
  EXPECT_FALSE(verify_inclusion(LeafIndex(0), TreeSize(kMax), leaves_[0], proof, leaves_[1]));
  EXPECT_FALSE(verify_consistency(TreeSize(kMax - 1), TreeSize(kMax), leaves_[0], leaves_[1], proof));
  EXPECT_FALSE(inclusion_proof(tree_, LeafIndex(kMax - 1), TreeSize(kMax)).has_value());
  EXPECT_FALSE(consistency_proof(tree_, TreeSize(1), TreeSize(kMax)).has_value());
}

}  // namespace
}  // namespace crossline::merkle
