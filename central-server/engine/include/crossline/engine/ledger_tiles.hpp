// The ledger as tiles and proofs, made from the ledger's store and nothing else: the sequencer knows nothing
// of it.
#pragma once

#include "crossline/merkle/tiles.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/server/ports.hpp"
#include "crossline/server/tile_store.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace crossline::server {

// In memory: the roots of all full tiles of leaf hashes (64 bytes for 256 entries) and the leaves of the
// last, partial one. A full tile is read from its store. Thread-safe but for advance(); calls block on the
// stores, which outlive it.
class LedgerTiles final : public merkle::HashReader {
 public:
  LedgerTiles(LedgerStore& ledger, TileStore& store) : ledger_(ledger), store_(store) {}

  // Takes what a former run has left in the tile store; whether it fits shows at the first advance().
  Result<void> load();

  // Hashes what the ledger has up to `head`, which becomes the size that tiles are served of. Tiles that do
  // not lead to its root are made again from the ledger, once; kCorruptData when they still do not, or the
  // ledger's store holds fewer entries. One thread at a time.
  Result<void> advance(const merkle::TreeHead& head);

  // Of the last advance() that succeeded.
  [[nodiscard]] TreeSize size() const;

  // kNotFound for a subtree that is not complete.
  Result<merkle::Hash> subtree(unsigned level, std::uint64_t index) const override;

  // The bytes at this path (merkle::tile_path). kNotFound when size() does not fill the width: a full tile is
  // never answered in part, a part of a full tile is what it was when it was partial.
  Result<Bytes> tile(const merkle::TilePath& path) const;

 private:
  using Leaves = std::shared_ptr<const std::vector<merkle::Hash>>;

  Result<void> restart();
  Result<void> hash_up_to(TreeSize size);
  Result<void> append(std::vector<merkle::Hash> leaves);
  // The leaves of tile `index`, full or the last one.
  Result<Leaves> leaves_of(std::uint64_t index) const;

  LedgerStore& ledger_;
  TileStore& store_;
  mutable std::mutex mutex_;        // of what follows
  TreeSize size_{};                 // served
  merkle::MemoryTree full_;         // its leaves are the roots of the full tiles
  std::vector<merkle::Hash> rest_;  // leaves behind the last full tile
  mutable std::uint64_t last_index_ = 0;
  mutable Leaves last_;  // the full tile read last: a proof asks for eight hashes of one
};

}  // namespace crossline::server
