#include "tree_history.hpp"

#include "crossline/base/assert.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace crossline::audit {

void TreeHistory::append(const merkle::Hash& leaf) {
  // Like adding one to a binary number: each one-bit that carries is a perfect subtree that grows.
  merkle::Hash hash = leaf;
  std::uint64_t end = last_.size();
  for (std::uint64_t carry = last_.size(); (carry & 1) != 0; carry >>= 1) {
    hash = merkle::node_hash(last_[end - 1], hash);
    end &= end - 1;
  }
  last_.push_back(hash);
}

merkle::Hash TreeHistory::root_at(std::uint64_t size) const {
  CROSSLINE_ASSERT(size <= last_.size());
  if (size == 0) return merkle::empty_root();
  merkle::Hash root = last_[size - 1];
  for (std::uint64_t end = size & (size - 1); end != 0; end &= end - 1) {
    root = merkle::node_hash(last_[end - 1], root);
  }
  return root;
}

merkle::CompactRange TreeHistory::range_at(std::uint64_t size) const {
  CROSSLINE_ASSERT(size <= last_.size());
  std::vector<merkle::Hash> hashes;
  for (std::uint64_t end = size; end != 0; end &= end - 1) hashes.push_back(last_[end - 1]);
  std::ranges::reverse(hashes);
  auto range = merkle::CompactRange::restore(TreeSize(size), std::move(hashes));
  CROSSLINE_ASSERT(range.has_value());
  return *std::move(range);
}

Result<merkle::Hash> TreeHistory::subtree(unsigned level, std::uint64_t index, const LeafFn& leaf_at) const {
  CROSSLINE_ASSERT(level < 64 && index < last_.size() >> level);
  // A subtree in an even place is the last one of the size at which it ends. In an odd place its left half
  // is.
  if ((index & 1) == 0) return last_[((index + 1) << level) - 1];
  if (level == 0) return leaf_at(index);
  CROSSLINE_TRY(const merkle::Hash right, subtree(level - 1, 2 * index + 1, leaf_at));
  return merkle::node_hash(last_[((2 * index + 1) << (level - 1)) - 1], right);
}

void TreeHistory::shrink(std::uint64_t size) {
  CROSSLINE_ASSERT(size <= last_.size());
  last_.resize(size);
}

}  // namespace crossline::audit
