// witness.toml, and what it names (docs/operating-witness.md).
#pragma once

#include "crossline/config/config.hpp"
#include "crossline/merkle/note.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace crossline::tools {

struct WitnessConfig {
  std::string name;     // of its key
  std::string key_pem;  // Ed25519
  std::filesystem::path data;
  config::Reader::Endpoint listen;
  std::string certificate_pem;  // empty: plain HTTP
  std::string private_key_pem;
  std::vector<merkle::NoteVerifierKey> logs;
};

// Relative paths are relative to the file. The error says which file, and where in it.
Result<WitnessConfig> read_witness_config(const std::filesystem::path& path);

}  // namespace crossline::tools
