// A TileStore in memory that checks what it is given.
#pragma once

#include "crossline/base/assert.hpp"
#include "crossline/merkle/tiles.hpp"
#include "crossline/server/tile_store.hpp"

#include <vector>

namespace crossline::testing {

class MemoryTileStore final : public server::TileStore {
 public:
  std::vector<server::LeafTile> tiles;
  std::size_t cleared = 0;

  Result<std::vector<crypto::Hash>> roots() override {
    std::vector<crypto::Hash> roots;
    for (const server::LeafTile& tile : tiles) roots.push_back(tile.root);
    return roots;
  }
  Result<Bytes> tile(std::uint64_t index) override {
    if (index >= tiles.size()) return fail(ErrorCode::kNotFound, "there is no full tile {}", index);
    return tiles[index].hashes;
  }
  Result<void> append(std::uint64_t first, std::span<const server::LeafTile> added) override {
    CROSSLINE_ASSERT(first == tiles.size());
    for (const server::LeafTile& tile : added) {
      CROSSLINE_ASSERT(tile.hashes.size() == 32 * merkle::kTileWidth);
      tiles.push_back(tile);
    }
    return {};
  }
  Result<void> clear() override {
    ++cleared;
    tiles.clear();
    return {};
  }
};

}  // namespace crossline::testing
