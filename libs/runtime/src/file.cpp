#include "crossline/runtime/file.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace crossline::runtime {
namespace {

// Closes on the way out; close errors matter only after writing, where release() and a checked close are
// used.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

std::string reason(int error) {
  return std::generic_category().message(error);
}

ErrorCode read_code(int error) {
  if (error == ENOENT || error == ENOTDIR) return ErrorCode::kNotFound;
  if (error == EACCES || error == EPERM) return ErrorCode::kForbidden;
  return ErrorCode::kUnavailable;
}

std::unexpected<Error> write_failed(std::string_view step, const std::filesystem::path& path, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  return fail(full ? ErrorCode::kStorageFull : ErrorCode::kStorageFailed, "{} {}: {}", step, path.string(),
              reason(error));
}

enum class Readers : std::uint8_t { kAnybody, kOwner };

// The whole file as a std::string or Bytes.
template <class Content>
Result<Content> read_whole(const std::filesystem::path& path, std::size_t max_bytes, Readers readers) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return fail(read_code(errno), "{}: {}", path.string(), reason(errno));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0)
    return fail(ErrorCode::kUnavailable, "{}: {}", path.string(), reason(errno));
  if (!S_ISREG(status.st_mode))
    return fail(ErrorCode::kInvalidArgument, "{}: {}", path.string(),
                S_ISDIR(status.st_mode) ? "a folder, not a file" : "not a regular file");
  if (readers == Readers::kOwner && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(ErrorCode::kForbidden, "{}: others may read it; chmod 600", path.string());

  Content content;
  std::array<char, 16 * 1024> chunk;  // /proc files claim size 0, so the size is not asked
  for (;;) {
    const ssize_t count = ::read(file.get(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorCode::kUnavailable, "{}: {}", path.string(), reason(errno));
    if (count == 0) return content;
    content.insert(content.end(), chunk.data(), chunk.data() + count);
    if (content.size() > max_bytes) {
      return fail(ErrorCode::kInvalidArgument, "{}: larger than {} bytes", path.string(), max_bytes);
    }
  }
}

int write_all(int fd, ByteView content) {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    content = content.subspan(static_cast<std::size_t>(count));
  }
  return 0;
}

// Writes, syncs and closes a fresh temporary; the errno of the step that failed, or 0.
int fill_temporary(int fd, ByteView content, mode_t mode) {
  Descriptor file(fd);
  if (const int error = write_all(fd, content); error != 0) return error;
  if (::fchmod(fd, mode) != 0 || ::fsync(fd) != 0) return errno;
  return ::close(file.release()) == 0 ? 0 : errno;
}

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  return read_whole<Bytes>(path, max_bytes, Readers::kAnybody);
}

Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t max_bytes) {
  return read_whole<std::string>(path, max_bytes, Readers::kAnybody);
}

Result<std::string> read_secret_file(const std::filesystem::path& path, std::size_t max_bytes) {
  return read_whole<std::string>(path, max_bytes, Readers::kOwner);
}

Result<void> write_file_atomic(const std::filesystem::path& path, ByteView content, mode_t mode) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::string temporary = path.string() + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return write_failed("create", path, errno);

  int error = fill_temporary(fd, content, mode);
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    return write_failed("write", path, error);
  }
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) return write_failed("sync", folder, errno);
  return {};
}

}  // namespace crossline::runtime
