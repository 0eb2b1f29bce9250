#include "central-server/api/src/figures.hpp"

#include "central-server/api/src/small_cells.hpp"

#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace crossline::api {
namespace {

using movement::Direction;
using movement::Outcome;
using movement::PostSide;
using movement::Side;

movement::Crossings crossings(std::int32_t day, const char* checkpoint, PostSide post, Direction direction,
                              std::int64_t times, Outcome outcome = Outcome::kPassed) {
  return {day, checkpoint, post, direction, outcome, {times, 0, 0}};
}

const Figures* find(const FiguresTable& table, std::int32_t period, std::string_view checkpoint, Side side) {
  for (const FiguresRow& row : table.rows) {
    if (row.period == period && row.checkpoint == checkpoint && row.side == side) return &row.figures;
  }
  return nullptr;
}

TEST(FiguresTable, CountsEntriesAndExitsFromTheirOwnSide) {
  const std::vector counted{crossings(10, "bridge", PostSide::kA, Direction::kExit, 30),
                            crossings(10, "bridge", PostSide::kA, Direction::kEntry, 20),
                            crossings(10, "bridge", PostSide::kB, Direction::kEntry, 28)};
  const FiguresTable table = make_table(counted, {}, GroupBy::kDay, std::nullopt);
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].figures.exits.value, 30);
  EXPECT_EQ(table.rows[0].figures.entries.value, 20);
  EXPECT_EQ(table.rows[0].figures.net().value, -10);
  EXPECT_EQ(table.rows[1].figures.entries.value, 28);
}

TEST(FiguresTable, CountsAJointPassageOnBothSides) {
  const std::vector counted{crossings(10, "ferry", PostSide::kJoint, Direction::kAToB, 5),
                            crossings(10, "ferry", PostSide::kJoint, Direction::kBToA, 3, Outcome::kRefused)};
  const FiguresTable table = make_table(counted, {}, GroupBy::kDay, std::nullopt);
  EXPECT_EQ(find(table, 10, "ferry", Side::kA)->exits.value, 5);
  EXPECT_EQ(find(table, 10, "ferry", Side::kB)->entries.value, 5);
  EXPECT_EQ(find(table, 10, "ferry", Side::kB)->refused.value, 3) << "on the side that was to be left";
  EXPECT_EQ(find(table, 10, "ferry", Side::kA)->refused.value, 0);
}

TEST(FiguresTable, LeavesOutWhoTurnedBackOrWasAbandoned) {
  const std::vector counted{crossings(10, "bridge", PostSide::kA, Direction::kExit, 4, Outcome::kTurnedBack),
                            crossings(10, "bridge", PostSide::kA, Direction::kExit, 4, Outcome::kAbandoned)};
  EXPECT_TRUE(make_table(counted, {}, GroupBy::kDay, std::nullopt).rows.empty());
}

TEST(FiguresTable, GroupsByWeekAndMonthAndAddsUp) {
  const std::int32_t sunday = *parse_day("2026-10-04");
  const std::vector counted{crossings(sunday, "bridge", PostSide::kA, Direction::kExit, 1),
                            crossings(sunday + 1, "bridge", PostSide::kA, Direction::kExit, 2),
                            crossings(sunday + 27, "bridge", PostSide::kA, Direction::kExit, 4),
                            crossings(sunday + 28, "bridge", PostSide::kA, Direction::kExit, 8)};
  const FiguresTable weeks = make_table(counted, {}, GroupBy::kWeek, std::nullopt);
  EXPECT_EQ(find(weeks, *parse_day("2026-09-28"), "bridge", Side::kA)->exits.value, 1);
  EXPECT_EQ(find(weeks, *parse_day("2026-10-05"), "bridge", Side::kA)->exits.value, 2);
  const FiguresTable months = make_table(counted, {}, GroupBy::kMonth, std::nullopt);
  EXPECT_EQ(find(months, *parse_day("2026-10-01"), "bridge", Side::kA)->exits.value, 7);
  EXPECT_EQ(find(months, *parse_day("2026-11-01"), "bridge", Side::kA)->exits.value, 8);
  EXPECT_EQ(months.totals[0].exits.value, 15);
}

TEST(FiguresTable, KeepsToOneCheckpoint) {
  const std::vector counted{crossings(10, "bridge", PostSide::kA, Direction::kExit, 30),
                            crossings(10, "tunnel", PostSide::kA, Direction::kExit, 40)};
  const std::vector<std::pair<movement::ArticleKey, std::int64_t>> articles{
      {{10, "bridge", "4(3)", Outcome::kReferred}, 2}, {{10, "tunnel", "4(3)", Outcome::kRefused}, 3}};
  const FiguresTable table = make_table(counted, articles, GroupBy::kDay, "tunnel");
  EXPECT_EQ(table.totals[0].exits.value, 40);
  ASSERT_EQ(table.articles.size(), 1u);
  EXPECT_EQ(table.articles[0].refused.value, 3);
  EXPECT_EQ(table.articles[0].referred.value, 0);
}

TEST(SmallCells, StayVisibleWhenNoneIsSmall) {
  std::vector<bool> hidden(3);
  hide_small_cells(std::vector<std::int64_t>{0, 11, 500}, hidden);
  EXPECT_EQ(hidden, (std::vector{false, false, false}));
}

