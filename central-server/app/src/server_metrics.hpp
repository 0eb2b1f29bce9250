// The server's counters as its HTTPS side publishes them.
#pragma once

#include "crossline/api/metrics.hpp"
#include "crossline/engine/counters.hpp"
#include "crossline/engine/view_thread.hpp"

#include <vector>

namespace crossline::server {

// Does not block.
[[nodiscard]] std::vector<api::Metric> metrics_of(const Counters& counters, const ViewThread& views);

}  // namespace crossline::server
