#include "crossline/merkle/tiles.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace crossline::merkle {
namespace {

constexpr std::size_t kHashBytes = sizeof(Hash::bytes);
constexpr std::uint64_t kGroup = 1'000;     // an index is written in groups of three digits
constexpr std::size_t kMaxIndexGroups = 7;  // of 2^64

std::string index_path(std::uint64_t index) {
  std::string path = fmt::format("{:03}", index % kGroup);
  for (index /= kGroup; index != 0; index /= kGroup) path = fmt::format("x{:03}/{}", index % kGroup, path);
  return path;
}

bool is_three_digits(std::string_view text) {
  return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "x001/x234/067"; exactly one spelling for each index.
Result<std::uint64_t> parse_index(std::string_view text) {
  const std::vector<std::string_view> groups = split(text, '/');
  if (groups.size() > kMaxIndexGroups)
    return fail(ErrorCode::kMalformed, "a tile index of {} groups", groups.size());
  std::uint64_t index = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::string_view group = groups[i];
    if (i + 1 < groups.size()) {
      if (!group.starts_with('x'))
        return fail(ErrorCode::kMalformed, "a leading group of a tile index without its x");
      group.remove_prefix(1);
    }
    if (!is_three_digits(group))
      return fail(ErrorCode::kMalformed, "a group of a tile index is three digits");
    const auto value =
        static_cast<std::uint64_t>((group[0] - '0') * 100 + (group[1] - '0') * 10 + group[2] - '0');
    if (i == 0 && groups.size() > 1 && value == 0)
      return fail(ErrorCode::kMalformed, "a tile index with a superfluous group");
    if (index > (std::numeric_limits<std::uint64_t>::max() - value) / kGroup)
      return fail(ErrorCode::kMalformed, "a tile index that does not fit 64 bits");
    index = index * kGroup + value;
  }
  return index;
}

Result<unsigned> parse_partial_width(std::string_view text) {
  const std::optional<std::uint64_t> width = parse_u64(text);
  if (!width || *width == 0 || *width >= kTileWidth)
    return fail(ErrorCode::kMalformed, "the width of a partial tile is 1 to {}", kTileWidth - 1);
  return static_cast<unsigned>(*width);
}

}  // namespace

