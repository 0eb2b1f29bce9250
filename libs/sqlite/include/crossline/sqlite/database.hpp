// SQLite with errors as values: one file, one connection.
//
// Errors of every call of this library: kStorageFull when the disk or its quota is full; kStorageFailed when
// a write, a sync or a read failed; kCorruptData when the file is damaged or is no database; kBusy when
// another process holds the file; kConflict when a constraint of the schema refuses the row; kUnavailable
// when the file cannot be opened. Messages name the file and what SQLite said, never a bound value.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/sqlite/statement.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;

namespace crossline::sqlite {

// What a commit means.
enum class Durability : std::uint8_t {
  kFull,    // synced before commit() returns: for what is truth
  kLately,  // may be lost in a power failure, the latest first, each whole: for what can be rebuilt
};

struct OpenOptions {
  Durability durability = Durability::kFull;
  bool read_only = false;         // the file must exist
  std::size_t cache_kib = 2'048;  // page cache of this connection, at most
  // Pages of 4 KiB in the write-ahead log before a commit moves them into the file; 0: no commit does
  // (Checkpointer).
  int checkpoint_pages = 1'000;
  std::string vfs = {};  // the file system to use, by its SQLite name; empty: the system's own
};

// A connection in WAL mode. Move-only; one thread at a time, whichever. Statements and transactions must go
// before it.
class Database {
 public:
  static Result<Database> open(const std::filesystem::path& path, const OpenOptions& options);
  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;

  // Runs one or more statements that return nothing.
  Result<void> execute(const char* sql);
  // A statement to be kept and run many times.
  Result<Statement> prepare(std::string_view sql);
  // The first column of the first row, a number.
  Result<std::int64_t> query_number(std::string_view sql);

  [[nodiscard]] sqlite3* handle() const { return handle_; }

 private:
  explicit Database(sqlite3* handle) : handle_(handle) {}
  sqlite3* handle_ = nullptr;
};

// A write transaction, taken at once, so that it never fails half-way for a lock. Rolled back unless
// committed; after a failed commit() nothing of it is there, or, when the sync failed, only a new connection
// can tell.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  ~Transaction();
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Result<void> commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;
};

}  // namespace crossline::sqlite
