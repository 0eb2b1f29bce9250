#include "crossline/merkle/tree.hpp"

#include "naive_tree.hpp"

#include <bit>

#include <gtest/gtest.h>

namespace crossline::merkle {
namespace {

TEST(MerkleHash, SeparatesLeavesFromNodes) {
  EXPECT_EQ(empty_root(), crypto::sha256({}));
  EXPECT_EQ(leaf_hash({}), crypto::sha256(Bytes{0x00}));
  const Hash left = leaf_hash(as_bytes("left"));
  const Hash right = leaf_hash(as_bytes("right"));
  Bytes joined = {0x01};
  joined.insert(joined.end(), left.bytes.begin(), left.bytes.end());
  joined.insert(joined.end(), right.bytes.begin(), right.bytes.end());
  EXPECT_EQ(node_hash(left, right), crypto::sha256(joined));
  EXPECT_NE(leaf_hash(ByteView(joined).subspan(1)), node_hash(left, right));
}

TEST(CompactRange, HasTheRootOfTheRecursiveDefinitionAtEverySize) {
  const std::vector<Hash> leaves = naive::numbered_leaves(130);
  CompactRange range;
  for (std::size_t size = 0; size <= leaves.size(); ++size) {
    EXPECT_EQ(range.size(), TreeSize(size));
    EXPECT_EQ(range.root(), naive::root(naive::Leaves(leaves).first(size))) << size;
    EXPECT_EQ(range.hashes().size(), static_cast<std::size_t>(std::popcount(size)));
    if (size < leaves.size()) range.append(leaves[size]);
  }
}

TEST(CompactRange, GoesOnAfterBeingRestored) {
  const std::vector<Hash> leaves = naive::numbered_leaves(40);
  CompactRange whole;
  CompactRange restored;
  for (const Hash& leaf : leaves) {
    restored =
        CompactRange::restore(restored.size(), {restored.hashes().begin(), restored.hashes().end()}).value();
    whole.append(leaf);
    restored.append(leaf);
    ASSERT_EQ(restored, whole);
  }
  EXPECT_EQ(restored.root(), naive::root(leaves));
}

TEST(CompactRange, RefusesAWrongNumberOfHashes) {
  for (const std::size_t count : {0u, 1u, 3u}) {
    const Result<CompactRange> range = CompactRange::restore(TreeSize(6), std::vector<Hash>(count));
    ASSERT_FALSE(range.has_value()) << count;
    EXPECT_EQ(range.error().code, ErrorCode::kCorruptData);
  }
  EXPECT_TRUE(CompactRange::restore(TreeSize(6), std::vector<Hash>(2)).has_value());
  EXPECT_TRUE(CompactRange::restore(TreeSize(0), {}).has_value());
}

}  // namespace
}  // namespace crossline::merkle
