#include "crossline/api/problem.hpp"

#include <utility>

namespace crossline::api {
namespace {

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kMalformed:
    case ErrorCode::kUnsupported:
      return 400;
    case ErrorCode::kUnauthenticated:
      return 401;
    case ErrorCode::kForbidden:
    case ErrorCode::kRevoked:
    case ErrorCode::kBadSignature:
      return 403;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kConflict:
      return 409;
    case ErrorCode::kBusy:
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kTimeout:
      return 504;
    case ErrorCode::kStorageFull:
      return 507;
    case ErrorCode::kCorruptData:
    case ErrorCode::kForked:
    case ErrorCode::kStorageFailed:
      return 500;
  }
  std::unreachable();
}

// Who asks can only wait: what failed inside is for the log.
bool is_ours(int status) {
  return status == 500;
}

}  // namespace

Problem problem_of(const Error& error) {
  Problem problem;
  problem.status = status_of(error.code);
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
