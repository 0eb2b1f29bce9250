#include "crossline/merkle/proof.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/limits.hpp"

#include <algorithm>
#include <bit>

namespace crossline::merkle {
namespace {

// Where RFC 6962 divides a tree: the largest power of two smaller than `count`. Requires count > 1.
std::uint64_t left_count(std::uint64_t count) {
  return std::bit_floor(count - 1);
}

// Root of the leaves [begin, end); `begin` lies where the RFC's division can put it, so that every part is a
// complete subtree or the ragged right edge.
Result<Hash> range_root(const HashReader& reader, std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t count = end - begin;
  if (std::has_single_bit(count)) {
    const auto level = static_cast<unsigned>(std::countr_zero(count));
    return reader.subtree(level, begin >> level);
  }
  const std::uint64_t middle = begin + left_count(count);
  CROSSLINE_TRY(const Hash left, range_root(reader, begin, middle));
  CROSSLINE_TRY(const Hash right, range_root(reader, middle, end));
  return node_hash(left, right);
}

// The way down from the root to a subtree: the range reached, and the root of the half not taken at each
// step.
struct Descent {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::vector<Hash> siblings;  // top first

  // Into the half that holds `leaf`. Requires more than one leaf in the range.
  Result<void> step_towards(std::uint64_t leaf, const HashReader& reader) {
    const std::uint64_t middle = begin + left_count(end - begin);
    const bool left = leaf < middle;
    CROSSLINE_TRY(const Hash sibling,
                  left ? range_root(reader, middle, end) : range_root(reader, begin, middle));
    siblings.push_back(sibling);
    (left ? end : begin) = middle;
    return {};
  }
};

// What a consistency proof leads to. Requires 0 < old_size < new_size; the old root counts only when the old
// tree is perfect: then it is the first hash, and the proof leaves it out.
struct ConsistentRoots {
  Hash old_root;
  Hash new_root;
};
Result<ConsistentRoots> consistent_roots(TreeSize old_size, TreeSize new_size, const Hash& old_root,
                                         std::span<const Hash> proof) {
  if (proof.empty()) return fail(ErrorCode::kMalformed, "consistency proof is empty");

  std::uint64_t fn = old_size.value() - 1;
  std::uint64_t sn = new_size.value() - 1;
  while ((fn & 1) != 0) fn >>= 1, sn >>= 1;
  const bool starts_at_old_root = std::has_single_bit(old_size.value());
  Hash old_hash = starts_at_old_root ? old_root : proof.front();
  Hash new_hash = old_hash;
  for (const Hash& sibling : proof.subspan(starts_at_old_root ? 0 : 1)) {
    if (sn == 0)
      return fail(ErrorCode::kMalformed, "consistency proof of {} hashes is too long", proof.size());
    if ((fn & 1) != 0 || fn == sn) {
      old_hash = node_hash(sibling, old_hash);
      new_hash = node_hash(sibling, new_hash);
      while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      new_hash = node_hash(new_hash, sibling);
    }
    fn >>= 1, sn >>= 1;
  }
  if (sn != 0)
    return fail(ErrorCode::kMalformed, "consistency proof of {} hashes is too short", proof.size());
  return ConsistentRoots{old_hash, new_hash};
}

}  // namespace

void MemoryTree::append(const Hash& leaf) {
  Hash hash = leaf;
  for (std::size_t level = 0;; ++level) {
    if (levels_.size() == level) levels_.emplace_back();
    levels_[level].push_back(hash);
    const std::size_t count = levels_[level].size();
    if (count % 2 != 0) return;
    hash = node_hash(levels_[level][count - 2], levels_[level][count - 1]);
  }
}

TreeSize MemoryTree::size() const {
  return TreeSize(levels_.empty() ? 0 : levels_.front().size());
}

Hash MemoryTree::root() const {
  return root_at(size());
}

Hash MemoryTree::root_at(TreeSize size) const {
  CROSSLINE_ASSERT(size <= this->size());
  return tree_root(*this, size).value();
}

Result<Hash> MemoryTree::subtree(unsigned level, std::uint64_t index) const {
  if (level >= levels_.size() || index >= levels_[level].size()) {
    return fail(ErrorCode::kNotFound, "no complete subtree {} of level {} in a tree of {} leaves", index,
                level, size().value());
  }
  return levels_[level][index];
}

Result<Hash> tree_root(const HashReader& reader, TreeSize size) {
  if (size.value() == 0) return empty_root();
  return range_root(reader, 0, size.value());
}

Result<std::vector<Hash>> inclusion_proof(const HashReader& reader, LeafIndex index, TreeSize size) {
  if (index.value() >= size.value()) {
    return fail(ErrorCode::kInvalidArgument, "leaf {} is not in a tree of {} leaves", index.value(),
                size.value());
  }
  Descent descent{.begin = 0, .end = size.value(), .siblings = {}};
  while (descent.end - descent.begin > 1) CROSSLINE_CHECK_OK(descent.step_towards(index.value(), reader));
  std::ranges::reverse(descent.siblings);
  return std::move(descent.siblings);
}

Result<std::vector<Hash>> consistency_proof(const HashReader& reader, TreeSize old_size, TreeSize new_size) {
  if (old_size.value() == 0 || old_size > new_size) {
    return fail(ErrorCode::kInvalidArgument, "no consistency proof from {} to {} leaves", old_size.value(),
                new_size.value());
  }
  // RFC 9162 section 2.1.4.1: down to the subtree that ends where the old tree ended.
  Descent descent{.begin = 0, .end = new_size.value(), .siblings = {}};
  while (descent.end > old_size.value())
    CROSSLINE_CHECK_OK(descent.step_towards(old_size.value() - 1, reader));
  // Its root is left out when it is the whole old tree, which the verifier knows.
  if (descent.begin != 0) {
    CROSSLINE_TRY(const Hash last, range_root(reader, descent.begin, descent.end));
    descent.siblings.push_back(last);
  }
  std::ranges::reverse(descent.siblings);
  return std::move(descent.siblings);
}

Result<void> verify_inclusion(LeafIndex index, TreeSize size, const Hash& leaf, std::span<const Hash> proof,
                              const Hash& root) {
  if (index.value() >= size.value()) {
    return fail(ErrorCode::kInvalidArgument, "leaf {} is not in a tree of {} leaves", index.value(),
                size.value());
  }
  // The RFC's names: fn and sn are the positions of the node and of the last node on its level.
  std::uint64_t fn = index.value();
  std::uint64_t sn = size.value() - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (sn == 0) return fail(ErrorCode::kMalformed, "inclusion proof of {} hashes is too long", proof.size());
    if ((fn & 1) != 0 || fn == sn) {
      hash = node_hash(sibling, hash);
      while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      hash = node_hash(hash, sibling);
    }
    fn >>= 1, sn >>= 1;
  }
  if (sn != 0) return fail(ErrorCode::kMalformed, "inclusion proof of {} hashes is too short", proof.size());
  if (hash != root)
    return fail(ErrorCode::kCorruptData, "leaf {} is not in the tree with this root", index.value());
  return {};
}

