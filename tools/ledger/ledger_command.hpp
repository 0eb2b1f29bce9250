// `crossline ledger`: checks a store file.
#pragma once

#include <CLI/App.hpp>

namespace crossline::tools {

void add_ledger_command(CLI::App& app);

}  // namespace crossline::tools
