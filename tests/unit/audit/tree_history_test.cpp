#include "tree_history.hpp"

#include "crossline/merkle/tree.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace crossline::audit {
namespace {

merkle::Hash leaf(std::uint8_t number) {
  return merkle::leaf_hash(ByteView(&number, 1));
}

TEST(TreeHistory, KnowsTheRootOfEverySizeItHad) {
  TreeHistory history;
  merkle::CompactRange range;
  std::vector<merkle::Hash> roots{range.root()};
  for (std::uint8_t i = 0; i < 200; ++i) {
    history.append(leaf(i));
    range.append(leaf(i));
    roots.push_back(range.root());
  }
  for (std::size_t size = 0; size < roots.size(); ++size)
    EXPECT_EQ(history.root_at(size), roots[size]) << size;
  EXPECT_EQ(history.root(), roots.back());
}

TEST(TreeHistory, GrowsInAnotherWayFromAnySize) {
  TreeHistory history;
  for (std::uint8_t i = 0; i < 37; ++i) history.append(leaf(i));
  for (std::uint64_t size = 0; size <= 37; ++size) {
    merkle::CompactRange other = history.range_at(size);
    EXPECT_EQ(other.root(), history.root_at(size));
    other.append(leaf(99));
    TreeHistory again;
    for (std::uint8_t i = 0; i < size; ++i) again.append(leaf(i));
    again.append(leaf(99));
    EXPECT_EQ(other.root(), again.root()) << size;
  }
}

TEST(TreeHistory, ForgetsTheLastLeaves) {
  TreeHistory history;
  for (std::uint8_t i = 0; i < 20; ++i) history.append(leaf(i));
  const merkle::Hash root = history.root_at(11);
  history.shrink(11);
  EXPECT_EQ(history.root(), root);
  history.append(leaf(11));
  EXPECT_EQ(history.size(), 12u);
}

}  // namespace
}  // namespace crossline::audit
