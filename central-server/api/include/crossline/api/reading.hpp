// Reads requests: JSON bodies and query parameters, strictly. Readers keep the first problem they meet and go
// on with defaults, so that a caller reads all fields in a row and asks once, at the end.
#pragma once

#include "crossline/api/problem.hpp"
#include "crossline/base/time.hpp"
#include "crossline/crypto/commitment.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace crossline::api {

// 400 `malformed` with line and column, never with the text itself, unless `body` is one JSON value without
// duplicate keys, nested at most `kMaxJsonDepth` deep.
inline constexpr std::size_t kMaxJsonDepth = 8;
[[nodiscard]] Answer<nlohmann::json> parse_json(std::string_view body);

// The members of a JSON object.
class ObjectReader {
 public:
  // `where` prefixes field names in problems: "document" gives "document.issuer".
  ObjectReader(const nlohmann::json& value, std::string where = {});

  [[nodiscard]] bool has(std::string_view name) const;
  // Text of `min` to `max` bytes of UTF-8 without control characters but for `kLines`.
  enum class Kind { kPlain, kLines };
  [[nodiscard]] std::string text(std::string_view name, std::size_t min, std::size_t max,
                                 Kind kind = Kind::kPlain);
  [[nodiscard]] UtcMillis instant(std::string_view name);
  [[nodiscard]] std::uint64_t number(std::string_view name, std::uint64_t min, std::uint64_t max);
  [[nodiscard]] crypto::SubjectId subject(std::string_view name);
  // A member that is an object; read it with a reader of its own.
  [[nodiscard]] const nlohmann::json& object(std::string_view name);

  // Marks a member as wrong, unless a problem was met before.
  void wrong(std::string_view name, std::string_view detail);
  // Takes over the problem of a nested reader, unless there is one already.
  void adopt(const Problem& problem);
  // The first problem; an unknown member is one.
  [[nodiscard]] std::optional<Problem> problem() const;

 private:
  const nlohmann::json* member(std::string_view name);
  [[nodiscard]] std::string path_of(std::string_view name) const;

  const nlohmann::json& value_;
  std::string where_;
  std::set<std::string, std::less<>> known_;
  std::optional<Problem> problem_;
};

// The parameters after the question mark, decoded.
class QueryReader {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;
  explicit QueryReader(const Parameters& parameters);

  // Nothing when it is not given.
  [[nodiscard]] std::optional<std::string> text(std::string_view name, std::size_t max);
  // The page size: 1 to limits::kMaxPageRows, 50 when it is not given.
  [[nodiscard]] std::size_t limit();

  void wrong(std::string_view name, std::string_view detail);
  // The first problem; an unknown or repeated parameter is one.
  [[nodiscard]] std::optional<Problem> problem() const;

 private:
  const Parameters& parameters_;
  std::set<std::string, std::less<>> known_;
  std::optional<Problem> problem_;
};

inline constexpr std::size_t kDefaultPageRows = 50;
inline constexpr std::size_t kMaxCursorBytes = 128;

// Cursors of two numbers, "<a>.<b>"; nothing when `text` is none.
[[nodiscard]] std::string cursor_text(std::int64_t a, std::uint64_t b);
[[nodiscard]] std::optional<std::pair<std::int64_t, std::uint64_t>> parse_cursor(std::string_view text);

}  // namespace crossline::api
