// What `config check` says of a program's file: the same for all programs.
#pragma once

#include "crossline/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::config {

// Of a file with which the program starts.
struct InOrder {
  std::string summary;                // one line: what it is the file of
  std::vector<std::string> warnings;  // surely not meant, but no reason not to start
};

// Says on stdout what is in order, and on stderr, behind the program's name, what is wrong or surely not
// meant. With `json` all of it is one object on stdout: file, valid, and summary and warnings or problems.
// Returns the exit code: 0 in order, 1 stdout takes nothing, 2 wrong.
[[nodiscard]] int tell_check(std::string_view program, const std::filesystem::path& file,
                             const Result<InOrder>& checked, bool json);

}  // namespace crossline::config
