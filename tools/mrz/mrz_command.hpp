// `crossline mrz`: reads machine readable zones and says what is in them.
#pragma once

#include <CLI/App.hpp>

namespace crossline::tools {

void add_mrz_command(CLI::App& app);

}  // namespace crossline::tools
