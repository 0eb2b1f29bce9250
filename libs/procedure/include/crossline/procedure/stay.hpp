// Days of presence within a moving window: "no more than 90 days in any 180", days of entry and exit both
// counted.
#pragma once

#include "crossline/base/time.hpp"
#include "crossline/procedure/facts.hpp"
#include "crossline/procedure/timeline.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace crossline::procedure {

// Local days of presence, both included; days since 1970-01-01 of the procedure's clock.
struct DaySpan {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

// Distinct days of presence in [day - (window - 1), day]. The spans may overlap and stand in any order.
[[nodiscard]] std::int64_t used_days(std::span<const DaySpan> spans, std::int64_t day, std::int64_t window);

// How many days on end somebody may stay who enters on `day` after `spans`: the longest run of days from
// `day` on of which each, with all days since `day` counted, has at most `most` used days in its window. 0
// when not even `day` itself is legal; at most `window` is reported for a stay that never becomes illegal.
[[nodiscard]] std::int64_t longest_stay(std::span<const DaySpan> spans, std::int64_t day, std::int64_t most,
                                        std::int64_t window);

// Distinct local days of presence within the `window` days that end with the day of `instant`; that day
// counts whether or not a stay covers it, since whoever is decided about is about to be there.
[[nodiscard]] std::int64_t used_days(std::span<const Stay> stays, const ZoneOffsets& offsets,
                                     UtcMillis instant, std::int64_t window);

// The same for several windows at once: `used[i]` for `windows[i]`. Requires as many of one as of the other.
void count_used_days(std::span<const Stay> stays, const ZoneOffsets& offsets, UtcMillis instant,
                     std::span<const std::int64_t> windows, std::span<std::int64_t> used);

// Local days between the end of the last stay and `instant`: 0 while it lasts and on the day it ended;
// nothing when there was no stay.
[[nodiscard]] std::optional<std::int64_t> days_absent(std::span<const Stay> stays, const ZoneOffsets& offsets,
                                                      UtcMillis instant);

}  // namespace crossline::procedure
