#include "crossline/sqlite/database.hpp"

#include "error.hpp"

#include <cerrno>
#include <climits>
#include <utility>

namespace crossline::sqlite {
namespace {

// How long a reader of the same file may keep us waiting. Only command-line tools read beside a server.
constexpr int kBusyTimeoutMs = 5'000;

ErrorCode code_of(sqlite3* handle, int result) {
  switch (result & 0xff) {
    case SQLITE_FULL:
      return ErrorCode::kStorageFull;
    case SQLITE_IOERR: {
      const int reason = sqlite3_system_errno(handle);
      return reason == ENOSPC || reason == EDQUOT ? ErrorCode::kStorageFull : ErrorCode::kStorageFailed;
    }
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::kCorruptData;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::kBusy;
    case SQLITE_CONSTRAINT:
      return ErrorCode::kConflict;
    case SQLITE_CANTOPEN:
      return ErrorCode::kUnavailable;
    default:
      return ErrorCode::kStorageFailed;
  }
}

Result<void> configure(Database& database, const OpenOptions& options) {
  sqlite3_busy_timeout(database.handle(), kBusyTimeoutMs);
  // WAL is a property of the file: a reader finds it so.
  if (!options.read_only) CROSSLINE_CHECK_OK(database.execute("PRAGMA journal_mode = WAL"));
  const bool full = options.durability == Durability::kFull;
  CROSSLINE_CHECK_OK(database.execute(full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL"));
  const std::string sizes = fmt::format("PRAGMA cache_size = -{}; PRAGMA wal_autocheckpoint = {}",
                                        options.cache_kib, options.checkpoint_pages);
  CROSSLINE_CHECK_OK(database.execute(sizes.c_str()));
  return database.execute(
      "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
      "PRAGMA cell_size_check = ON");
}

}  // namespace

Error last_error(sqlite3* handle) {
  const int result = sqlite3_extended_errcode(handle);
  const char* file = sqlite3_db_filename(handle, "main");
  return {code_of(handle, result), fmt::format("{}: {} (SQLite {})", file == nullptr ? "database" : file,
                                               sqlite3_errmsg(handle), result)};
}

Result<Database> Database::open(const std::filesystem::path& path, const OpenOptions& options) {
  const int access = options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  const int result =
      sqlite3_open_v2(path.c_str(), &handle, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                      options.vfs.empty() ? nullptr : options.vfs.c_str());
  Database database(handle);
  if (result != SQLITE_OK) {
    if (handle == nullptr) return fail(ErrorCode::kUnavailable, "{}: out of memory", path.string());
    return fail(code_of(handle, result), "{}: {}", path.string(), sqlite3_errmsg(handle));
  }
  CROSSLINE_CHECK_OK(configure(database, options));
  return database;
}

Database::~Database() {
  if (handle_ != nullptr) sqlite3_close_v2(handle_);
}

Database::Database(Database&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

Database& Database::operator=(Database&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

Result<void> Database::execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return std::unexpected(last_error(handle_));
}

Result<Statement> Database::prepare(std::string_view sql) {
  CROSSLINE_ASSERT(sql.size() <= INT_MAX);
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                         &statement, nullptr) != SQLITE_OK) {
    return std::unexpected(last_error(handle_));
  }
  return Statement(statement);
}

Result<std::int64_t> Database::query_number(std::string_view sql) {
  CROSSLINE_TRY(Statement statement, prepare(sql));
  CROSSLINE_TRY(Rows rows, statement.query());
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return fail(ErrorCode::kNotFound, "the query has no row");
  return rows.integer(0);
}

Result<Transaction> Transaction::begin(Database& database) {
  CROSSLINE_CHECK_OK(database.execute("BEGIN IMMEDIATE"));
  return Transaction(&database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // A failed write may have rolled back by itself; there is nobody left to tell about a failed rollback.
  if (database_ != nullptr && sqlite3_get_autocommit(database_->handle()) == 0) {
    (void)database_->execute("ROLLBACK");
  }
}

Result<void> Transaction::commit() {
  CROSSLINE_CHECK_OK(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace crossline::sqlite
