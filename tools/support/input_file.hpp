// The files that a command line names: what cannot be read is told in one line, and is wrong input
// (kExitInvalid) in every command.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace crossline::tools {

// Why `path` is not a file (folder) that can be opened, naming it, and its nearest neighbour where the name
// looks mistyped; empty when it is one. As a check of CLI11's options as well, which then name the option.
[[nodiscard]] std::string why_no_file(const std::filesystem::path& path);
[[nodiscard]] std::string why_no_folder(const std::filesystem::path& path);

// The whole file. Ends the command (kExitInvalid) when it cannot be read or is larger than `max_bytes`.
[[nodiscard]] std::string read_input(const std::filesystem::path& path, std::size_t max_bytes);
// The same of a private key. One that others may read ends the command as a failure (kExitFailed).
[[nodiscard]] std::string read_secret_input(const std::filesystem::path& path, std::size_t max_bytes);

}  // namespace crossline::tools
