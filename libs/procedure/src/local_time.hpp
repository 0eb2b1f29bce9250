// Local dates and times in text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crossline::procedure {

// "2026-10-01" to days since 1970-01-01; nothing for anything that is not a date of the calendar.
[[nodiscard]] std::optional<std::int64_t> parse_date(std::string_view text);
// "2026-10-01T07:30:00" (or a date alone, its midnight) to seconds since 1970-01-01T00:00:00.
[[nodiscard]] std::optional<std::int64_t> parse_local_time(std::string_view text);
// "2026-10-01" and "2026-10-01T07:30:00".
[[nodiscard]] std::string format_date(std::int64_t day);
[[nodiscard]] std::string format_local_time(std::int64_t seconds);

}  // namespace crossline::procedure
