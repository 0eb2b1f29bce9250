// A folder of ledger files as a source: what a mirror has kept.
#pragma once

#include "crossline/mirror/log_source.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace crossline::mirror {

// The largest file of a ledger: a bundle of 256 entries.
inline constexpr std::size_t kMaxLogFileBytes = 256 * (65'535 + 2);
// The most bytes that a right file at this path has: what is longer is not looked at.
[[nodiscard]] std::size_t max_bytes_of(const std::string& path);

class FolderLog final : public LogSource {
 public:
  explicit FolderLog(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // A complete tile of level 0, which is not kept, is hashed from its entries.
  Result<std::vector<std::string>> fetch(std::span<const std::string> paths) override;
  // Nothing when there is no such file.
  [[nodiscard]] Result<std::optional<std::string>> find(const std::string& path) const;
  // Replaces the file as a whole. Whether it outlives a power cut is not known: whoever reads it compares it.
  Result<void> put(const std::string& path, std::string_view content);
  // Takes away the partial tiles (".p/<W>") of the tile that `path` names, but for `path` itself.
  void drop_other_parts(const std::string& path);

 private:
  [[nodiscard]] Result<std::string> fetch_one(const std::string& path) const;
  std::filesystem::path folder_;
};

}  // namespace crossline::mirror
