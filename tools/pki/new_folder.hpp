// A folder that appears whole or not at all, and never in place of another.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/base/result.hpp"

#include <filesystem>
#include <string_view>

namespace crossline::tools {

// Files are written into a hidden neighbour of the target, readable by the owner alone; publish() gives it
// the target's name. Destroyed before that, it removes what it made. One thread.
class NewFolder {
 public:
  // kConflict when the target exists, otherwise what kept the neighbour from being made. The parent must
  // exist.
  static Result<NewFolder> begin(std::filesystem::path target);
  ~NewFolder();
  NewFolder(NewFolder&& other) noexcept;
  NewFolder& operator=(NewFolder&&) = delete;

  // `path` is relative to the folder; missing folders on the way are made. Each is on the disk when it
  // returns.
  Result<void> add_folder(const std::filesystem::path& path);
  Result<void> add_public(const std::filesystem::path& path, std::string_view text);  // mode 0644
  Result<void> add_secret(const std::filesystem::path& path, std::string_view text);  // mode 0600
  // kConflict when the target has come to exist meanwhile; it is left as it is.
  Result<void> publish();

 private:
  NewFolder(std::filesystem::path target, std::filesystem::path staging);

  std::filesystem::path target_;
  std::filesystem::path staging_;  // empty once published or moved from
};

}  // namespace crossline::tools
