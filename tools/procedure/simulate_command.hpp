// `crossline procedure simulate`: an edition over a recorded ledger.
#pragma once

#include <CLI/CLI.hpp>

namespace crossline::tools {

// Adds the command under `procedure`; its callback throws Exit for anything but success.
void add_simulate_command(CLI::App& procedure);

}  // namespace crossline::tools
