// The ledger cut into tiles (C2SP tlog-tiles v0.1.0): paths, hash tiles, entry bundles, and a HashReader over
// tiles. Where tiles are kept or fetched from is the caller's business (TileSource).
#pragma once

#include "crossline/merkle/proof.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::merkle {

inline constexpr unsigned kTileHeight = 8;   // levels of the tree in one tile
inline constexpr unsigned kTileWidth = 256;  // hashes, or entries, of a full tile
inline constexpr unsigned kTileLevels = 8;   // tile levels that a tree of at most 2^63 leaves can have

// Tile `index` of tile level `level`; `width` of its hashes are there: 1 to kTileWidth.
struct TileId {
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = kTileWidth;
  friend bool operator==(const TileId&, const TileId&) = default;
};

enum class TileKind : std::uint8_t { kHashes, kEntries };  // entries lie at level 0 only

struct TilePath {
  TileKind kind = TileKind::kHashes;
  TileId id;
  friend bool operator==(const TilePath&, const TilePath&) = default;
};

// "tile/<L>/<N>[.p/<W>]" or "tile/entries/<N>[.p/<W>]", without a leading slash: index 1234067 is written
// x001/x234/067. Requires level < kTileLevels, 0 < width <= kTileWidth, and level 0 for entries.
[[nodiscard]] std::string tile_path(const TilePath& path);
// Reads only what tile_path writes; kMalformed for anything else: width 0 or 256, superfluous groups, signs.
Result<TilePath> parse_tile_path(std::string_view path);

// How many hashes tile `index` of `level` has in a tree of `size` leaves: 0 (no such tile) to kTileWidth.
[[nodiscard]] unsigned tile_width(unsigned level, std::uint64_t index, TreeSize size);

// The root of 2^n neighbours, for example of the hashes of a full tile. Requires a power of two of them.
[[nodiscard]] Hash perfect_root(std::vector<Hash> hashes);

// The bytes of a hash tile, 32 a hash, read through `reader`. kInvalidArgument unless the level is below
// kTileLevels, 0 < width <= kTileWidth and the index fits a tree; the reader's error otherwise.
Result<Bytes> tile_bytes(const HashReader& reader, const TileId& id);
// kMalformed unless there are exactly 32 * width bytes.
Result<std::vector<Hash>> parse_tile(ByteView bytes, unsigned width);

// (u16 big-endian length || entry)*. kInvalidArgument on more than kTileWidth entries or one larger than
// limits::kMaxLedgerEntryBytes.
Result<Bytes> entry_bundle(std::span<const ByteView> entries);
// The entries, as views into `bundle`. kMalformed unless there are exactly `width`, and nothing behind them.
Result<std::vector<ByteView>> parse_entry_bundle(ByteView bundle, unsigned width);

// Where tiles come from: a store, a mirror, a server. Returns the bytes of exactly this tile.
class TileSource {
 public:
  virtual ~TileSource() = default;
  [[nodiscard]] virtual Result<Bytes> hash_tile(const TileId& id) const = 0;
};

// Subtree roots of a tree of `size` leaves, read from tiles. Believes its source: what it returns is checked
// only by verifying the proof made from it. Does not own `source`, which must live as long.
class TileHashReader final : public HashReader {
 public:
  TileHashReader(const TileSource& source, TreeSize size) : source_(source), size_(size) {}
  // kNotFound for a subtree that is not complete at this size; the source's error; kMalformed for a tile of
  // another length than asked for.
  Result<Hash> subtree(unsigned level, std::uint64_t index) const override;

 private:
  const TileSource& source_;
  TreeSize size_;
};

}  // namespace crossline::merkle
