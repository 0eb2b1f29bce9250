// `crossline procedure`: new, check, show, seal, explain, test, and the commands that sign.
#pragma once

#include <CLI/CLI.hpp>

namespace crossline::tools {

// Adds the command and its subcommands; their callbacks throw Exit for anything but success.
void add_procedure_command(CLI::App& app);

}  // namespace crossline::tools
