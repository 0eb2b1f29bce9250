#include "crossline/base/time.hpp"

#include <chrono>

#include <fmt/format.h>

namespace crossline {

std::string format_utc(UtcMillis instant) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds{instant.ms}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (const auto ms = clock.subseconds().count(); ms != 0) text += fmt::format(".{:03}", ms);
  text += 'Z';
  return text;
}

}  // namespace crossline
