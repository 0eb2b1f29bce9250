// How a command of `crossline` ends with something other than success.
#pragma once

namespace crossline::tools {

// Exit codes, the same for every command; `--help` of each says what its own failure means.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed =
    1;  // the command ran and its answer is no: not clean, not allowed, not found
inline constexpr int kExitInvalid = 2;    // the input or the command line is wrong; nothing was done
inline constexpr int kExitUnchecked = 3;  // audits: it could not be checked, so nothing is known

// Thrown by a command's callback after it has said why on stderr; caught in main only.
struct Exit {
  int code = kExitFailed;
};

}  // namespace crossline::tools
