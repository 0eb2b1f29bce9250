#include "crossline/documents/dates.hpp"

#include <charconv>

#include <fmt/format.h>

namespace crossline::documents {
namespace {

using std::chrono::day;
using std::chrono::last;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;

// Whole years from `birth` to `today`. Comparing month and day makes 29 February come due on 1 March
// in a year that has no such day.
int years_between(CivilDate birth, CivilDate today) {
  const int years = static_cast<int>(today.year()) - static_cast<int>(birth.year());
  const bool birthday_reached = today.month() / today.day() >= birth.month() / birth.day();
  return birthday_reached ? years : years - 1;
}

template <class Number>
bool parse_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

PartialDate to_partial(CivilDate date) {
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

std::string to_iso(const PartialDate& date) {
  if (!date.year) return "";
  if (!date.month) return fmt::format("{:04}", *date.year);
  if (!date.day) return fmt::format("{:04}-{:02}", *date.year, *date.month);
  return fmt::format("{:04}-{:02}-{:02}", *date.year, *date.month, *date.day);
}

std::string to_iso(CivilDate date) {
  return to_iso(to_partial(date));
}

std::optional<CivilDate> parse_iso_date(std::string_view text) {
  int y = 0;
  unsigned m = 0;
  unsigned d = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || text[0] == '-') return std::nullopt;
  if (!parse_number(text.substr(0, 4), y) || !parse_number(text.substr(5, 2), m) ||
      !parse_number(text.substr(8), d)) {
    return std::nullopt;
  }
  const CivilDate date = year(y) / month(m) / day(d);
  if (!date.ok()) return std::nullopt;
  return date;
}

std::optional<DateRange> range_of(const PartialDate& date) {
  if (!date.year) return std::nullopt;
  const year y(*date.year);
  if (!date.month) return DateRange{y / 1 / 1, y / 12 / 31};
  const month m(*date.month);
  if (!date.day) return DateRange{y / m / 1, CivilDate(y / m / last)};
  const CivilDate whole = y / m / day(*date.day);
  return DateRange{whole, whole};
}

std::optional<AgeRange> age_range_on(const PartialDate& birth, CivilDate day) {
  const auto range = range_of(birth);
  if (!range) return std::nullopt;
  return AgeRange{.least = years_between(range->last, day), .most = years_between(range->first, day)};
}

std::optional<int> age_on(const PartialDate& birth, CivilDate day) {
  const auto ages = age_range_on(birth, day);
  if (!ages || ages->least != ages->most) return std::nullopt;
  return ages->least;
}

std::optional<int> days_until(const PartialDate& expiry, CivilDate day) {
  const auto range = range_of(expiry);
  if (!range || range->first != range->last) return std::nullopt;
  return static_cast<int>((sys_days(range->first) - sys_days(day)).count());
}

}  // namespace crossline::documents
