// Result<T>: a value or an Error, never silently dropped.
#pragma once

#include "crossline/base/error.hpp"

#include <expected>
#include <utility>

#include <fmt/format.h>

namespace crossline {

// std::expected with [[nodiscard]] on the type, so that every function returning one is checked.
template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

// `return fail(ErrorCode::kMalformed, "line {}: expected '='", line);`
template <class... Args>
[[nodiscard]] std::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> format,
                                          Args&&... args) {
  return std::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

}  // namespace crossline

#define CROSSLINE_CONCAT_INNER(a, b) a##b
#define CROSSLINE_CONCAT(a, b) CROSSLINE_CONCAT_INNER(a, b)

// Evaluates `expression`, a Result; on failure returns its error from the enclosing function,
// otherwise moves the value into `declaration`:  CROSSLINE_TRY(auto head, parse_head(text));
#define CROSSLINE_TRY(declaration, expression) \
  CROSSLINE_TRY_IMPL(CROSSLINE_CONCAT(crossline_try_, __LINE__), declaration, expression)
#define CROSSLINE_TRY_IMPL(result, declaration, expression)       \
  auto result = (expression);                                     \
  if (!result) return std::unexpected(std::move(result).error()); \
  declaration = *std::move(result)

// The same for Result<void>, or when the value is not needed.
#define CROSSLINE_CHECK_OK(expression) \
  CROSSLINE_CHECK_OK_IMPL(CROSSLINE_CONCAT(crossline_try_, __LINE__), expression)
#define CROSSLINE_CHECK_OK_IMPL(result, expression) \
  if (auto result = (expression); !result) return std::unexpected(std::move(result).error())
