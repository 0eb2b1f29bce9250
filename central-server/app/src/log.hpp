// The server's log: one JSON object a line on standard error, without personal data.
#pragma once

#include "crossline/runtime/task.hpp"

namespace crossline::server {

// Any thread.
[[nodiscard]] runtime::LogFn make_log();

}  // namespace crossline::server
