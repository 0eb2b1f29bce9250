// agent.toml and the files it names (docs/operating-agent.md).
#pragma once

#include "crossline/agent/link.hpp"
#include "crossline/agent/post_editions.hpp"
#include "crossline/agent/reader.hpp"
#include "crossline/agent/settings.hpp"
#include "crossline/base/result.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "evidence.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace crossline::agent {

struct AgentConfig {
  Settings settings;
  LinkOptions link;
  std::string journal_key_pem;
  ConfiguredProcedure procedure;   // to start with
  std::filesystem::path data;      // folder
  std::filesystem::path officers;  // file
  std::filesystem::path pages;     // folder; empty: the API alone is served
  std::string listen_address;
  std::uint16_t listen_port = 0;
  std::string terminator;  // of a keyboard reader: "enter", "tab"
  std::optional<ReaderOptions> reader;
  WitnessOptions witness;  // of the other party: told when the server shows two ledgers
};

// Reads the file and everything it names but the officers and the pages. Errors name file, line, column and
// what to write instead; kForbidden for a secret that others may read.
Result<AgentConfig> read_config(const std::filesystem::path& path);

}  // namespace crossline::agent
