// The hashes above a log's entries as somebody shows them, verified against a signed head.
#pragma once

#include "crossline/merkle/tiles.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/mirror/log_source.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crossline::mirror {

// Every complete tile from level 1 on and the partial tile of each level, in memory: 32 bytes for 256
// entries. Complete tiles of level 0 are fetched when they are asked for, and verified then. Not thread-safe.
//
//   level 2                 [r0 r1]            the partial tiles make the root; each hash in a tile is the
//   root level 1        [r0 .. r255] [.. r511] [..]  of the complete tile below it level 0   [leaves of the
//   entries that fill no tile of their own]
class LogTree final : public merkle::TileSource {
 public:
  // Fetches what is not there yet and verifies all of it, from the root down. kCorruptData, naming the tile,
  // when something does not hash to the head; the source's errors. Unchanged on failure, except for tiles
  // that are complete. Afterwards level 0 is fetched from `log`, which must live as long as this is asked.
  Result<void> advance(LogSource& log, const merkle::TreeHead& head);

  [[nodiscard]] TreeSize size() const { return head_.size; }
  // The hash at this place of a level above 0, or among the leaves that fill no tile. Nothing elsewhere.
  [[nodiscard]] std::optional<merkle::Hash> hash_at(unsigned level, std::uint64_t index) const;
  // Of the first `size` leaves; requires size <= size().
  [[nodiscard]] Result<merkle::Hash> root_at(TreeSize size) const;

  // kNotFound for a tile beyond size(); errors of the source, kCorruptData.
  Result<Bytes> hash_tile(const merkle::TileId& id) const override;

  // Gives each tile above level 0, and the partial tile of level 0: what makes the tree again without a
  // server.
  void each_tile(const std::function<void(const merkle::TileId& id, ByteView bytes)>& visit) const;

 private:
  using Place = std::pair<unsigned, std::uint64_t>;  // level and index of a tile
  using Tiles = std::map<Place, std::vector<merkle::Hash>>;

  static Result<Tiles> fetch(LogSource& log, const std::vector<merkle::TileId>& ids);
  [[nodiscard]] static Result<Tiles> fetch_edge(LogSource& log, const merkle::TreeHead& head);
  Result<void> fill_level(LogSource& log, unsigned level, TreeSize size, const Tiles& edge);
  [[nodiscard]] const std::vector<merkle::Hash>* find(const Tiles& edge, unsigned level,
                                                      std::uint64_t index) const;

  LogSource* log_ = nullptr;
  merkle::TreeHead head_{TreeSize(0), merkle::empty_root()};
  Tiles complete_;  // of 256 hashes, from level 1 on
  Tiles edge_;      // partial ones, at most one a level
  mutable std::optional<std::pair<std::uint64_t, std::vector<merkle::Hash>>> leaves_;  // the last of level 0
};

}  // namespace crossline::mirror
