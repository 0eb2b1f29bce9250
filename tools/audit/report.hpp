// How an audit's report is shown.
#pragma once

#include "crossline/audit/auditor.hpp"

#include <string>

namespace crossline::tools {

// For people: what was checked, every finding with its evidence, and one word at the end.
[[nodiscard]] std::string report_in_words(const audit::Report& report);

// Prints the report, as JSON or in words; throws Exit{kExitFailed} when it is not clean.
void print_report(const audit::Report& report, bool json);

}  // namespace crossline::tools
