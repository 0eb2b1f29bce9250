// `crossline procedure analyse | diff`: what an edition does, and whom the next one decides otherwise.
#pragma once

#include <CLI/CLI.hpp>

namespace crossline::tools {

// Adds the commands under `procedure`; their callbacks throw Exit for anything but success.
void add_analysis_commands(CLI::App& procedure);

}  // namespace crossline::tools
