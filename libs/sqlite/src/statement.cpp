#include "crossline/sqlite/statement.hpp"

#include "error.hpp"

namespace crossline::sqlite {
namespace {

Result<void> checked(sqlite3_stmt* statement, int result) {
  if (result == SQLITE_OK) return {};
  return std::unexpected(last_error(sqlite3_db_handle(statement)));
}

}  // namespace

Statement::~Statement() {
  sqlite3_finalize(handle_);
}

Statement::Statement(Statement&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

Result<void> Statement::bind(int position, std::string_view text) {
  // A null pointer would bind NULL where an empty text is meant.
  const char* data = text.data() == nullptr ? "" : text.data();
  return checked(handle_,
                 sqlite3_bind_text64(handle_, position, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

Result<void> Statement::bind(int position, ByteView blob) {
  const void* data = blob.data() == nullptr ? static_cast<const void*>("") : blob.data();
  return checked(handle_, sqlite3_bind_blob64(handle_, position, data, blob.size(), SQLITE_STATIC));
}

Result<void> Statement::bind_integer(int position, std::int64_t value) {
  return checked(handle_, sqlite3_bind_int64(handle_, position, value));
}

Result<void> Statement::bind_null(int position) {
  return checked(handle_, sqlite3_bind_null(handle_, position));
}

Result<bool> Statement::step() {
  const int result = sqlite3_step(handle_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return std::unexpected(last_error(sqlite3_db_handle(handle_)));
}

Result<std::int64_t> Statement::finish() {
  for (;;) {
    const Result<bool> row = step();
    if (row && *row) continue;
    const std::int64_t changed = sqlite3_changes64(sqlite3_db_handle(handle_));
    reset();
    if (!row) return std::unexpected(row.error());
    return changed;
  }
}

void Statement::reset() {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}

Rows::Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}

Rows::~Rows() {
  if (statement_ != nullptr) statement_->reset();
}

std::int64_t Rows::integer(int column) const {
  CROSSLINE_ASSERT(column < sqlite3_column_count(statement_->handle_));
  return sqlite3_column_int64(statement_->handle_, column);
}

std::uint64_t Rows::number(int column) const {
  return static_cast<std::uint64_t>(integer(column));
}

std::string_view Rows::text(int column) const {
  return as_text(blob(column));
}

ByteView Rows::blob(int column) const {
  CROSSLINE_ASSERT(column < sqlite3_column_count(statement_->handle_));
  const void* data = sqlite3_column_blob(statement_->handle_, column);
  const int size = sqlite3_column_bytes(statement_->handle_, column);
  return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
}

bool Rows::is_null(int column) const {
  return sqlite3_column_type(statement_->handle_, column) == SQLITE_NULL;
}

}  // namespace crossline::sqlite
