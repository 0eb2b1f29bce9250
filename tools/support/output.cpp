#include "tools/support/output.hpp"

#include "tools/support/exit.hpp"

#include <cstdio>

namespace crossline::tools {

void print(std::string_view text) {
  const bool whole =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (whole) return;
  note("cannot write to stdout");
  throw Exit{kExitFailed};
}

void note(std::string_view message) {
  fmt::print(stderr, "crossline: {}\n", message);
}

int exit_code_of(const Error& error) noexcept {
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kMalformed:
    case ErrorCode::kUnsupported:
      return kExitInvalid;
    default:
      return kExitFailed;
  }
}

void fail_with(const Error& error) {
  note(error.message);
  throw Exit{exit_code_of(error)};
}

}  // namespace crossline::tools
