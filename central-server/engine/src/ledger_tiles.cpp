#include "crossline/engine/ledger_tiles.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace crossline::server {
namespace {

using merkle::Hash;
using merkle::kTileHeight;
using merkle::kTileWidth;

constexpr std::size_t kReadEntries = 16 * kTileWidth;  // hashed between two writes

Result<Hash> root_of(const merkle::HashReader& reader, TreeSize size) {
  std::vector<Hash> peaks;
  std::uint64_t begin = 0;
  for (std::uint64_t left = size.value(); left > 0;) {
    const unsigned level = static_cast<unsigned>(std::bit_width(left)) - 1;
    CROSSLINE_TRY(peaks.emplace_back(), reader.subtree(level, begin >> level));
    begin += std::uint64_t{1} << level;
    left -= std::uint64_t{1} << level;
  }
  if (peaks.empty()) return merkle::empty_root();
  Hash root = peaks.back();
  for (std::size_t i = peaks.size() - 1; i-- > 0;) root = merkle::node_hash(peaks[i], root);
  return root;
}

Bytes join(std::span<const Hash> hashes) {
  Bytes bytes;
  bytes.reserve(hashes.size() * 32);
  for (const Hash& hash : hashes) bytes.insert(bytes.end(), hash.bytes.begin(), hash.bytes.end());
  return bytes;
}

}  // namespace

Result<void> LedgerTiles::load() {
  auto roots = store_.roots();
  if (!roots) return restart();
  const std::lock_guard lock(mutex_);
  for (const Hash& root : *roots) full_.append(root);
  return {};
}

Result<void> LedgerTiles::restart() {
  const std::lock_guard lock(mutex_);
  full_ = {};
  rest_.clear();
  last_.reset();
  return store_.clear();
}

Result<void> LedgerTiles::advance(const merkle::TreeHead& head) {
  for (const bool first : {true, false}) {
    // Tiles of a ledger that was longer: its disk was replaced by an older one.
    const std::uint64_t have = [this] {
      const std::lock_guard lock(mutex_);
      return full_.size().value() * kTileWidth + rest_.size();
    }();
    if (have <= head.size.value()) {
      CROSSLINE_CHECK_OK(hash_up_to(head.size));
      CROSSLINE_TRY(const Hash root, root_of(*this, head.size));
      if (root == head.root) {
        const std::lock_guard lock(mutex_);
        size_ = head.size;
        return {};
      }
    }
    if (first) CROSSLINE_CHECK_OK(restart());
  }
  return fail(ErrorCode::kCorruptData, "the ledger's {} entries do not lead to the root of its head",
              head.size.value());
}

Result<void> LedgerTiles::hash_up_to(TreeSize size) {
  for (;;) {
    std::uint64_t at = 0;
    std::vector<Hash> leaves;
    {
      const std::lock_guard lock(mutex_);
      at = full_.size().value() * kTileWidth + rest_.size();
      leaves = rest_;
    }
    if (at == size.value()) return {};
    const std::size_t count = std::min<std::uint64_t>(kReadEntries - leaves.size(), size.value() - at);
    CROSSLINE_TRY(const auto entries, ledger_.read(LedgerIndex(at), count));
    if (entries.size() != count)
      return fail(ErrorCode::kCorruptData, "the ledger ends before its head of {} entries", size.value());
    for (const std::string& entry : entries) leaves.push_back(merkle::leaf_hash(as_bytes(entry)));
    CROSSLINE_CHECK_OK(append(std::move(leaves)));
  }
}

// `leaves` are all behind the last full tile.
Result<void> LedgerTiles::append(std::vector<Hash> leaves) {
  std::vector<LeafTile> tiles;
  std::span<const Hash> left = leaves;
  for (; left.size() >= kTileWidth; left = left.subspan(kTileWidth)) {
    const auto hashes = left.first(kTileWidth);
    tiles.push_back({join(hashes), merkle::perfect_root({hashes.begin(), hashes.end()})});
  }
  const std::uint64_t first = [this] {
    const std::lock_guard lock(mutex_);
    return full_.size().value();
  }();
  if (!tiles.empty()) CROSSLINE_CHECK_OK(store_.append(first, tiles));
  const std::lock_guard lock(mutex_);
  for (const LeafTile& tile : tiles) full_.append(tile.root);
  rest_.assign(left.begin(), left.end());
  return {};
}

TreeSize LedgerTiles::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

Result<LedgerTiles::Leaves> LedgerTiles::leaves_of(std::uint64_t index) const {
  {
    const std::lock_guard lock(mutex_);
    if (index == full_.size().value()) return std::make_shared<const std::vector<Hash>>(rest_);
    if (index > full_.size().value()) return std::make_shared<const std::vector<Hash>>();
    if (last_ && last_index_ == index) return last_;
  }
  CROSSLINE_TRY(const Bytes bytes, store_.tile(index));
  CROSSLINE_TRY(std::vector<Hash> hashes, merkle::parse_tile(bytes, kTileWidth));
  Leaves leaves = std::make_shared<const std::vector<Hash>>(std::move(hashes));
  const std::lock_guard lock(mutex_);
  last_ = leaves;
  last_index_ = index;
  return leaves;
}

Result<Hash> LedgerTiles::subtree(unsigned level, std::uint64_t index) const {
  if (level >= kTileHeight) {
    const std::lock_guard lock(mutex_);
    const unsigned above = level - kTileHeight;
    if (above >= 56 || index >= full_.size().value() >> above)
      return fail(ErrorCode::kNotFound, "subtree {} of level {} is not complete", index, level);
    return full_.subtree(above, index);
  }
  CROSSLINE_TRY(const Leaves leaves, leaves_of(index >> (kTileHeight - level)));
  const std::size_t width = std::size_t{1} << level;
  const std::size_t begin = (index << level) % kTileWidth;
  if (begin + width > leaves->size())
    return fail(ErrorCode::kNotFound, "subtree {} of level {} is not complete", index, level);
  const auto first = leaves->begin() + static_cast<std::ptrdiff_t>(begin);
  return merkle::perfect_root({first, first + static_cast<std::ptrdiff_t>(width)});
}

Result<Bytes> LedgerTiles::tile(const merkle::TilePath& path) const {
  const merkle::TileId& id = path.id;
  if (id.width > merkle::tile_width(id.level, id.index, size()))
    return fail(ErrorCode::kNotFound, "there is no {}", merkle::tile_path(path));
  if (path.kind == merkle::TileKind::kHashes) {
    if (id.level == 0 && id.width == kTileWidth) return store_.tile(id.index);
    return merkle::tile_bytes(*this, id);
  }
  CROSSLINE_TRY(const auto entries, ledger_.read(LedgerIndex(id.index * kTileWidth), id.width));
  if (entries.size() != id.width)
    return fail(ErrorCode::kCorruptData, "entries of {} are missing", merkle::tile_path(path));
  std::vector<ByteView> views;
  views.reserve(entries.size());
  for (const std::string& entry : entries) views.push_back(as_bytes(entry));
  return merkle::entry_bundle(views);
}

}  // namespace crossline::server
