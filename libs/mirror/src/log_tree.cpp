#include "log_tree.hpp"

#include "crossline/base/assert.hpp"

#include <bit>
#include <ranges>
#include <span>

namespace crossline::mirror {
namespace {

using merkle::Hash;
using merkle::TileId;
using merkle::TileKind;

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

Bytes bytes_of(std::span<const Hash> hashes) {
  Bytes bytes;
  bytes.reserve(hashes.size() * sizeof(Hash::bytes));
  for (const Hash& hash : hashes) bytes.insert(bytes.end(), hash.bytes.begin(), hash.bytes.end());
  return bytes;
}

Result<std::vector<std::vector<Hash>>> fetch_tiles(LogSource& log, std::span<const TileId> ids) {
  std::vector<std::string> paths;
  for (const TileId& id : ids) paths.push_back(path_of(id));
  CROSSLINE_TRY(const auto contents, log.fetch(paths));
  std::vector<std::vector<Hash>> tiles;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto hashes = merkle::parse_tile(as_bytes(contents[i]), ids[i].width);
    if (!hashes) return fail(ErrorCode::kCorruptData, "{}: {}", paths[i], hashes.error().message);
    tiles.push_back(*std::move(hashes));
  }
  return tiles;
}

}  // namespace

Result<LogTree::Edge> LogTree::fetch_edge(LogSource& log, const merkle::TreeHead& head) {
  std::vector<TileId> ids;
  for (unsigned level = 0; level < merkle::kTileLevels; ++level) {
    const std::uint64_t hashes = hashes_of(level, head.size);
    const auto width = static_cast<unsigned>(hashes % merkle::kTileWidth);
    if (width != 0) ids.push_back({.level = level, .index = hashes / merkle::kTileWidth, .width = width});
  }
  CROSSLINE_TRY(auto tiles, fetch_tiles(log, ids));
  Edge edge;
  for (std::size_t i = 0; i < ids.size(); ++i)
    edge.emplace(std::pair(ids[i].level, ids[i].index), std::move(tiles[i]));
  std::vector<Hash> roots;
  for (const auto& [place, hashes] : edge | std::views::reverse) add_subtrees(hashes, roots);
  CROSSLINE_TRY(const auto range, merkle::CompactRange::restore(head.size, std::move(roots)));
  if (range.root() != head.root)
    return fail(ErrorCode::kCorruptData,
                "the tiles at the end of the log do not hash to its signed head of {} entries",
                head.size.value());
  return edge;
}

Result<void> LogTree::advance(LogSource* log, const merkle::TreeHead& head) {
  CROSSLINE_TRY(auto edge, fetch_edge(log != nullptr ? *log : *folder_, head));
  log_ = log;
  head_ = head;
  edge_ = std::move(edge);
  complete_ = {};
  return {};
}

void LogTree::keep() {
  keeps_ = true;
  complete_ = {};  // what came from a log before is not in the folder
}

Result<LogTree::Hashes> LogTree::fetch_complete(const TileId& id, const Hash& above) const {
  const std::string path = path_of(id);
  const std::array ids{id};
  auto kept = fetch_tiles(*folder_, ids);
  if (kept && merkle::perfect_root(kept->front()) == above) return std::move(kept->front());
  if (log_ == nullptr)
    return fail(ErrorCode::kNotFound,
                "{}: not whole in this mirror of {} entries; name the server to fetch it", path,
                head_.size.value());
  CROSSLINE_TRY(auto shown, fetch_tiles(*log_, ids));
  if (merkle::perfect_root(shown.front()) != above)
    return fail(ErrorCode::kCorruptData, "{} does not hash to the signed head of {} entries", path,
                head_.size.value());
  // Leaves are made from the entries again.
  if (keeps_ && id.level > 0) {
    CROSSLINE_CHECK_OK(folder_->put(path, as_text(bytes_of(shown.front()))));
    folder_->drop_other_parts(path);
  }
  return std::move(shown.front());
}

// At most as deep as there are levels: the topmost tile is partial.
Result<const LogTree::Hashes*> LogTree::tile(unsigned level, std::uint64_t index) const {
  if (const auto partial = edge_.find({level, index}); partial != edge_.end()) return &partial->second;
  CROSSLINE_TRY(const Hash above, hash_at(level + 1, index));
  auto& kept = complete_[level];
  if (!kept || kept->first != index) {
    CROSSLINE_TRY(auto hashes, fetch_complete({.level = level, .index = index}, above));
    kept.emplace(index, std::move(hashes));
  }
  return &kept->second;
}

Result<Hash> LogTree::hash_at(unsigned level, std::uint64_t index) const {
  if (index >= hashes_of(level, head_.size))
    return fail(ErrorCode::kNotFound, "hash {} of level {}: not in a tree of {} entries", index, level,
                head_.size.value());
  CROSSLINE_TRY(const Hashes* const hashes, tile(level, index / merkle::kTileWidth));
  return (*hashes)[index % merkle::kTileWidth];
}

Result<Hash> LogTree::root_at(TreeSize size) const {
  CROSSLINE_ASSERT(size <= head_.size);
  return merkle::tree_root(merkle::TileHashReader(*this, head_.size), size);
}

Result<Bytes> LogTree::hash_tile(const TileId& id) const {
  if (id.width == 0 || id.width > merkle::tile_width(id.level, id.index, head_.size))
    return fail(ErrorCode::kNotFound, "{}: not in a tree of {} entries", path_of(id), head_.size.value());
  CROSSLINE_TRY(const Hashes* const hashes, tile(id.level, id.index));
  return bytes_of(std::span(*hashes).first(id.width));
}

void LogTree::each_partial_tile(const std::function<void(const TileId& id, ByteView bytes)>& visit) const {
  for (const auto& [place, hashes] : edge_) {
    const TileId id{
        .level = place.first, .index = place.second, .width = static_cast<unsigned>(hashes.size())};
    visit(id, bytes_of(hashes));
  }
}

}  // namespace crossline::mirror