// Halving in place.
Hash perfect_root(std::vector<Hash> hashes) {
  CROSSLINE_ASSERT(std::has_single_bit(hashes.size()));
  while (hashes.size() > 1) {
    for (std::size_t i = 0; i < hashes.size() / 2; ++i)
      hashes[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
    hashes.resize(hashes.size() / 2);
  }
  return hashes.front();
}

std::string tile_path(const TilePath& path) {
  const TileId& id = path.id;
  CROSSLINE_ASSERT(id.level < kTileLevels && id.width > 0 && id.width <= kTileWidth);
  CROSSLINE_ASSERT(path.kind == TileKind::kHashes || id.level == 0);
  const std::string level = path.kind == TileKind::kEntries ? "entries" : fmt::format("{}", id.level);
  const std::string partial = id.width == kTileWidth ? "" : fmt::format(".p/{}", id.width);
  return fmt::format("tile/{}/{}{}", level, index_path(id.index), partial);
}

Result<TilePath> parse_tile_path(std::string_view path) {
  constexpr std::string_view kPrefix = "tile/";
  if (!path.starts_with(kPrefix)) return fail(ErrorCode::kMalformed, "a tile's path starts with tile/");
  path.remove_prefix(kPrefix.size());
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return fail(ErrorCode::kMalformed, "a tile's path without an index");
  TilePath parsed;
  if (const std::string_view level = path.substr(0, slash); level == "entries") {
    parsed.kind = TileKind::kEntries;
  } else {
    const std::optional<std::uint64_t> number = parse_u64(level);
    if (!number || *number >= kTileLevels)
      return fail(ErrorCode::kMalformed, "the level of a tile is 0 to {}, or entries", kTileLevels - 1);
    parsed.id.level = static_cast<unsigned>(*number);
  }
  path.remove_prefix(slash + 1);
  if (const std::size_t partial = path.find(".p/"); partial != std::string_view::npos) {
    CROSSLINE_TRY(parsed.id.width, parse_partial_width(path.substr(partial + 3)));
    path = path.substr(0, partial);
  }
  CROSSLINE_TRY(parsed.id.index, parse_index(path));
  return parsed;
}

unsigned tile_width(unsigned level, std::uint64_t index, TreeSize size) {
  if (level >= kTileLevels) return 0;
  const std::uint64_t hashes = size.value() >> (kTileHeight * level);
  const std::uint64_t full_tiles = hashes / kTileWidth;
  if (index < full_tiles) return kTileWidth;
  return index == full_tiles ? static_cast<unsigned>(hashes % kTileWidth) : 0;
}

Result<Bytes> tile_bytes(const HashReader& reader, const TileId& id) {
  const bool fits = id.index <= std::numeric_limits<std::uint64_t>::max() / kTileWidth - 1;
  if (id.level >= kTileLevels || id.width == 0 || id.width > kTileWidth || !fits)
    return fail(ErrorCode::kInvalidArgument, "no tile of level {}, width {}", id.level, id.width);
  Bytes bytes;
  bytes.reserve(id.width * kHashBytes);
  for (unsigned i = 0; i < id.width; ++i) {
    CROSSLINE_TRY(const Hash hash, reader.subtree(id.level * kTileHeight, id.index * kTileWidth + i));
    bytes.insert(bytes.end(), hash.bytes.begin(), hash.bytes.end());
  }
  return bytes;
}

Result<std::vector<Hash>> parse_tile(ByteView bytes, unsigned width) {
  if (bytes.size() != width * kHashBytes)
    return fail(ErrorCode::kMalformed, "a tile of {} bytes, not {}", bytes.size(), width * kHashBytes);
  std::vector<Hash> hashes(width);
  for (unsigned i = 0; i < width; ++i)
    std::ranges::copy(bytes.subspan(i * kHashBytes, kHashBytes), hashes[i].bytes.begin());
  return hashes;
}

Result<Bytes> entry_bundle(std::span<const ByteView> entries) {
  if (entries.size() > kTileWidth)
    return fail(ErrorCode::kInvalidArgument, "a bundle of {} entries", entries.size());
  Bytes bundle;
  for (const ByteView entry : entries) {
    if (entry.size() > limits::kMaxLedgerEntryBytes)
      return fail(ErrorCode::kInvalidArgument, "an entry of {} bytes", entry.size());
    bundle.push_back(static_cast<std::uint8_t>(entry.size() >> 8));
    bundle.push_back(static_cast<std::uint8_t>(entry.size() & 0xff));
    bundle.insert(bundle.end(), entry.begin(), entry.end());
  }
  return bundle;
}

Result<std::vector<ByteView>> parse_entry_bundle(ByteView bundle, unsigned width) {
  std::vector<ByteView> entries;
  while (!bundle.empty()) {
    if (entries.size() == width)
      return fail(ErrorCode::kMalformed, "{} bytes behind the {} entries of a bundle", bundle.size(), width);
    if (bundle.size() < 2) return fail(ErrorCode::kMalformed, "a bundle ends in the length of an entry");
    const std::size_t size = (std::size_t{bundle[0]} << 8) | bundle[1];
    bundle = bundle.subspan(2);
    if (bundle.size() < size)
      return fail(ErrorCode::kMalformed, "a bundle ends in entry {}: {} of {} bytes", entries.size(),
                  bundle.size(), size);
    entries.push_back(bundle.first(size));
    bundle = bundle.subspan(size);
  }
  if (entries.size() != width)
    return fail(ErrorCode::kMalformed, "a bundle of {} entries, not {}", entries.size(), width);
  return entries;
}

Result<Hash> TileHashReader::subtree(unsigned level, std::uint64_t index) const {
  if (level >= kTileLevels * kTileHeight || index >= size_.value() >> level)
    return fail(ErrorCode::kNotFound, "no complete subtree {} of level {} in a tree of {} leaves", index,
                level, size_.value());
  // The subtree's root is the fold of 2^above neighbours in a tile.
  const unsigned above = level % kTileHeight;
  const std::uint64_t first = index << above;
  TileId id{.level = level / kTileHeight, .index = first / kTileWidth};
  id.width = tile_width(id.level, id.index, size_);
  CROSSLINE_TRY(const Bytes bytes, source_.hash_tile(id));
  CROSSLINE_TRY(const std::vector<Hash> hashes, parse_tile(bytes, id.width));
  const auto begin = hashes.begin() + static_cast<std::ptrdiff_t>(first % kTileWidth);
  return perfect_root({begin, begin + (std::ptrdiff_t{1} << above)});
}

}  // namespace crossline::merkle
