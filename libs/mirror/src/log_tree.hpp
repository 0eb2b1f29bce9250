// The hashes above a log's entries as somebody shows them, verified against a signed head.
#pragma once

#include "crossline/merkle/tiles.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/mirror/log_source.hpp"
#include "folder_log.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crossline::mirror {

// The partial tile of each level, and of each level the complete tile that was asked for last: at most 16
// tiles in memory, whatever size the head claims. A complete tile is read when it is needed, from the folder
// if what lies there is right, otherwise from the log, and verified by the hash above it. Not thread-safe.
//
//   level 2   root  [r0 r1]                  the partial tiles make the root; each hash in a tile is the
//   level 1         [r0 .. r255] [.. r511]   root of the complete tile below it
//   level 0         [leaves of the entries that fill no tile of their own]
class LogTree final : public merkle::TileSource {
 public:
  // Borrows the folder that complete tiles are looked for in.
  explicit LogTree(FolderLog& folder) : folder_(&folder) {}

  // Fetches the partial tiles from `log`, from the folder when it is null, and verifies that they make the
  // head's root. kCorruptData when they do not; the source's errors. Unchanged on failure. Afterwards
  // complete tiles that the folder lacks are asked of `log`, which must live as long.
  Result<void> advance(LogSource* log, const merkle::TreeHead& head);
  // Of whom they are asked from now on; null: of nobody.
  void ask(LogSource* log) { log_ = log; }
  // From now on the folder keeps what is asked of a log: this tree is that of the head that it holds.
  void keep();

  [[nodiscard]] TreeSize size() const { return head_.size; }
  // The hash at this place of a level. kNotFound beyond size(), or when nobody has the tile; kCorruptData,
  // naming the tile, when the log's does not hash to the head; the errors of the source, and of the folder
  // that is to keep it.
  [[nodiscard]] Result<merkle::Hash> hash_at(unsigned level, std::uint64_t index) const;
  // Of the first `size` leaves; requires size <= size(). Errors of hash_at.
  [[nodiscard]] Result<merkle::Hash> root_at(TreeSize size) const;

  // kNotFound for a tile beyond size(); errors of hash_at.
  Result<Bytes> hash_tile(const merkle::TileId& id) const override;

  // Gives the partial tile of each level: what verifies the head again without a server.
  void each_partial_tile(const std::function<void(const merkle::TileId& id, ByteView bytes)>& visit) const;

 private:
  using Hashes = std::vector<merkle::Hash>;
  using Edge = std::map<std::pair<unsigned, std::uint64_t>, Hashes>;  // by level and index of the tile

  static Result<Edge> fetch_edge(LogSource& log, const merkle::TreeHead& head);
  [[nodiscard]] Result<const Hashes*> tile(unsigned level, std::uint64_t index) const;
  [[nodiscard]] Result<Hashes> fetch_complete(const merkle::TileId& id, const merkle::Hash& above) const;

  FolderLog* folder_;
  LogSource* log_ = nullptr;
  bool keeps_ = false;
  merkle::TreeHead head_{TreeSize(0), merkle::empty_root()};
  Edge edge_;  // at most one tile a level
  mutable std::array<std::optional<std::pair<std::uint64_t, Hashes>>, merkle::kTileLevels> complete_;
};

}  // namespace crossline::mirror
