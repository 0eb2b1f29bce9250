#include "log_tree.hpp"

#include "crossline/base/assert.hpp"

#include <algorithm>
#include <bit>
#include <ranges>
#include <span>

namespace crossline::mirror {
namespace {

using merkle::Hash;
using merkle::TileId;
using merkle::TileKind;

constexpr std::size_t kTilesAtOnce = 64;

std::string path_of(const TileId& id) {
  return merkle::tile_path({TileKind::kHashes, id});
}

// How many complete subtrees of 256^level leaves a tree of `size` has.
std::uint64_t hashes_of(unsigned level, TreeSize size) {
  return level < merkle::kTileLevels ? size.value() >> (merkle::kTileHeight * level) : 0;
}

// The perfect subtrees that `count` neighbours make up, the largest first: one for each one-bit.
void add_subtrees(std::span<const Hash> hashes, std::vector<Hash>& roots) {
  while (!hashes.empty()) {
    const std::size_t count = std::bit_floor(hashes.size());
    roots.push_back(
        merkle::perfect_root({hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(count)}));
    hashes = hashes.subspan(count);
  }
}

}  // namespace

Result<LogTree::Tiles> LogTree::fetch(LogSource& log, const std::vector<TileId>& ids) {
  Tiles tiles;
  for (std::size_t first = 0; first < ids.size(); first += kTilesAtOnce) {
    const std::span some(ids.begin() + static_cast<std::ptrdiff_t>(first),
                         std::min(kTilesAtOnce, ids.size() - first));
    std::vector<std::string> paths;
    for (const TileId& id : some) paths.push_back(path_of(id));
    CROSSLINE_TRY(const auto contents, log.fetch(paths));
    for (std::size_t i = 0; i < some.size(); ++i) {
      auto hashes = merkle::parse_tile(as_bytes(contents[i]), some[i].width);
      if (!hashes) return fail(ErrorCode::kCorruptData, "{}: {}", paths[i], hashes.error().message);
      tiles.emplace(Place(some[i].level, some[i].index), *std::move(hashes));
    }
  }
  return tiles;
}

Result<LogTree::Tiles> LogTree::fetch_edge(LogSource& log, const merkle::TreeHead& head) {
  std::vector<TileId> ids;
  for (unsigned level = 0; level < merkle::kTileLevels; ++level) {
    const std::uint64_t hashes = hashes_of(level, head.size);
    const auto width = static_cast<unsigned>(hashes % merkle::kTileWidth);
    if (width != 0) ids.push_back({.level = level, .index = hashes / merkle::kTileWidth, .width = width});
  }
  CROSSLINE_TRY(auto edge, fetch(log, ids));
  std::vector<Hash> roots;
  for (const auto& [place, hashes] : edge | std::views::reverse) add_subtrees(hashes, roots);
  CROSSLINE_TRY(const auto range, merkle::CompactRange::restore(head.size, std::move(roots)));
  if (range.root() != head.root)
    return fail(ErrorCode::kCorruptData,
                "the tiles at the end of the log do not hash to its signed head of {} entries",
                head.size.value());
  return edge;
}

const std::vector<Hash>* LogTree::find(const Tiles& edge, unsigned level, std::uint64_t index) const {
  for (const Tiles* tiles : {&edge, &complete_})
    if (const auto found = tiles->find({level, index}); found != tiles->end()) return &found->second;
  return nullptr;
}

// Each complete tile of this level against the hash above it, which has been verified.
Result<void> LogTree::fill_level(LogSource& log, unsigned level, TreeSize size, const Tiles& edge) {
  const auto fits = [&](std::uint64_t index, const std::vector<Hash>& hashes) {
    const auto* above = find(edge, level + 1, index / merkle::kTileWidth);
    CROSSLINE_ASSERT(above != nullptr);
    return merkle::perfect_root(hashes) == (*above)[index % merkle::kTileWidth];
  };
  std::vector<TileId> missing;
  for (std::uint64_t index = 0; index < hashes_of(level + 1, size); ++index) {
    const auto known = complete_.find({level, index});
    if (known == complete_.end() || !fits(index, known->second))
      missing.push_back({.level = level, .index = index});
  }
  CROSSLINE_TRY(auto fetched, fetch(log, missing));
  for (auto& [place, hashes] : fetched) {
    if (!fits(place.second, hashes))
      return fail(ErrorCode::kCorruptData, "{} does not hash to the signed head of {} entries",
                  path_of({.level = level, .index = place.second}), size.value());
    complete_.insert_or_assign(place, std::move(hashes));
  }
  return {};
}

Result<void> LogTree::advance(LogSource& log, const merkle::TreeHead& head) {
  CROSSLINE_TRY(auto edge, fetch_edge(log, head));
  for (unsigned level = merkle::kTileLevels - 1; level > 0; --level)
    CROSSLINE_CHECK_OK(fill_level(log, level, head.size, edge));
  log_ = &log;
  head_ = head;
  edge_ = std::move(edge);
  leaves_.reset();
  return {};
}

std::optional<Hash> LogTree::hash_at(unsigned level, std::uint64_t index) const {
  const auto* tile = find(edge_, level, index / merkle::kTileWidth);
  const std::uint64_t place = index % merkle::kTileWidth;
  if (tile == nullptr || place >= tile->size() || index >= hashes_of(level, head_.size)) return std::nullopt;
  return (*tile)[place];
}

Result<Hash> LogTree::root_at(TreeSize size) const {
  CROSSLINE_ASSERT(size <= head_.size);
  const merkle::TileHashReader reader(*this, head_.size);
  std::vector<Hash> roots;
  std::uint64_t begin = 0;
  for (std::uint64_t rest = size.value(); rest != 0;) {
    const std::uint64_t count = std::bit_floor(rest);
    const auto level = static_cast<unsigned>(std::countr_zero(count));
    CROSSLINE_TRY(roots.emplace_back(), reader.subtree(level, begin >> level));
    begin += count;
    rest -= count;
  }
  CROSSLINE_TRY(const auto range, merkle::CompactRange::restore(size, std::move(roots)));
  return range.root();
}

Result<Bytes> LogTree::hash_tile(const TileId& id) const {
  const auto* tile = find(edge_, id.level, id.index);
  if (tile == nullptr && id.level == 0 && id.index < hashes_of(1, head_.size)) {
    if (!leaves_ || leaves_->first != id.index) {
      CROSSLINE_TRY(auto fetched, fetch(*log_, {{.level = 0, .index = id.index}}));
      std::vector<Hash>& hashes = fetched.begin()->second;
      if (merkle::perfect_root(hashes) != hash_at(1, id.index))
        return fail(ErrorCode::kCorruptData, "{} does not hash to the signed head of {} entries",
                    path_of({.level = 0, .index = id.index}), head_.size.value());
      leaves_.emplace(id.index, std::move(hashes));
    }
    tile = &leaves_->second;
  }
  if (tile == nullptr || tile->size() < id.width)
    return fail(ErrorCode::kNotFound, "{}: not in a tree of {} entries", path_of(id), head_.size.value());
  Bytes bytes;
  bytes.reserve(id.width * sizeof(Hash::bytes));
  for (unsigned i = 0; i < id.width; ++i)
    bytes.insert(bytes.end(), (*tile)[i].bytes.begin(), (*tile)[i].bytes.end());
  return bytes;
}

void LogTree::each_tile(const std::function<void(const TileId& id, ByteView bytes)>& visit) const {
  for (const Tiles* tiles : {&complete_, &edge_}) {
    for (const auto& [place, hashes] : *tiles) {
      const TileId id{
          .level = place.first, .index = place.second, .width = static_cast<unsigned>(hashes.size())};
      const auto bytes = hash_tile(id);
      CROSSLINE_ASSERT(bytes.has_value());
      visit(id, *bytes);
    }
  }
}

}  // namespace crossline::mirror
