// `crossline proof`: checks proofs of misbehaviour.
#pragma once

#include <CLI/App.hpp>

namespace crossline::tools {

void add_proof_command(CLI::App& app);

}  // namespace crossline::tools
