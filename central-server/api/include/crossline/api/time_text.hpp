// Instants and days as the API writes them: ISO 8601.
#pragma once

#include "crossline/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crossline::api {

// "2026-10-01T07:00:00.000Z"
[[nodiscard]] std::string instant_text(UtcMillis instant);
// Requires UTC ("Z"); seconds may be followed by up to three decimals. Nothing otherwise.
[[nodiscard]] std::optional<UtcMillis> parse_instant(std::string_view text);

// A day is a number of days since 1970-01-01, in text "2026-10-01". Years 0001 to 9999.
[[nodiscard]] std::string day_text(std::int32_t day);
[[nodiscard]] std::optional<std::int32_t> parse_day(std::string_view text);

enum class GroupBy : std::uint8_t { kDay, kWeek, kMonth };
[[nodiscard]] std::string_view name_of(GroupBy group_by);
[[nodiscard]] std::optional<GroupBy> group_by_from(std::string_view name);
// First day of the day, week (from Monday) or month that `day` lies in.
[[nodiscard]] std::int32_t period_of(std::int32_t day, GroupBy group_by);

}  // namespace crossline::api
