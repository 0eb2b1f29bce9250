// Small files, read whole and replaced whole. These calls block: from a coroutine use a BlockingPool.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

#include <sys/types.h>

namespace crossline::runtime {

// kNotFound, kForbidden, kInvalidArgument when it is larger than `max_bytes` or not a regular file, otherwise
// kUnavailable. The message names the path and the reason.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t max_bytes);
Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t max_bytes);

// The same of a file that its owner alone may read: kForbidden when others may. What is checked is what is
// read, whatever happens to the name meanwhile.
Result<std::string> read_secret_file(const std::filesystem::path& path, std::size_t max_bytes);

// Replaces `path`: after success the new content is on the disk; after a crash or failure the old content or
// the new is there, whole. Writes a temporary file beside it, fsync, rename, fsync of the folder.
// kStorageFull, kStorageFailed.
Result<void> write_file_atomic(const std::filesystem::path& path, ByteView content, mode_t mode = 0644);

}  // namespace crossline::runtime
