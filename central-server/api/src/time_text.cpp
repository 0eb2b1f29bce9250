#include "crossline/api/time_text.hpp"

#include "crossline/documents/dates.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace crossline::api {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::array<std::string_view, 3> kGroupNames{"day", "week", "month"};

year_month_day calendar(std::int32_t day) {
  return sys_days(days(day));
}

// Exactly `digits` decimal digits at `position`; -1 when there is something else.
int number_at(std::string_view text, std::size_t position, std::size_t digits) {
  if (position + digits > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(position, digits)) {
    if (c < '0' || c > '9') return -1;
    value = 10 * value + (c - '0');
  }
  return value;
}

bool has(std::string_view text, std::size_t position, char c) {
  return position < text.size() && text[position] == c;
}

// ".5" is 500; nothing when it is no fraction of one to three digits.
std::optional<int> fraction_ms(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != '.' || text.size() < 2 || text.size() > 4) return std::nullopt;
  int value = number_at(text, 1, text.size() - 1);
  if (value < 0) return std::nullopt;
  for (std::size_t digits = text.size() - 1; digits < 3; ++digits) value *= 10;
  return value;
}

}  // namespace

std::string instant_text(UtcMillis instant) {
  const std::int64_t day = (instant.ms - (instant.ms < 0 ? kDayMs - 1 : 0)) / kDayMs;
  const std::int64_t ms = instant.ms - day * kDayMs;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", day_text(static_cast<std::int32_t>(day)), ms / 3'600'000,
                     ms / 60'000 % 60, ms / 1'000 % 60, ms % 1'000);
}

std::optional<UtcMillis> parse_instant(std::string_view text) {
  if (text.size() < 20 || text.back() != 'Z') return std::nullopt;
  const auto day = parse_day(text.substr(0, 10));
  const int hour = number_at(text, 11, 2);
  const int minute = number_at(text, 14, 2);
  const int second = number_at(text, 17, 2);
  const auto fraction = fraction_ms(text.substr(19, text.size() - 20));
  if (!day || !fraction || !has(text, 10, 'T') || !has(text, 13, ':') || !has(text, 16, ':'))
    return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  return UtcMillis{*day * kDayMs + ((hour * 60 + minute) * 60 + second) * std::int64_t{1'000} + *fraction};
}

std::string day_text(std::int32_t day) {
  return documents::to_iso(calendar(day));
}

std::optional<std::int32_t> parse_day(std::string_view text) {
  const auto date = documents::parse_iso_date(text);
  if (!date) return std::nullopt;
  return static_cast<std::int32_t>(sys_days(*date).time_since_epoch().count());
}

std::string_view name_of(GroupBy group_by) {
  return kGroupNames[std::to_underlying(group_by)];
}

std::optional<GroupBy> group_by_from(std::string_view name) {
  const auto found = std::find(kGroupNames.begin(), kGroupNames.end(), name);
  if (found == kGroupNames.end()) return std::nullopt;
  return static_cast<GroupBy>(found - kGroupNames.begin());
}

std::int32_t period_of(std::int32_t day, GroupBy group_by) {
  switch (group_by) {
    case GroupBy::kDay:
      return day;
    case GroupBy::kWeek:
      return day - static_cast<std::int32_t>(std::chrono::weekday(sys_days(days(day))).iso_encoding() - 1);
    case GroupBy::kMonth:
      return day - static_cast<std::int32_t>(static_cast<unsigned>(calendar(day).day()) - 1);
  }
  std::unreachable();
}

}  // namespace crossline::api
