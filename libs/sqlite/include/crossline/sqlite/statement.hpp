// Prepared statements: values in, rows out.
#pragma once

#include "crossline/base/assert.hpp"
#include "crossline/base/bytes.hpp"
#include "crossline/base/result.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

struct sqlite3_stmt;

namespace crossline::sqlite {

class Rows;

// A compiled statement, reused. Move-only; belongs to its Database's thread. Values are bound in order:
// integers (unsigned ones below 2^63), std::string_view as text, ByteView as a blob, std::nullopt and empty
// optionals as NULL.
class Statement {
 public:
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;

  // Runs it to its end; rows are not looked at. Returns how many rows it changed.
  template <class... Values>
  Result<std::int64_t> run(const Values&... values) {
    CROSSLINE_CHECK_OK(bind_all(values...));
    return finish();
  }

  // Starts reading rows. The bound values must outlive the Rows, and the statement must not be run before
  // they are gone.
  template <class... Values>
  Result<Rows> query(const Values&... values);

 private:
  friend class Database;
  friend class Rows;
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

  template <class... Values>
  Result<void> bind_all(const Values&... values) {
    int position = 0;
    Result<void> bound;
    (void)((bound = bind(++position, values), bound.has_value()) && ...);
    return bound;
  }
  template <std::integral Integer>
  Result<void> bind(int position, Integer value) {
    CROSSLINE_ASSERT(std::in_range<std::int64_t>(value));
    return bind_integer(position, static_cast<std::int64_t>(value));
  }
  template <class T>
  Result<void> bind(int position, const std::optional<T>& value) {
    return value ? bind(position, *value) : bind_null(position);
  }
  Result<void> bind(int position, std::nullopt_t) { return bind_null(position); }
  Result<void> bind(int position, std::string_view text);
  Result<void> bind(int position, ByteView blob);
  Result<void> bind_integer(int position, std::int64_t value);
  Result<void> bind_null(int position);

  Result<std::int64_t> finish();
  Result<bool> step();
  void reset();

  sqlite3_stmt* handle_ = nullptr;
};

// The rows of one query, one at a time. Columns count from 0; views are valid until next() or the end of the
// Rows. Reading a column that the query does not have is our bug; a value of another type is converted as
// SQLite does.
class Rows {
 public:
  ~Rows();
  Rows(Rows&& other) noexcept;
  Rows& operator=(Rows&&) = delete;

  // Moves to the next row; false when there is none.
  Result<bool> next() { return statement_->step(); }

  [[nodiscard]] std::int64_t integer(int column) const;
  // For columns that only ever hold non-negative numbers.
  [[nodiscard]] std::uint64_t number(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] ByteView blob(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class Statement;
  explicit Rows(Statement* statement) : statement_(statement) {}
  Statement* statement_;
};

template <class... Values>
Result<Rows> Statement::query(const Values&... values) {
  CROSSLINE_CHECK_OK(bind_all(values...));
  return Rows(this);
}

}  // namespace crossline::sqlite
