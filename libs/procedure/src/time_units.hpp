// Units of time that several sources count in.
#pragma once

#include <cstdint>

namespace crossline::procedure {

inline constexpr std::int64_t kDay_s = 86'400;
inline constexpr std::int64_t kHour_ms = 3'600'000;

}  // namespace crossline::procedure
