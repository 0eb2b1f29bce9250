#include "tools/pki/new_folder.hpp"

#include "crossline/runtime/file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

namespace crossline::tools {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> failed(std::string_view step, const fs::path& path, int error) {
  const std::string reason = std::generic_category().message(error);
  if (error == EEXIST || error == ENOTEMPTY) {
    return fail(ErrorCode::kConflict, "{} exists already; nothing was changed", path.string());
  }
  const bool full = error == ENOSPC || error == EDQUOT;
  return fail(full ? ErrorCode::kStorageFull : ErrorCode::kStorageFailed, "cannot {} {}: {}", step,
              path.string(), reason);
}

fs::path parent_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

Result<void> sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return failed("open", folder, errno);
  const int error = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (error != 0) return failed("sync", folder, error);
  return {};
}

}  // namespace

NewFolder::NewFolder(fs::path target, fs::path staging)
    : target_(std::move(target)), staging_(std::move(staging)) {}

NewFolder::NewFolder(NewFolder&& other) noexcept
    : target_(std::move(other.target_)), staging_(std::exchange(other.staging_, {})) {}

NewFolder::~NewFolder() {
  std::error_code ignored;  // an unfinished neighbour does no harm
  if (!staging_.empty()) fs::remove_all(staging_, ignored);
}

Result<NewFolder> NewFolder::begin(fs::path target) {
  if (!target.has_filename()) target = target.parent_path();  // "pki/" means "pki"
  std::error_code error;
  if (fs::exists(target, error)) return failed("make", target, EEXIST);
  std::string staging = parent_of(target) / fmt::format(".{}.XXXXXX", target.filename().string());
  if (::mkdtemp(staging.data()) == nullptr) return failed("make", target, errno);
  return NewFolder(std::move(target), std::move(staging));
}

Result<void> NewFolder::add_folder(const fs::path& path) {
  fs::path folder = staging_;
  for (const fs::path& part : path) {
    const fs::path parent = std::exchange(folder, folder / part);
    std::error_code error;
    const bool made = fs::create_directory(folder, error);
    if (error) return failed("make", folder, error.value());
    if (made) CROSSLINE_CHECK_OK(sync_folder(parent));
  }
  return {};
}

Result<void> NewFolder::add_public(const fs::path& path, std::string_view text) {
  CROSSLINE_CHECK_OK(add_folder(path.parent_path()));
  return runtime::write_file_atomic(staging_ / path, as_bytes(text), 0644);
}

Result<void> NewFolder::add_secret(const fs::path& path, std::string_view text) {
  CROSSLINE_CHECK_OK(add_folder(path.parent_path()));
  return runtime::write_file_atomic(staging_ / path, as_bytes(text), 0600);
}

Result<void> NewFolder::publish() {
  if (::renameat2(AT_FDCWD, staging_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) != 0) {
    return failed("make", target_, errno);
  }
  staging_.clear();
  return sync_folder(parent_of(target_));
}

}  // namespace crossline::tools
