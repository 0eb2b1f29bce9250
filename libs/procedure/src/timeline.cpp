#include "crossline/procedure/timeline.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/text.hpp"
#include "time_units.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace crossline::procedure {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// 1970-01-01 was a Thursday.
int weekday_of(std::int64_t day) {
  return static_cast<int>(((day + 3) % 7 + 7) % 7);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<int> weekday_from(std::string_view name) {
  const auto found = std::ranges::find(kWeekdays, name);
  if (found == kWeekdays.end()) return std::nullopt;
  return static_cast<int>(found - kWeekdays.begin());
}

// "HH:MM", up to and including 24:00, in seconds.
std::optional<std::int64_t> time_of_day(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
    return std::nullopt;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (minutes > 59 || hours > 24 || (hours == 24 && minutes != 0)) return std::nullopt;
  return hours * 3600 + minutes * 60;
}

// "07:00-18:30" in seconds of the day it starts on.
Result<std::pair<std::int64_t, std::int64_t>> span_of(std::string_view text) {
  const auto dash = text.find('-');
  const auto start =
      dash == std::string_view::npos ? std::nullopt : time_of_day(trimmed(text.substr(0, dash)));
  const auto end =
      dash == std::string_view::npos ? std::nullopt : time_of_day(trimmed(text.substr(dash + 1)));
  if (!start || !end || *start == *end || *start == kDay_s)
    return fail(ErrorCode::kMalformed, "'{}' is not a span of time such as 07:00-18:30", text);
  return std::pair{*start, *end > *start ? *end : *end + kDay_s};
}

// "mon-fri" or "sun" as the days it names; "sat-mon" goes round the end of the week.
Result<std::vector<int>> weekdays_of(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = weekday_from(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : weekday_from(text.substr(dash + 1));
  if (!first || !last)
    return fail(ErrorCode::kMalformed, "'{}' does not name days such as mon, sat-sun or mon-fri", text);
  std::vector<int> days;
  for (int day = *first;; day = (day + 1) % 7) {
    days.push_back(day);
    if (day == *last) return days;
  }
}

}  // namespace

bool Timeline::contains(UtcMillis instant) const {
  const std::int64_t second = floor_div(instant.ms, 1000);
  const auto after = std::ranges::upper_bound(boundaries_s_, second);
  return (after - boundaries_s_.begin()) % 2 == 1;
}

std::int64_t ZoneOffsets::at(std::int64_t utc_s) const {
  CROSSLINE_ASSERT(!changes_.empty());
  const auto after = std::ranges::upper_bound(changes_, utc_s, {}, &ZoneOffset::since_s);
  return after == changes_.begin() ? changes_.front().offset_s : std::prev(after)->offset_s;
}

std::int64_t ZoneOffsets::local_day(UtcMillis instant) const {
  const std::int64_t utc_s = floor_div(instant.ms, 1000);
  return floor_div(utc_s + at(utc_s), kDay_s);
}

std::int64_t ZoneOffsets::to_utc(std::int64_t local_s) const {
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const std::int64_t utc_s = local_s - changes_[i].offset_s;
    if (i > 0 && utc_s < changes_[i].since_s) return changes_[i].since_s;  // skipped
    if (i + 1 == changes_.size() || utc_s < changes_[i + 1].since_s) return utc_s;
  }
  return local_s;
}

Result<WeekPattern> WeekPattern::parse(std::map<std::string, std::string> written) {
  WeekPattern pattern;
  std::array<bool, 7> named{};
  for (const auto& [days, times] : written) {
    CROSSLINE_TRY(const auto weekdays, weekdays_of(days));
    for (const int weekday : weekdays) {
      if (std::exchange(named[static_cast<std::size_t>(weekday)], true))
        return fail(ErrorCode::kMalformed, "'{}' names {} a second time", days,
                    kWeekdays[static_cast<std::size_t>(weekday)]);
      for (const std::string_view piece : split(times, ',')) {
        CROSSLINE_TRY(const auto span, span_of(trimmed(piece)));
        pattern.spans_.push_back({weekday, span.first, span.second});
      }
    }
  }
  pattern.written_ = std::move(written);
  return pattern;
}

LocalSpans WeekPattern::on_days(std::int64_t first_day, std::int64_t last_day) const {
  LocalSpans spans;
  // A span of the day before may reach past midnight.
  for (std::int64_t day = first_day - 1; day <= last_day; ++day)
    for (const Span& span : spans_)
      if (span.weekday == weekday_of(day))
        spans.emplace_back(day * kDay_s + span.start_s, day * kDay_s + span.end_s);
  return spans;
}

Timeline expand(const LocalSpans& spans, const ZoneOffsets& offsets, std::int64_t from_s,
                std::int64_t until_s) {
  std::vector<std::pair<std::int64_t, std::int64_t>> open;
  const auto& changes = offsets.changes();
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const std::int64_t begin = i == 0 ? from_s : std::max(from_s, changes[i].since_s);
    const std::int64_t end = i + 1 == changes.size() ? until_s : std::min(until_s, changes[i + 1].since_s);
    for (const auto& [start, stop] : spans) {
      const std::int64_t first = std::max(begin, start - changes[i].offset_s);
      const std::int64_t last = std::min(end, stop - changes[i].offset_s);
      if (first < last) open.emplace_back(first, last);
    }
  }
  std::ranges::sort(open);
  std::vector<std::int64_t> boundaries;
  for (const auto& [first, last] : open) {
    if (!boundaries.empty() && first <= boundaries.back()) {
      boundaries.back() = std::max(boundaries.back(), last);
    } else {
      boundaries.push_back(first);
      boundaries.push_back(last);
    }
  }
  return Timeline(std::move(boundaries));
}

}  // namespace crossline::procedure
