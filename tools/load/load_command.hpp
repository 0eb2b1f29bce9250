// `crossline load`: signed load against a running server, measured.
#pragma once

#include <CLI/App.hpp>

namespace crossline::tools {

void add_load_command(CLI::App& app);

}  // namespace crossline::tools
