// The witness as a server.
#pragma once

#include "tools/witness/witness_config.hpp"

namespace crossline::tools {

// Listens, says on standard output where, and serves until SIGTERM or SIGINT. Log lines go to standard error.
Result<void> run_witness(const WitnessConfig& config);

}  // namespace crossline::tools