Result<void> verify_consistency(TreeSize old_size, TreeSize new_size, const Hash& old_root,
                                const Hash& new_root, std::span<const Hash> proof) {
  if (old_size.value() == 0 || old_size > new_size) {
    return fail(ErrorCode::kInvalidArgument, "a tree of {} leaves is no beginning of one of {}",
                old_size.value(), new_size.value());
  }
  if (old_size == new_size) {
    if (!proof.empty())
      return fail(ErrorCode::kMalformed, "consistency proof between equal sizes is not empty");
    if (old_root != new_root)
      return fail(ErrorCode::kCorruptData, "two roots of one size {}", old_size.value());
    return {};
  }
  CROSSLINE_TRY(const ConsistentRoots roots, consistent_roots(old_size, new_size, old_root, proof));
  if (roots.old_root != old_root)
    return fail(ErrorCode::kCorruptData, "the proof does not lead to the old root");
  if (roots.new_root != new_root)
    return fail(ErrorCode::kCorruptData, "the proof does not lead to the new root");
  return {};
}

Result<Hash> prefix_root(TreeSize old_size, TreeSize new_size, const Hash& new_root,
                         std::span<const Hash> proof) {
  if (old_size.value() == 0 || old_size >= new_size || std::has_single_bit(old_size.value()))
    return fail(ErrorCode::kInvalidArgument, "no proof holds the root of the first {} of {} leaves",
                old_size.value(), new_size.value());
  CROSSLINE_TRY(const ConsistentRoots roots, consistent_roots(old_size, new_size, {}, proof));
  if (roots.new_root != new_root)
    return fail(ErrorCode::kCorruptData, "the proof does not lead to the new root");
  return roots.old_root;
}

}  // namespace crossline::merkle
