#include "crossline/api/problem.hpp"

#include "crossline/runtime/http_message.hpp"

#include <utility>

namespace crossline::api {
namespace {

// Who asks can only wait: what failed inside is for the log.
bool is_ours(int status) {
  return status == 500;
}

}  // namespace

Problem problem_of(const Error& error) {
  Problem problem;
  problem.status = runtime::problem(error).status;
  problem.code = name_of(error.code);
  problem.detail = is_ours(problem.status) ? "the server failed; its log says why" : error.message;
  if (error.kind() == ErrorKind::kRetryLater) problem.retry_after_ms = 1'000;
  return problem;
}

std::unexpected<Problem> invalid(std::string_view field, std::string_view detail) {
  Problem problem;
  problem.status = 400;
  problem.code = "invalid_argument";
  problem.detail = detail;
  problem.field = field;
  return std::unexpected(std::move(problem));
}

std::unexpected<Problem> refuse(int status, std::string_view code, std::string_view detail) {
  Problem problem;
  problem.status = status;
  problem.code = code;
  problem.detail = detail;
  return std::unexpected(std::move(problem));
}

}  // namespace crossline::api
