#include "crossline/zones/system_zones.hpp"

#include "crossline/base/text.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>
#include <vector>

#include <date/tz.h>

namespace crossline::zones {
namespace {

date::sys_seconds at(std::int64_t utc_s) {
  return date::sys_seconds(std::chrono::seconds(utc_s));
}

Result<const date::time_zone*> find_zone(const date::tzdb& database, std::string_view name) {
  std::vector<std::string_view> known;
  for (const date::time_zone& zone : database.zones) {
    if (zone.name() == name) return &zone;
    known.push_back(zone.name());
  }
  const auto nearest = nearest_name(name, known);
  return nearest ? Result<const date::time_zone*>(
                       fail(ErrorCode::kNotFound, "unknown clock '{}'; did you mean '{}'?", name, *nearest))
                 : Result<const date::time_zone*>(fail(ErrorCode::kNotFound, "unknown clock '{}'", name));
}

}  // namespace

Result<procedure::ZoneOffsets> SystemZones::offsets(std::string_view zone, std::int64_t from_s,
                                                    std::int64_t until_s) const {
  try {
    CROSSLINE_TRY(const date::time_zone* found, find_zone(date::get_tzdb(), zone));
    std::vector<procedure::ZoneOffset> changes;
    for (std::int64_t since_s = from_s; since_s < until_s;) {
      const date::sys_info info = found->get_info(at(since_s));
      if (changes.empty() || changes.back().offset_s != info.offset.count())
        changes.push_back({since_s, info.offset.count()});
      since_s = info.end.time_since_epoch().count();
    }
    return procedure::ZoneOffsets(std::move(changes));
  } catch (const std::exception& error) {
    return fail(ErrorCode::kUnavailable, "the system's time-zone database cannot be used: {}", error.what());
  }
}

}  // namespace crossline::zones
