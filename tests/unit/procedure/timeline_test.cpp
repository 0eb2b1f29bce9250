#include "crossline/procedure/timeline.hpp"

#include "tests/support/procedure_fixtures.hpp"

#include <gtest/gtest.h>

namespace crossline::procedure {
namespace {

using testing::FakeZones;
constexpr std::int64_t kDay_s = 86'400;
constexpr std::int64_t kHour_s = 3'600;

WeekPattern pattern(std::map<std::string, std::string> written) {
  auto parsed = WeekPattern::parse(std::move(written));
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message);
  return parsed ? *std::move(parsed) : WeekPattern{};
}

TEST(Timeline, BeginsAtItsFirstInstantAndEndsBeforeItsLast) {
  const Timeline timeline({10, 20, 30, 40});
  EXPECT_FALSE(timeline.contains({9'999}));
  EXPECT_TRUE(timeline.contains({10'000}));
  EXPECT_TRUE(timeline.contains({19'999}));
  EXPECT_FALSE(timeline.contains({20'000}));
  EXPECT_TRUE(timeline.contains({30'000}));
  EXPECT_FALSE(timeline.contains({40'000}));
}

TEST(Timeline, ContainsNothingWhenEmpty) {
  EXPECT_FALSE(Timeline().contains({0}));
}

TEST(Timeline, TreatsInstantsBefore1970Alike) {
  const Timeline timeline({-10, 0});
  EXPECT_TRUE(timeline.contains({-1}));
  EXPECT_TRUE(timeline.contains({-10'000}));
  EXPECT_FALSE(timeline.contains({-10'001}));
}

TEST(WeekPattern, CoversTheDaysItNames) {
  const auto spans = pattern({{"thu-fri", "07:00-18:30"}}).on_days(0, 6);  // 1970-01-01 was a Thursday
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0], std::pair(7 * kHour_s, 18 * kHour_s + 1800));
  EXPECT_EQ(spans[1], std::pair(kDay_s + 7 * kHour_s, kDay_s + 18 * kHour_s + 1800));
}

TEST(WeekPattern, GoesRoundTheEndOfTheWeek) {
  EXPECT_EQ(pattern({{"sun-mon", "07:00-08:00"}}).on_days(0, 6).size(), 2u);
}

TEST(WeekPattern, CarriesAShiftPastMidnightIntoTheNextDay) {
  const auto spans = pattern({{"wed", "22:00-02:00"}}).on_days(0, 0);  // asks for Thursday only
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0], std::pair(-2 * kHour_s, 2 * kHour_s));
}

TEST(WeekPattern, TakesSeveralSpansADay) {
  EXPECT_EQ(pattern({{"thu", "07:00-12:00, 13:00-18:00"}}).on_days(0, 0).size(), 2u);
}

TEST(WeekPattern, RefusesWhatIsNotHours) {
  for (const auto& [days, times] : std::vector<std::pair<std::string, std::string>>{{"monday", "07:00-08:00"},
                                                                                    {"mon-", "07:00-08:00"},
                                                                                    {"mon", ""},
                                                                                    {"mon", "7:00-8:00"},
                                                                                    {"mon", "07:00"},
                                                                                    {"mon", "25:00-26:00"},
                                                                                    {"mon", "07:60-08:00"},
                                                                                    {"mon", "07:00-07:00"},
                                                                                    {"mon", "24:00-02:00"},
                                                                                    {"mon", "07:00-24:01"}})
    EXPECT_FALSE(WeekPattern::parse({{days, times}})) << days << " = " << times;
}

TEST(WeekPattern, RefusesADayNamedTwice) {
  EXPECT_FALSE(WeekPattern::parse({{"mon-wed", "07:00-08:00"}, {"tue", "09:00-10:00"}}));
}

TEST(ZoneOffsets, TellLocalDays) {
  const ZoneOffsets offsets({{0, 4 * kHour_s}});
  EXPECT_EQ(offsets.local_day({(20 * kHour_s - 1) * 1000}), 0);
  EXPECT_EQ(offsets.local_day({20 * kHour_s * 1000}), 1);
}

TEST(ZoneOffsets, TurnASkippedLocalTimeIntoTheInstantOfTheChange) {
  const auto offsets = *FakeZones().offsets("Test/Summer", 0, INT64_MAX);
  const std::int64_t skipped_s =
      FakeZones::kSpring_s + 2 * kHour_s + 1800;  // 03:30 on the night it goes to 04:00
  EXPECT_EQ(offsets.to_utc(skipped_s), FakeZones::kSpring_s);
}

TEST(ZoneOffsets, TurnARepeatedLocalTimeIntoItsFirstInstant) {
  const auto offsets = *FakeZones().offsets("Test/Summer", 0, INT64_MAX);
  const std::int64_t repeated_s = FakeZones::kAutumn_s + 2 * kHour_s + 1800;
  EXPECT_EQ(offsets.to_utc(repeated_s), FakeZones::kAutumn_s - 1800);
}

// Open 03:00-04:00 local: the hour that is skipped in spring and comes twice in autumn.
TEST(Expand, SkipsTheLostHourAndKeepsBothRepeatedOnes) {
  const auto offsets = *FakeZones().offsets("Test/Summer", 0, INT64_MAX);
  const std::int64_t spring_day = FakeZones::kSpring_s / kDay_s;
  const std::int64_t autumn_day = FakeZones::kAutumn_s / kDay_s;
  const WeekPattern nightly = pattern({{"mon-sun", "03:00-04:00"}});
  const Timeline spring = expand(nightly.on_days(spring_day, spring_day), offsets, spring_day * kDay_s,
                                 (spring_day + 1) * kDay_s);
  EXPECT_TRUE(spring.boundaries_s().empty());
  const Timeline autumn = expand(nightly.on_days(autumn_day, autumn_day), offsets, autumn_day * kDay_s,
                                 (autumn_day + 1) * kDay_s);
  EXPECT_EQ(autumn.boundaries_s(),
            (std::vector{FakeZones::kAutumn_s - kHour_s, FakeZones::kAutumn_s + kHour_s}));
}

TEST(Expand, JoinsDaysThatTouch) {
  const ZoneOffsets utc({{0, 0}});
  const Timeline whole = expand(pattern({{"mon-sun", "00:00-24:00"}}).on_days(0, 9), utc, 100, 5 * kDay_s);
  EXPECT_EQ(whole.boundaries_s(), (std::vector<std::int64_t>{100, 5 * kDay_s}));
}

}  // namespace
}  // namespace crossline::procedure
