// Where a password comes from: never from the command line, which every process of the machine can read.
#pragma once

#include "crossline/base/result.hpp"

#include <filesystem>
#include <string>

namespace crossline::tools {

// The first line of a file. kForbidden unless its owner alone may read it, kInvalidArgument when it is too
// long.
Result<std::string> password_from_file(const std::filesystem::path& path);

// A new password: the first line of standard input. On a terminal it asks on stderr, twice, and does not show
// what is typed. kInvalidArgument when there is none, it is too long, or the two differ.
Result<std::string> password_from_stdin();

// The same of a password that somebody has already: a terminal is asked once.
Result<std::string> own_password_from_stdin();

}  // namespace crossline::tools
