// `crossline setup`: a complete line in one folder.
#pragma once

#include <CLI/App.hpp>

namespace crossline::tools {

void add_setup_command(CLI::App& app);

}  // namespace crossline::tools
