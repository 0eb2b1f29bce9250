// Moves what commits leave in the write-ahead log into the file, on a thread of its own, so that no commit
// waits for it (https://www.sqlite.org/wal.html, "Avoiding Excessively Large WAL Files").
#pragma once

#include "crossline/sqlite/database.hpp"

#include <filesystem>
#include <memory>

namespace crossline::sqlite {

// For one writer, opened with checkpoint_pages = 0; goes before it. Idle when nobody commits. A failed
// attempt loses nothing, for the log keeps what was not moved: it is made again after further commits, and
// what is wrong with the disk is for them to say. What is left at the end is moved when the last connection
// closes.
class Checkpointer {
 public:
  // Pages of 4 KiB in the log before they are moved.
  static constexpr int kPages = 4'000;
  // A commit that finds at most so many pages left moves them itself, so that the log begins anew: while
  // commits come without a pause nobody else can, and a log that is written over needs no new blocks of the
  // disk.
  static constexpr int kRestPages = 64;
  // And one that finds so many in the log, however many are left.
  static constexpr int kMostPages = 16'384;

  // `path` is the file that `writer` has open. Errors as of Database::open.
  static Result<std::unique_ptr<Checkpointer>> start(const std::filesystem::path& path, Database& writer);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

 private:
  struct State;
  explicit Checkpointer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossline::sqlite
