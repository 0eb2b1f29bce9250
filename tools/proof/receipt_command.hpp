// `crossline proof receipt`: whether an entry stands in the ledger, offline.
#pragma once

#include <CLI/App.hpp>

namespace crossline::tools {

// Adds it to `crossline proof`.
void add_receipt_command(CLI::App& proof);

}  // namespace crossline::tools
