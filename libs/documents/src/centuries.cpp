#include "centuries.hpp"

#include "field_check.hpp"

namespace crossline::documents {
namespace {

constexpr int kLongestLifeYears = 120;
constexpr int kExpiryYearsBack = 50;

// The date in the century that begins with `century` (a multiple of 100), if it exists there.
std::optional<PartialDate> in_century(const ShortDate& date, int century) {
  PartialDate whole;
  whole.year = century + *date.year_of_century;
  if (!date.month) return whole;
  whole.month = date.month;
  whole.day = date.day;
  const auto range = range_of(whole);
  if (!range->first.ok()) return std::nullopt;
  return whole;
}

}  // namespace

MrzDate birth_date(std::string_view yymmdd, CivilDate today) {
  MrzDate birth;
  birth.raw = yymmdd;
  const auto date = parse_yymmdd(yymmdd);
  if (!date || !date->year_of_century) return birth;
  const int this_century = static_cast<int>(today.year()) / 100 * 100;
  for (int century = this_century; century >= this_century - 100; century -= 100) {
    const auto candidate = in_century(*date, century);
    if (!candidate || range_of(*candidate)->first > today) continue;
    if (!birth.date.year) {
      birth.date = *candidate;
    } else if (age_range_on(*candidate, today)->least < kLongestLifeYears) {
      birth.other_century = candidate;
    }
  }
  return birth;
}

MrzDate expiry_date(std::string_view yymmdd, CivilDate today) {
  MrzDate expiry;
  expiry.raw = yymmdd;
  const auto date = parse_yymmdd(yymmdd);
  if (!date || !date->year_of_century || !date->month || !date->day) return expiry;
  const int first_year = static_cast<int>(today.year()) - kExpiryYearsBack;
  int century = first_year / 100 * 100;
  if (century + *date->year_of_century < first_year) century += 100;
  expiry.date = in_century(*date, century).value_or(PartialDate{});
  return expiry;
}

}  // namespace crossline::documents
