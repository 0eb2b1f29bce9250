// Where the ledger's full tiles of leaf hashes rest between two runs.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/crypto/sha256.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace crossline::server {

struct LeafTile {
  Bytes hashes;       // merkle::kTileWidth hashes of 32 bytes
  crypto::Hash root;  // of the tree of them
};

// Everything in it can be hashed from the ledger again, so a write need not be durable when it returns;
// writes may be lost in a crash, the latest first, each whole. Any thread.
class TileStore {
 public:
  virtual ~TileStore() = default;

  // The roots of all tiles, from the first on, without a gap.
  virtual Result<std::vector<crypto::Hash>> roots() = 0;
  // kNotFound when there is no such tile.
  virtual Result<Bytes> tile(std::uint64_t index) = 0;
  // Adds the tiles `first` and following, in one transaction. Requires `first` to be how many there are.
  virtual Result<void> append(std::uint64_t first, std::span<const LeafTile> tiles) = 0;
  // Forgets everything.
  virtual Result<void> clear() = 0;
};

}  // namespace crossline::server
