// The Merkle tree of RFC 6962 section 2.1 (= RFC 9162 section 2.1.1): journal and ledger alike.
#pragma once

#include "crossline/base/strong.hpp"
#include "crossline/crypto/sha256.hpp"

#include <span>
#include <vector>

namespace crossline::merkle {

using crypto::Hash;

[[nodiscard]] Hash empty_root();                                    // SHA-256("")
[[nodiscard]] Hash leaf_hash(ByteView entry);                       // SHA-256(0x00 || entry)
[[nodiscard]] Hash node_hash(const Hash& left, const Hash& right);  // SHA-256(0x01 || left || right)

// The roots of the perfect subtrees that make up a tree, largest (leftmost) first: all that a writer has
// to keep in order to append. At most 64 hashes. A value type; not thread-safe.
class CompactRange {
 public:
  CompactRange() = default;
  // Restores a range from its size and hashes(); kCorruptData unless there is one hash per one-bit of `size`.
  static Result<CompactRange> restore(TreeSize size, std::vector<Hash> hashes);

  void append(const Hash& leaf);
  [[nodiscard]] TreeSize size() const { return size_; }
  // Root of the tree so far; O(log n) hashes.
  [[nodiscard]] Hash root() const;
  [[nodiscard]] std::span<const Hash> hashes() const { return hashes_; }

  friend bool operator==(const CompactRange&, const CompactRange&) = default;

 private:
  TreeSize size_{};
  std::vector<Hash> hashes_;
};

}  // namespace crossline::merkle
