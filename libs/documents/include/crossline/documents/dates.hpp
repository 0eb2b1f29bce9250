// Dates as documents give them: parts may be unknown, and the century is never printed.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace crossline::documents {

using CivilDate = std::chrono::year_month_day;

// A date of which the day, or the day and the month, or all may be unknown. Invariant of everything the
// library returns: a day is known only with its month, a month only with its year, and a full date exists.
struct PartialDate {
  std::optional<int> year;
  std::optional<unsigned> month;
  std::optional<unsigned> day;

  friend bool operator==(const PartialDate&, const PartialDate&) = default;
};

[[nodiscard]] PartialDate to_partial(CivilDate date);
// "1974-08-12", "1974-08", "1974", or "" when nothing is known.
[[nodiscard]] std::string to_iso(const PartialDate& date);
[[nodiscard]] std::string to_iso(CivilDate date);
// A whole existing date "YYYY-MM-DD"; nothing otherwise.
[[nodiscard]] std::optional<CivilDate> parse_iso_date(std::string_view text);

// First and last day the date may mean; nothing when the year is unknown.
struct DateRange {
  CivilDate first;
  CivilDate last;
};
[[nodiscard]] std::optional<DateRange> range_of(const PartialDate& date);

// Ages in whole years that are possible on `day`; negative before birth.
struct AgeRange {
  int least = 0;
  int most = 0;
};
// Someone born on 29 February reaches an age on 1 March of other years.
[[nodiscard]] std::optional<AgeRange> age_range_on(const PartialDate& birth, CivilDate day);
// The age when every day the birth date may mean gives the same one; nothing when it cannot be decided.
[[nodiscard]] std::optional<int> age_on(const PartialDate& birth, CivilDate day);
// Days from `day` to the last day of validity: 0 on that day, negative once expired. Nothing unless the
// date is whole.
[[nodiscard]] std::optional<int> days_until(const PartialDate& expiry, CivilDate day);

}  // namespace crossline::documents
