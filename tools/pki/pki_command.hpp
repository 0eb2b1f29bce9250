// `crossline pki`: init, enrol, revoke, list.
#pragma once

#include <CLI/CLI.hpp>

namespace crossline::tools {

void add_pki_command(CLI::App& app);

}  // namespace crossline::tools
