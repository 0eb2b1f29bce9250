// A complete line in one folder: keys, certificates, configurations, accounts, officers, and line.json, which
// says where everything is. For trying out, for the demo and for tests: at a real line each party makes its
// own part.
#pragma once

#include "crossline/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace crossline::tools {

struct SetupOptions {
  std::filesystem::path folder;  // made; must not hold a line yet
  std::string line = "river-line";
  std::vector<std::string>
      checkpoints;                  // an A post and a B post each; empty: all that the procedure declares
  std::filesystem::path procedure;  // TOML
  std::filesystem::path console;    // the built pages; empty: none
  std::uint16_t https_port = 0;     // 0: a free one is chosen
  std::uint16_t agents_port = 0;
  std::uint16_t station_port = 0;  // of the first post; the others follow
  std::uint32_t extra_agents = 0;  // load-01, load-02, ...: enrolled, without a configuration
};

// kConflict when the folder holds a line already, kMalformed with every problem of the procedure,
// kInvalidArgument when it does not say who signs it, does not declare a checkpoint that is asked for, or
// there are too few ports: nothing is made then.
Result<void> set_up_line(const SetupOptions& options);

}  // namespace crossline::tools
