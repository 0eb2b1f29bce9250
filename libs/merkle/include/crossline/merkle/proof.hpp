// Inclusion and consistency proofs (RFC 9162 sections 2.1.3 and 2.1.4).
#pragma once

#include "crossline/base/strong.hpp"
#include "crossline/merkle/tree.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace crossline::merkle {

using LeafIndex = Strong<struct LeafIndexTag>;  // position of a leaf in any tree, from 0

// Where proofs read hashes from: the root of the perfect subtree of 2^level leaves starting at leaf
// `index * 2^level`. Only ever asked for complete subtrees within the size the proof is made for.
class HashReader {
 public:
  virtual ~HashReader() = default;
  [[nodiscard]] virtual Result<Hash> subtree(unsigned level, std::uint64_t index) const = 0;
};

// A HashReader over leaf hashes in memory that keeps every complete subtree; for tests, journals and tools.
class MemoryTree final : public HashReader {
 public:
  void append(const Hash& leaf);
  [[nodiscard]] TreeSize size() const;
  [[nodiscard]] Hash root() const;
  // Root of the first `size` leaves; requires size <= size().
  [[nodiscard]] Hash root_at(TreeSize size) const;
  Result<Hash> subtree(unsigned level, std::uint64_t index) const override;

 private:
  std::vector<std::vector<Hash>> levels_;
};

// Root of the first `size` leaves. The reader's error.
Result<Hash> tree_root(const HashReader& reader, TreeSize size);
// Hashes from the leaf's sibling up. kInvalidArgument unless index < size; the reader's error otherwise.
Result<std::vector<Hash>> inclusion_proof(const HashReader& reader, LeafIndex index, TreeSize size);
// kInvalidArgument unless 0 < old_size <= new_size. Empty when the sizes are equal.
Result<std::vector<Hash>> consistency_proof(const HashReader& reader, TreeSize old_size, TreeSize new_size);

// RFC 9162 section 2.1.3.2; the proof must have exactly the right length. The error says what does not fit.
Result<void> verify_inclusion(LeafIndex index, TreeSize size, const Hash& leaf, std::span<const Hash> proof,
                              const Hash& root);
// RFC 9162 section 2.1.4.2. Refuses old_size = 0 (nothing can be proven about it; a witness handles it
// itself).
Result<void> verify_consistency(TreeSize old_size, TreeSize new_size, const Hash& old_root,
                                const Hash& new_root, std::span<const Hash> proof);
// The root that the tree of `new_size` leaves gives to its first `old_size`, as the same proof shows it: what
// is left of a proof that does not lead to the old root that was signed. kInvalidArgument unless 0 < old_size
// < new_size, and for a power of two, whose root no proof holds. kMalformed; kCorruptData when the proof does
// not lead to the new root.
Result<Hash> prefix_root(TreeSize old_size, TreeSize new_size, const Hash& new_root,
                         std::span<const Hash> proof);

}  // namespace crossline::merkle
