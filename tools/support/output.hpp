// How every command speaks: data on stdout, messages on stderr, an exit code that says who was wrong.
#pragma once

#include "crossline/base/result.hpp"

#include <string_view>
#include <utility>

namespace crossline::tools {

// Data: exactly `text`. Ends the command (kExitFailed) when stdout cannot take it.
void print(std::string_view text);
// A message for the person at the terminal, with a line feed.
void note(std::string_view message);

// kExitInvalid when the input was wrong (kInvalidArgument, kMalformed, kUnsupported), kExitFailed otherwise.
[[nodiscard]] int exit_code_of(const Error& error) noexcept;
// Says the error on stderr and throws Exit with its code.
[[noreturn]] void fail_with(const Error& error);

// The value, or fail_with: for callbacks, which have nobody to return an error to.
template <class T>
T value_or_exit(Result<T> result) {
  if (!result) fail_with(result.error());
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

// The same for what was read from a file, whose name is put in front of the error.
template <class T>
T value_or_exit_at(std::string_view file, Result<T> result) {
  if (!result) fail_with(std::move(result).error().at(file));
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace crossline::tools
