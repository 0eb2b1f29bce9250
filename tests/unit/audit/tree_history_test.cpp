#include "tree_history.hpp"

#include "crossline/merkle/proof.hpp"
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

TEST(TreeHistory, KnowsEverySubtreeWithOneLeafAtMost) {
  TreeHistory history;
  merkle::MemoryTree tree;
  for (std::uint8_t i = 0; i < 200; ++i) {
    history.append(leaf(i));
    tree.append(leaf(i));
  }
  for (unsigned level = 0; level < 8; ++level) {
    for (std::uint64_t index = 0; index < 200u >> level; ++index) {
      std::size_t asked = 0;
      const auto leaf_at = [&asked](std::uint64_t at) -> Result<merkle::Hash> {
        ++asked;
        return leaf(static_cast<std::uint8_t>(at));
      };
      EXPECT_EQ(history.subtree(level, index, leaf_at).value(), tree.subtree(level, index).value())
          << level << " " << index;
      EXPECT_LE(asked, 1u);
    }
  }
  const auto none = [](std::uint64_t) -> Result<merkle::Hash> { return fail(ErrorCode::kNotFound, "gone"); };
  EXPECT_EQ(history.subtree(3, 1, none).error().code, ErrorCode::kNotFound);
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
