// What an operation answers when it cannot do what was asked (RFC 9457).
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/base/text.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace crossline::api {

struct Problem {
  int status = 500;
  std::string code;    // stable, for programs
  std::string detail;  // for people, without personal data
  std::string field;   // of the request that is wrong; empty when it is none in particular
  std::optional<std::uint64_t> retry_after_ms;
  friend bool operator==(const Problem&, const Problem&) = default;
};

template <class T>
using Answer = std::expected<T, Problem>;

// The problem of an error from the core, with the status and the code that openapi.yaml gives.
[[nodiscard]] Problem problem_of(const Error& error);

// A value of the request that does not do: 400 `invalid_argument`.
[[nodiscard]] std::unexpected<Problem> invalid(std::string_view field, std::string_view detail);
// `return refuse(409, "conflict", "...")`
[[nodiscard]] std::unexpected<Problem> refuse(int status, std::string_view code, std::string_view detail);

}  // namespace crossline::api

// CROSSLINE_TRY for functions that return an Answer: an Error becomes its Problem.
#define CROSSLINE_ANSWER_TRY(declaration, expression) \
  CROSSLINE_ANSWER_TRY_IMPL(CROSSLINE_CONCAT(crossline_try_, __LINE__), declaration, expression)
#define CROSSLINE_ANSWER_TRY_IMPL(result, declaration, expression)                              \
  auto result = (expression);                                                                   \
  if (!result) return std::unexpected(::crossline::api::as_problem(std::move(result).error())); \
  declaration = *std::move(result)

namespace crossline::api {

[[nodiscard]] inline Problem as_problem(const Error& error) {
  return problem_of(error);
}
[[nodiscard]] inline Problem as_problem(Problem problem) {
  return problem;
}

}  // namespace crossline::api
