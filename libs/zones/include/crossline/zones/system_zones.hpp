// The system's time-zone database as a port of the procedure library. Only sealing needs it.
#pragma once

#include "crossline/procedure/timeline.hpp"

#include <string_view>

namespace crossline::zones {

// Reads the database on first use and keeps it for the life of the process; any thread.
class SystemZones : public procedure::ZoneRules {
 public:
  // kNotFound with the nearest known name for an unknown zone; kUnavailable without a database.
  [[nodiscard]] Result<procedure::ZoneOffsets> offsets(std::string_view zone, std::int64_t from_s,
                                                       std::int64_t until_s) const override;
};

}  // namespace crossline::zones
