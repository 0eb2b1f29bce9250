// `crossline witness`: a party's witness over the ledger.
#pragma once

#include <filesystem>

namespace CLI {
class App;
}

namespace crossline::tools {

void add_witness_command(CLI::App& app);

// Reads a witness's configuration and all it names; prints its public key and what it watches over, or says
// what is wrong and throws Exit.
void check_witness_config(const std::filesystem::path& path, bool json);

}  // namespace crossline::tools
