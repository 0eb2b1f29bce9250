// A Merkle tree that remembers the root it had at every size, in one hash a leaf.
#pragma once

#include "crossline/merkle/tree.hpp"

#include <cstdint>
#include <deque>
#include <functional>

namespace crossline::audit {

// The tree of size s is a row of perfect subtrees, one for each one-bit of s. The last of them is kept for
// every s; the ones before it are those of size s - lowbit(s), and so on down to 0:
//
//   size 13 = 8 + 4 + 1:   last(13) covers leaf 12,  last(12) leaves 8-11,  last(8) leaves 0-7
class TreeHistory {
 public:
  void append(const merkle::Hash& leaf);
  [[nodiscard]] std::uint64_t size() const { return last_.size(); }
  [[nodiscard]] merkle::Hash root() const { return root_at(size()); }
  // Requires size <= size(). As many hashes as `size` has one-bits.
  [[nodiscard]] merkle::Hash root_at(std::uint64_t size) const;
  // The tree of the first `size` leaves, to be grown in another way. Requires size <= size().
  [[nodiscard]] merkle::CompactRange range_at(std::uint64_t size) const;
  // Root of the perfect subtree `index` of `level`; requires all its leaves. A leaf in an odd place is part
  // of a larger subtree already and is asked for: its error otherwise.
  using LeafFn = std::function<Result<merkle::Hash>(std::uint64_t index)>;
  [[nodiscard]] Result<merkle::Hash> subtree(unsigned level, std::uint64_t index,
                                             const LeafFn& leaf_at) const;
  // Forgets the leaves from `size` on. Requires size <= size().
  void shrink(std::uint64_t size);

 private:
  std::deque<merkle::Hash> last_;  // of size i + 1
};

}  // namespace crossline::audit
