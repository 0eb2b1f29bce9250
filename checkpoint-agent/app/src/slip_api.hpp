// Slips over the station's HTTP: issuing one, printing it, reading another post's.
#pragma once

#include "crossline/runtime/http_router.hpp"
#include "station_api.hpp"

#include <memory>

namespace crossline::agent {

// POST /api/v1/slips and GET /api/v1/slips/{journal_index}.
void add_slip_routes(runtime::HttpRouter& router, const std::shared_ptr<StationApi>& api);
// The printable page GET /slip/{journal_index}?language=ru. It asks for no header: a window opens it.
void add_slip_page(runtime::HttpRouter& router, const std::shared_ptr<StationApi>& api);

}  // namespace crossline::agent
