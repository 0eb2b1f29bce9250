// What `crossline-agent` can be asked to do. Each says on stderr what went wrong and returns the exit code
// (docs/operating-agent.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace crossline::agent {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;   // it started and could not go on
inline constexpr int kExitInvalid = 2;  // the command line, the configuration or the input is wrong

int run_agent(const std::filesystem::path& config);

struct ScanOptions {
  std::string direction;  // empty: the first of the post's
  std::string officer = "pipe";
  std::string category;
  std::uint64_t connect_ms = 2'000;
};
int run_scan(const std::filesystem::path& config, const ScanOptions& options);

int check_config(const std::filesystem::path& config, bool json);

struct OfficerOptions {
  std::filesystem::path file;
  std::string id;
  std::string language = "en";
  std::vector<std::string> roles = {"staff"};
};
int add_officer(const OfficerOptions& options);

}  // namespace crossline::agent
