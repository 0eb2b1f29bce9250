// `crossline travellers`: prints generated travellers, one JSON object a line.
#pragma once

#include <CLI/App.hpp>

namespace crossline::tools {

void add_travellers_command(CLI::App& app);

}  // namespace crossline::tools
