// `crossline procedure keygen | sign | merge | verify`: how the parties sign an edition, each on its own
// machine.
#pragma once

#include <CLI/CLI.hpp>

namespace crossline::tools {

// Adds the commands under `procedure`; their callbacks throw Exit for anything but success.
void add_signing_commands(CLI::App& procedure);

}  // namespace crossline::tools
