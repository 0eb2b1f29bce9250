// `crossline procedure submit`: hands a signed edition to a running server.
#pragma once

#include <CLI/CLI.hpp>

namespace crossline::tools {

void add_submit_command(CLI::App& procedure);

}  // namespace crossline::tools
