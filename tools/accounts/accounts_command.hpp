// `crossline accounts`: who may sign in to the server.
#pragma once

#include <CLI/CLI.hpp>

namespace crossline::tools {

// Adds the command with its subcommands add, list, disable and set-password.
void add_accounts_command(CLI::App& app);

}  // namespace crossline::tools
