#include "crossline/documents/dates.hpp"

#include "crossline/documents/check_digit.hpp"
#include "tests/unit/documents/specimens.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace crossline::documents {
namespace {

using namespace std::chrono_literals;

TEST(Age, CountsWholeYearsFromBirthdayToBirthday) {
  const PartialDate birth = to_partial(1974y / 8 / 12);
  EXPECT_EQ(age_on(birth, 1990y / 8 / 11), 15);
  EXPECT_EQ(age_on(birth, 1990y / 8 / 12), 16);
  EXPECT_EQ(age_on(birth, 1974y / 8 / 12), 0);
  EXPECT_EQ(age_on(birth, 1974y / 8 / 11), -1);
}

TEST(Age, OfALeapDayIsReachedOnTheFirstOfMarchInOtherYears) {
  const PartialDate birth = to_partial(2008y / 2 / 29);
  EXPECT_EQ(age_on(birth, 2026y / 2 / 28), 17);
  EXPECT_EQ(age_on(birth, 2026y / 3 / 1), 18);
  EXPECT_EQ(age_on(birth, 2024y / 2 / 28), 15);
  EXPECT_EQ(age_on(birth, 2024y / 2 / 29), 16);
}

TEST(Age, IsUnknownOnlyWhileTheMissingPartsMatter) {
  const PartialDate year_only{2010, std::nullopt, std::nullopt};
  EXPECT_EQ(age_on(year_only, 2026y / 6 / 1), std::nullopt);
  EXPECT_EQ(age_on(year_only, 2026y / 12 / 31), 16);
  const auto possible = age_range_on(year_only, 2026y / 6 / 1);
  ASSERT_TRUE(possible.has_value());
  EXPECT_EQ(possible->least, 15);
  EXPECT_EQ(possible->most, 16);

  const PartialDate month_known{2010, 8, std::nullopt};
  EXPECT_EQ(age_on(month_known, 2026y / 7 / 31), 15);
  EXPECT_EQ(age_on(month_known, 2026y / 8 / 15), std::nullopt);
  EXPECT_EQ(age_on(month_known, 2026y / 8 / 31), 16);
  EXPECT_EQ(age_on(PartialDate{}, 2026y / 8 / 31), std::nullopt);
}

TEST(DaysUntil, IsZeroOnTheLastDayAndNegativeAfterIt) {
  const PartialDate expiry = to_partial(2026y / 11 / 24);
  EXPECT_EQ(days_until(expiry, 2026y / 11 / 24), 0);
  EXPECT_EQ(days_until(expiry, 2026y / 11 / 25), -1);
  EXPECT_EQ(days_until(expiry, 2026y / 10 / 25), 30);
  EXPECT_EQ(days_until(PartialDate{}, 2026y / 10 / 25), std::nullopt);
}

TEST(IsoDate, IsWrittenAsFarAsItIsKnown) {
  EXPECT_EQ(to_iso(PartialDate{1974, 8, 2}), "1974-08-02");
  EXPECT_EQ(to_iso(PartialDate{1974, 8, std::nullopt}), "1974-08");
  EXPECT_EQ(to_iso(PartialDate{1974, std::nullopt, std::nullopt}), "1974");
  EXPECT_EQ(to_iso(PartialDate{}), "");
}

TEST(IsoDate, IsReadOnlyWholeAndOnlyWhenItExists) {
  EXPECT_EQ(parse_iso_date("2024-02-29"), CivilDate(2024y / 2 / 29));
  for (const char* wrong : {"2025-02-29", "2025-13-01", "2025-00-01", "2025-1-01", "25-01-01", "2025-01-01 ",
                            "2025/01/01", "-025-01-01", "2025-+1-01", ""}) {
    EXPECT_EQ(parse_iso_date(wrong), std::nullopt) << wrong;
  }
}

// A visa zone with these dates; MRV has no composite, so only the dates' own digits need be right.
std::string zone_with(std::string_view birth, std::string_view expiry) {
  return std::string("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL898902C<3UTO")
      .append(birth)
      .append(1, *check_digit(birth))
      .append("F")
      .append(expiry)
      .append(1, *check_digit(expiry))
      .append("<<<<<<<<");
}

TEST(Century, OfABirthIsTheLatestThatIsNotInTheFuture) {
  EXPECT_EQ(to_iso(read(zone_with("740812", "300101")).birth.date), "1974-08-12");
  EXPECT_EQ(to_iso(read(zone_with("261124", "300101")).birth.date), "2026-11-24");
  EXPECT_EQ(to_iso(read(zone_with("261125", "300101")).birth.date), "1926-11-25");
  EXPECT_EQ(to_iso(read(zone_with("26<<<<", "300101")).birth.date), "2026");
  EXPECT_EQ(to_iso(read(zone_with("2612<<", "300101")).birth.date), "1926-12");
}

TEST(Century, OfABirthStaysOpenWhileBothFitOneLifetime) {
  const Mrz young_or_old = read(zone_with("200101", "300101"));
  EXPECT_EQ(to_iso(young_or_old.birth.date), "2020-01-01");
  ASSERT_TRUE(young_or_old.birth.other_century.has_value());
  EXPECT_EQ(to_iso(*young_or_old.birth.other_century), "1920-01-01");
  EXPECT_TRUE(warns(young_or_old, WarningCode::kCenturyAmbiguous));
  EXPECT_TRUE(young_or_old.valid());

  EXPECT_FALSE(read(zone_with("060101", "300101")).birth.other_century.has_value());  // 120 by now
  EXPECT_FALSE(read(zone_with("740812", "300101")).birth.other_century.has_value());
}

TEST(Century, OfALeapDayIsOneThatHasIt) {
  EXPECT_EQ(to_iso(read(zone_with("000229", "300101")).birth.date), "2000-02-29");
  EXPECT_FALSE(read(zone_with("000229", "300101")).birth.other_century.has_value());
  EXPECT_EQ(status_of(read(zone_with("010229", "300101")), FieldName::kBirthDate),
            FieldStatus::kImpossibleDate);
}

TEST(Century, OfAnExpiryIsTheNearest) {
  EXPECT_EQ(to_iso(read(zone_with("740812", "120415")).expiry.date), "2012-04-15");
  EXPECT_EQ(to_iso(read(zone_with("740812", "760101")).expiry.date), "1976-01-01");
  EXPECT_EQ(to_iso(read(zone_with("740812", "750101")).expiry.date), "2075-01-01");
}

}  // namespace
}  // namespace crossline::documents
