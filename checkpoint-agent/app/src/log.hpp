// The agent's log.
#pragma once

#include "crossline/runtime/log.hpp"

namespace crossline::agent {

// Any thread.
[[nodiscard]] inline runtime::LogFn make_log() {
  return runtime::make_log("crossline-agent");
}

}  // namespace crossline::agent
