// What `crossline-server` can be asked to do. Each says on stderr what went wrong and returns the exit code
// (docs/operating-server.md).
#pragma once

#include <filesystem>
#include <string>

namespace crossline::server {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;   // it started and could not go on
inline constexpr int kExitInvalid = 2;  // the command line or the configuration is wrong
inline constexpr int kExitOlder =
    3;  // the disk is older than what a witness remembers, or has lost its ledger

int run_server(const std::filesystem::path& config);
int check_config(const std::filesystem::path& config, bool json);

// Agents whose journals have shown two histories, and what for, one a line; of a server that runs or not.
int list_suspensions(const std::filesystem::path& config);
// Lets a suspended agent come back. The server must not be running.
int lift_suspension(const std::filesystem::path& config, const std::string& agent);

}  // namespace crossline::server
