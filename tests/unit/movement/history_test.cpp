#include "crossline/movement/history.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/movement/record_limits.hpp"
#include "crossline/movement/state.hpp"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace crossline::movement {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr Leg kEntryB{procedure::Direction::kEntry, Side::kB};
constexpr Leg kExitA{procedure::Direction::kExit, Side::kA};

Step step(std::int32_t day, PostSide post, Direction direction, std::int64_t ms = 0) {
  const UtcMillis at{day * kDayMs + ms};
  return {.key = {at, static_cast<std::uint64_t>(ms)},
          .entry = {},
          .checkpoint = {},
          .post = post,
          .direction = direction,
          .day = day};
}

History history_of(const SubjectState& state, std::int32_t day) {
  History history;
  EXPECT_TRUE(state.history_before({{day * kDayMs}, 0}, history));
  return history;
}

std::set<std::int32_t> days_on(const History& history, Side side, std::int32_t today) {
  std::set<std::int32_t> days;
  for (const Stretch& stay : history.stays[static_cast<std::size_t>(side)]) {
    const std::int32_t last = stay.left == procedure::kStillPresent ? today : stay.last_day;
    for (std::int32_t day = stay.first_day; day <= last; ++day) days.insert(day);
  }
  return days;
}

TEST(History, ADayOfEntryAndADayOfExitBothCount) {
  SubjectState state;
  state.insert(step(10, PostSide::kA, Direction::kExit));
  state.insert(step(10, PostSide::kB, Direction::kEntry, 1));
  state.insert(step(12, PostSide::kB, Direction::kExit));
  EXPECT_EQ(days_on(history_of(state, 20), Side::kB, 20), (std::set<std::int32_t>{10, 11, 12}));
}

TEST(History, AMissingExitIsAGap) {
  SubjectState state;
  state.insert(step(1, PostSide::kA, Direction::kExit));
  state.insert(step(1, PostSide::kB, Direction::kEntry, 1));
  state.insert(step(9, PostSide::kA, Direction::kEntry));
  EXPECT_EQ(history_of(state, 20).gap[1].ms, 9 * kDayMs);
  EXPECT_EQ(history_of(state, 20).tally({procedure::Direction::kExit, Side::kB}).missing, 9);
  state.insert(step(8, PostSide::kB, Direction::kExit));  // its post was offline
  EXPECT_EQ(history_of(state, 20).gap[1], History::kNoGap);
  EXPECT_EQ(days_on(history_of(state, 20), Side::kB, 20).size(), 8u);
}

TEST(History, ACorrectedMovementLeavesNoTrace) {
  SubjectState state;
  state.insert(step(1, PostSide::kA, Direction::kExit, 1));
  state.insert(step(1, PostSide::kB, Direction::kEntry, 2));
  const History before = history_of(state, 20);
  state.insert(step(3, PostSide::kB, Direction::kExit, 3));
  state.remove(3);
  EXPECT_EQ(history_of(state, 20), before);
}

TEST(History, CountsPerDayWeekAndMonth) {
  SubjectState state;  // day 25 is Monday, 26 January 1970
  for (const std::int32_t day : {18, 25, 26, 26}) {
    state.insert(
        step(day, PostSide::kA, Direction::kExit, day == 26 ? 2 * std::int64_t(state.open.size()) : 0));
    state.insert(step(day, PostSide::kA, Direction::kEntry, 2 * std::int64_t(state.open.size()) + 1));
  }
  const Tally tally = history_of(state, 27).tally(kExitA);
  EXPECT_EQ(tally.as_of(26), (PeriodSums{2, 3, 4}));
  EXPECT_EQ(tally.as_of(27), (PeriodSums{0, 3, 4}));
  EXPECT_EQ(tally.as_of(31), (PeriodSums{0, 3, 0})) << "1 February, the same week";
  EXPECT_EQ(tally.as_of(32), (PeriodSums{})) << "Monday";
}

TEST(History, WeeksBeginOnMondayBeforeTheEpochToo) {
  EXPECT_EQ(week_of(-3), week_of(3));
  EXPECT_NE(week_of(-4), week_of(-3));
  EXPECT_NE(week_of(3), week_of(4));
  EXPECT_NE(month_of(-1), month_of(0));
}

TEST(History, SettlingADisputeLeavesNothingCertain) {
  SubjectState state;
  state.insert(step(1, PostSide::kB, Direction::kEntry));
  state.insert(step(2, PostSide::kB, Direction::kEntry));
  state.settle(Side::kA, {3 * kDayMs}, 3, LedgerIndex(1));
  const History history = history_of(state, 20);
  EXPECT_EQ(history.gap[0].ms, 3 * kDayMs);
  EXPECT_EQ(history.gap[1].ms, 3 * kDayMs);
  EXPECT_EQ(history.tally(kEntryB).missing, 3);
  EXPECT_FALSE(days_on(history, Side::kB, 20).contains(4));
}

// A second reading of the stays: days as a set, over whole months of crossings, most of them long settled.
TEST(History, EqualsASetOfDaysHoweverLong) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    SubjectState state;
    std::set<std::int32_t> on_b;
    std::int64_t entries_this_month = 0;
    std::int32_t day = 100;
    state.insert(step(day, PostSide::kA, Direction::kExit));
    state.insert(step(day, PostSide::kA, Direction::kEntry, 1));
    std::int32_t month = -1;
    const std::size_t trips = 1 + random() % 120;
    for (std::size_t trip = 0; trip < trips; ++trip) {
      day += static_cast<std::int32_t>(random() % 4);
      const auto until = day + static_cast<std::int32_t>(random() % 5);
      const std::int64_t ms = 2 + 4 * std::int64_t(trip);
      state.insert(step(day, PostSide::kA, Direction::kExit, ms));
      state.insert(step(day, PostSide::kB, Direction::kEntry, ms + 1));
      state.insert(step(until, PostSide::kB, Direction::kExit, ms + 2));
      state.insert(step(until, PostSide::kA, Direction::kEntry, ms + 3));
      if (month_of(day) != month) entries_this_month = 0;
      month = month_of(day);
      ++entries_this_month;
      for (std::int32_t d = day; d <= until; ++d) on_b.insert(d);
      day = until;
    }
    const History history = history_of(state, day + 1);
    const std::int32_t oldest = day - static_cast<std::int32_t>(limits::kStayHistoryDays) + 20;
    std::set<std::int32_t> mine = days_on(history, Side::kB, day);
    std::erase_if(mine, [oldest](std::int32_t d) { return d < oldest; });
    std::erase_if(on_b, [oldest](std::int32_t d) { return d < oldest; });
    ASSERT_EQ(mine, on_b) << "seed " << seed;
    ASSERT_EQ(history.tally(kEntryB).sums.this_month, entries_this_month) << "seed " << seed;
    ASSERT_EQ(history.gap[1], History::kNoGap);
  }
}

}  // namespace
}  // namespace crossline::movement
