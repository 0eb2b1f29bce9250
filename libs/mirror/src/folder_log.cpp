#include "folder_log.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/merkle/tiles.hpp"
#include "crossline/runtime/file.hpp"

#include <fstream>
#include <system_error>

namespace crossline::mirror {
namespace fs = std::filesystem;

std::size_t max_bytes_of(const std::string& path) {
  const auto tile = merkle::parse_tile_path(path);
  if (!tile) return limits::kMaxNoteBytes;  // a head, an edition
  const std::size_t of_one = tile->kind == merkle::TileKind::kHashes ? sizeof(merkle::Hash::bytes)
                                                                     : kMaxLogFileBytes / merkle::kTileWidth;
  return tile->id.width * of_one;
}

Result<std::optional<std::string>> FolderLog::find(const std::string& path) const {
  auto text = runtime::read_text_file(folder_ / path, kMaxLogFileBytes);
  if (text) return std::optional(*std::move(text));
  if (text.error().code == ErrorCode::kNotFound) return std::nullopt;
  return std::unexpected(std::move(text).error());
}

Result<std::string> FolderLog::fetch_one(const std::string& path) const {
  CROSSLINE_TRY(auto kept, find(path));
  if (kept) return *std::move(kept);
  const auto tile = merkle::parse_tile_path(path);
  const bool is_leaves = tile && tile->kind == merkle::TileKind::kHashes && tile->id.level == 0 &&
                         tile->id.width == merkle::kTileWidth;
  if (!is_leaves) return fail(ErrorCode::kNotFound, "{}: not in the mirror {}", path, folder_.string());
  CROSSLINE_TRY(const std::string bundle,
                fetch_one(merkle::tile_path({merkle::TileKind::kEntries, tile->id})));
  CROSSLINE_TRY(const auto entries, merkle::parse_entry_bundle(as_bytes(bundle), merkle::kTileWidth));
  std::string hashes;
  for (const ByteView entry : entries) hashes += as_text(merkle::leaf_hash(entry).view());
  return hashes;
}

Result<std::vector<std::string>> FolderLog::fetch(std::span<const std::string> paths) {
  std::vector<std::string> contents;
  for (const std::string& path : paths) {
    CROSSLINE_TRY(contents.emplace_back(), fetch_one(path));
  }
  return contents;
}

Result<void> FolderLog::put(const std::string& path, std::string_view content) {
  const fs::path file = folder_ / path;
  const fs::path fresh = file.string() + ".new";
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!error && out) fs::rename(fresh, file, error);
  if (!error && out) return {};
  return fail(ErrorCode::kStorageFailed, "{}: cannot be written{}", file.string(),
              error ? ": " + error.message() : "");
}

void FolderLog::drop_other_parts(const std::string& path) {
  const fs::path file = folder_ / path;
  const bool is_part = file.parent_path().extension() == ".p";
  const fs::path parts = is_part ? file.parent_path() : fs::path(file.string() + ".p");
  std::error_code ignored;  // what stays is in nobody's way
  if (!is_part) {
    fs::remove_all(parts, ignored);
    return;
  }
  for (const auto& one : fs::directory_iterator(parts, ignored))
    if (one.path() != file) fs::remove(one.path(), ignored);
}

}  // namespace crossline::mirror