TEST(SmallCells, TakeTheNextSmallestWithThem) {
  std::vector<bool> hidden(4);
  hide_small_cells(std::vector<std::int64_t>{500, 3, 40, 0}, hidden);
  EXPECT_EQ(hidden, (std::vector{false, true, true, false}));
}

TEST(SmallCells, AreNotTheOnlyOnesOfASmallSum) {
  std::vector<bool> hidden(4);
  hide_small_cells(std::vector<std::int64_t>{1, 2, 50, 60}, hidden);
  EXPECT_EQ(hidden, (std::vector{true, true, true, false}));
}

TEST(SmallCells, TakeAZeroWhenThereIsNothingElse) {
  std::vector<bool> hidden(2);
  hide_small_cells(std::vector<std::int64_t>{4, 0}, hidden);
  EXPECT_EQ(hidden, (std::vector{true, true}));
}

TEST(SmallFigures, AreHiddenInRowsTotalsArticlesAndStays) {
  std::vector counted{crossings(10, "bridge", PostSide::kA, Direction::kExit, 30),
                      crossings(11, "bridge", PostSide::kA, Direction::kExit, 7),
                      crossings(12, "bridge", PostSide::kA, Direction::kExit, 90),
                      crossings(12, "bridge", PostSide::kA, Direction::kExit, 6, Outcome::kRefused)};
  counted[0].cell.between_count = 4;
  const std::vector<std::pair<movement::ArticleKey, std::int64_t>> articles{
      {{12, "bridge", "4(3)", Outcome::kRefused}, 6}, {{12, "bridge", "8(1)", Outcome::kRefused}, 20}};
  FiguresTable table = make_table(counted, articles, GroupBy::kDay, std::nullopt);
  hide_small_figures(table);
  EXPECT_TRUE(find(table, 11, "bridge", Side::kA)->exits.hidden);
  EXPECT_TRUE(find(table, 10, "bridge", Side::kA)->exits.hidden)
      << "or the total less the rest gives it away";
  EXPECT_FALSE(find(table, 12, "bridge", Side::kA)->exits.hidden);
  EXPECT_TRUE(find(table, 11, "bridge", Side::kA)->net().hidden);
  EXPECT_FALSE(table.totals[0].exits.hidden);
  EXPECT_TRUE(table.totals[0].refused.hidden);
  EXPECT_TRUE(table.articles[0].refused.hidden);
  EXPECT_TRUE(table.articles[1].refused.hidden);
  EXPECT_TRUE(table.between_ended.hidden);
  EXPECT_GT(table.hidden_cells(), 0);
}

TEST(SmallFigures, CannotBeReadFromTheOtherSideOfAJointPost) {
  const std::vector counted{crossings(10, "ferry", PostSide::kJoint, Direction::kAToB, 5),
                            crossings(11, "ferry", PostSide::kJoint, Direction::kAToB, 20),
                            crossings(12, "ferry", PostSide::kJoint, Direction::kAToB, 80),
                            crossings(11, "bridge", PostSide::kB, Direction::kEntry, 12)};
  FiguresTable table = make_table(counted, {}, GroupBy::kDay, std::nullopt);
  hide_small_figures(table);
  for (const std::int32_t day : {10, 11, 12}) {
    EXPECT_EQ(find(table, day, "ferry", Side::kA)->exits.hidden,
              find(table, day, "ferry", Side::kB)->entries.hidden)
        << day;
  }
}

// Whoever adds up what is shown and subtracts it from the total must be left with at least two numbers, which
// together are no small figure, or with zeros.
TEST(SmallFigures, CannotBeFoundBySubtraction) {
  std::mt19937 random(7);
  const std::array<std::int64_t, 8> sizes{0, 1, 3, 9, 10, 11, 25, 400};
  for (int round = 0; round < 2'000; ++round) {
    std::vector<movement::Crossings> counted;
    for (std::int32_t day = 0; day < 4; ++day) {
      for (const auto& [checkpoint, post] :
           {std::pair("bridge", PostSide::kA), std::pair("bridge", PostSide::kB),
            std::pair("ferry", PostSide::kJoint)}) {
        const auto direction = post == PostSide::kJoint ? Direction::kAToB : Direction::kExit;
        counted.push_back(crossings(day, checkpoint, post, direction, sizes[random() % sizes.size()]));
      }
    }
    FiguresTable table = make_table(counted, {}, GroupBy::kDay, std::nullopt);
    hide_small_figures(table);
    for (const Side side : {Side::kA, Side::kB}) {
      for (const auto measure : {&Figures::entries, &Figures::exits}) {
        std::int64_t rest = 0;
        int hidden = 0;
        int nonzero_shown = 0;
        for (const FiguresRow& row : table.rows) {
          if (row.side != side) continue;
          const Count& count = row.figures.*measure;
          if (count.hidden) {
            rest += count.value;
            ++hidden;
          } else {
            ASSERT_TRUE(count.value == 0 || count.value > movement::kSmallCell);
            nonzero_shown += count.value != 0;
          }
        }
        const Count& total = table.totals[side == Side::kA ? 0 : 1].*measure;
        if (hidden == 0 || total.hidden) continue;
        ASSERT_TRUE(rest == 0 || rest > movement::kSmallCell) << round;
        ASSERT_TRUE(hidden > 1 || nonzero_shown == 0) << round;
      }
    }
  }
}

}  // namespace
}  // namespace crossline::api
