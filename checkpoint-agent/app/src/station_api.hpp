// The station page's API over HTTP (station-api.yaml).
#pragma once

#include "crossline/agent/station_host.hpp"
#include "crossline/runtime/http_message.hpp"
#include "crossline/runtime/http_router.hpp"
#include "crossline/runtime/http_static.hpp"
#include "officers.hpp"
#include "station_json.hpp"

#include <memory>
#include <string>
#include <vector>

namespace crossline::agent {

// Shared by all requests; the host outlives it.
struct StationApi {
  StationApi(StationHost* host, std::shared_ptr<const PageSettings> page);

  StationHost* host;
  std::shared_ptr<const PageSettings> page;
  PinGate gate;                // on the thread of `pins`
  runtime::BlockingPool pins;  // where PINs are checked, one at a time; last: its jobs end first
};

// The problem that an error of the station is on this API.
[[nodiscard]] runtime::HttpResponse problem_of(const Error& error);

void add_station_routes(runtime::HttpRouter& router, const std::shared_ptr<StationApi>& api);

// Refuses requests of other sites (`hosts`: the Host values that are ours) and API requests without
// X-Crossline-Station, leads `/` to the page, and hands the rest to the router.
[[nodiscard]] runtime::HttpHandler guard_station(std::shared_ptr<const runtime::HttpRouter> router,
                                                 std::vector<std::string> hosts);

}  // namespace crossline::agent
