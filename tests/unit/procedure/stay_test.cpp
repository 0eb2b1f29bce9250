// The stay arithmetic over published and computed vectors, and where a day is not an ordinary one.
#include "crossline/procedure/stay.hpp"

#include "tests/support/vectors.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::procedure {
namespace {

std::int64_t day_of(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  EXPECT_EQ(std::sscanf(text.c_str(), "%d-%u-%u", &year, &month, &day), 3) << text;
  return std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day))
      .time_since_epoch()
      .count();
}

std::vector<std::string> fields_of(const std::string& line, char separator) {
  std::vector<std::string> fields;
  std::istringstream text(line);
  for (std::string field; std::getline(text, field, separator);) fields.push_back(field);
  return fields;
}

// A stay without an end lasts until `today`.
std::vector<DaySpan> spans_of(const std::string& text, std::int64_t today) {
  std::vector<DaySpan> spans;
  if (text == "-") return spans;
  for (const std::string& stay : fields_of(text, ';')) {
    const auto ends = fields_of(stay, '/');
    spans.push_back({day_of(ends.at(0)), ends.size() < 2 ? today : day_of(ends[1])});
  }
  return spans;
}

TEST(StayVectors, AreAllReproduced) {
  CROSSLINE_REQUIRE_VECTOR("stay");
  std::ifstream file(test::vector_path("stay/stay90-180.tsv"));
  ASSERT_TRUE(file);
  int control = 0;
  int plan = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#') || line.starts_with("id\t")) continue;
    const auto field = fields_of(line, '\t');
    ASSERT_GE(field.size(), 14u) << line;
    const std::int64_t day = day_of(field[4]);
    const auto spans = spans_of(field[7], day);
    const std::int64_t limit = std::stoll(field[5]);
    const std::int64_t window = std::stoll(field[6]);
    const std::int64_t used = used_days(spans, day, window);
    EXPECT_EQ(used, std::stoll(field[10])) << field[0];
    EXPECT_EQ(std::max<std::int64_t>(0, used - limit), std::stoll(field[11])) << field[0];
    if (field[3] == "plan") {
      ++plan;
      EXPECT_EQ(longest_stay(spans, day, limit, window), std::stoll(field[13])) << field[0];
    } else {
      ++control;
      EXPECT_EQ(used <= limit ? "yes" : "no", field[12]) << field[0];
    }
  }
  EXPECT_GT(control, 0);
  EXPECT_GT(plan, 0);
}

constexpr std::int64_t kDay_ms = 86'400'000;

TEST(StayDays, CountTodayAndEachDayOnce) {
  const ZoneOffsets utc({{0, 0}});
  const std::vector<Stay> stays{{{kDay_ms}, {3 * kDay_ms}}, {{3 * kDay_ms}, {4 * kDay_ms}}};
  EXPECT_EQ(used_days(stays, utc, {10 * kDay_ms}, 180), 5);
  EXPECT_EQ(used_days(stays, utc, {10 * kDay_ms}, 7), 2) << "day 4 and today";
  EXPECT_EQ(used_days(stays, utc, {10 * kDay_ms}, 6), 1);
  EXPECT_EQ(used_days({}, utc, {10 * kDay_ms}, 180), 1);
}

TEST(StayDays, AStayThatLastsEndsToday) {
  const ZoneOffsets utc({{0, 0}});
  const std::vector<Stay> stays{{{kDay_ms}, kStillPresent}};
  EXPECT_EQ(used_days(stays, utc, {5 * kDay_ms}, 180), 5);
  EXPECT_EQ(days_absent(stays, utc, {5 * kDay_ms}), 0);
}

TEST(StayDays, AreThoseOfTheClock) {
  const ZoneOffsets east({{0, 4 * 3600}});
  // 21:00Z is 01:00 of the next day there.
  const std::vector<Stay> stays{{{kDay_ms + 21 * 3'600'000}, {kDay_ms + 22 * 3'600'000}}};
  EXPECT_EQ(days_absent(stays, east, {2 * kDay_ms}), 0);
  EXPECT_EQ(days_absent(stays, ZoneOffsets({{0, 0}}), {2 * kDay_ms}), 1);
}

TEST(StayDays, AreCountedWhereTheClockGoesBackOverMidnight) {
  // At 2 days and 10 seconds the clock goes back an hour: the day before comes again.
  const std::int64_t change_ms = 2 * kDay_ms + 10'000;
  const ZoneOffsets clock({{0, 0}, {change_ms / 1000, -3600}});
  const std::vector<Stay> stays{{{2 * kDay_ms}, {2 * kDay_ms + 1'000}}, {{change_ms}, {change_ms + 1'000}}};
  EXPECT_EQ(used_days(stays, clock, {5 * kDay_ms + 4'000'000}, 180), 3) << "days 1, 2 and 5";
}

TEST(StayDays, NobodyWhoWasNeverThereIsAbsentForAnyTime) {
  EXPECT_FALSE(days_absent({}, ZoneOffsets({{0, 0}}), {0}));
}

}  // namespace
}  // namespace crossline::procedure
