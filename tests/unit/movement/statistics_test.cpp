#include "crossline/movement/statistics.hpp"

#include <climits>

#include <gtest/gtest.h>

namespace crossline::movement {
namespace {

Movement movement(Outcome outcome, std::vector<std::string> articles = {}) {
  Movement made;
  made.direction = Direction::kExit;
  made.outcome = outcome;
  made.verdict = outcome == Outcome::kPassed ? Verdict::kAllow : Verdict::kRefuse;
  made.category = "resident_a";
  made.age_years = 15;
  made.document_issuer = "XAA";
  made.articles = std::move(articles);
  return made;
}

const Post kBridgeA{"bridge", PostSide::kA};

TEST(StatisticsCube, CountsByEveryDimension) {
  StatisticsCube cube;
  cube.add(20000, kBridgeA, movement(Outcome::kPassed), 5000, 1);
  cube.add(20000, kBridgeA, movement(Outcome::kPassed), std::nullopt, 1);
  cube.add(20001, kBridgeA, movement(Outcome::kPassed), std::nullopt, 1);
  const auto cells = cube.cells(20000, 20001);
  ASSERT_EQ(cells.size(), 1u);
  EXPECT_EQ(cells[0].first.checkpoint, "bridge");
  EXPECT_EQ(cells[0].first.age, AgeBand::k12To17);
  EXPECT_EQ(cells[0].second.movements, 2);
  EXPECT_EQ(cells[0].second.between_count, 1);
  EXPECT_EQ(cells[0].second.between_ms, 5000);
  EXPECT_EQ(cube.total_movements(), 3);
}

TEST(StatisticsCube, CountsArticlesOfAttemptsOnly) {
  StatisticsCube cube;
  cube.add(1, kBridgeA, movement(Outcome::kRefused, {"2(1)", "5"}), std::nullopt, 1);
  cube.add(1, kBridgeA, movement(Outcome::kPassed, {"3(1)"}), std::nullopt, 1);
  const auto articles = cube.articles(INT_MIN, INT_MAX);
  ASSERT_EQ(articles.size(), 2u);
  EXPECT_EQ(articles[0].first.article, "2(1)");
  EXPECT_EQ(articles[1].first.article, "5");
}

TEST(StatisticsCube, TakesBackWhatACorrectionTakesBack) {
  StatisticsCube cube;
  StatisticsCube empty;
  cube.add(1, kBridgeA, movement(Outcome::kPassed), 10, 1);
  cube.add(1, kBridgeA, movement(Outcome::kPassed), 10, -1);
  EXPECT_TRUE(cube == empty);
  EXPECT_EQ(cube.total_movements(), 0);
}

TEST(StatisticsCube, RestoresFromItsChanges) {
  StatisticsCube cube;
  cube.add(1, kBridgeA, movement(Outcome::kRefused, {"5"}), std::nullopt, 1);
  cube.add(2, kBridgeA, movement(Outcome::kPassed), 7, 1);
  StatisticsCube copy;
  const StatisticsCube::Changes changes = cube.take_changes();
  for (const auto& [key, cell] : changes.cells) copy.restore(key, cell);
  for (const auto& [key, count] : changes.articles) copy.restore(key, count);
  EXPECT_TRUE(copy == cube);
  EXPECT_EQ(copy.total_movements(), 2);
  EXPECT_TRUE(cube.take_changes().cells.empty());
}

TEST(AgeBand, HasTheAgreedBounds) {
  EXPECT_EQ(age_band(4), AgeBand::k0To4);
  EXPECT_EQ(age_band(5), AgeBand::k5To11);
  EXPECT_EQ(age_band(12), AgeBand::k12To17);
  EXPECT_EQ(age_band(17), AgeBand::k12To17);
  EXPECT_EQ(age_band(18), AgeBand::k18To59);
  EXPECT_EQ(age_band(60), AgeBand::k60AndOver);
  EXPECT_EQ(age_band(std::nullopt), AgeBand::kUnknown);
}

using Hidden = std::vector<bool>;

TEST(CellsToHide, HidesSmallCellsAndASecondOneBesideASingleSmallCell) {
  EXPECT_EQ(cells_to_hide(std::vector<std::int64_t>{100, 200, 0}), (Hidden{false, false, false}));
  EXPECT_EQ(cells_to_hide(std::vector<std::int64_t>{100, 3, 200}), (Hidden{true, true, false}));
  EXPECT_EQ(cells_to_hide(std::vector<std::int64_t>{1, 10, 11}), (Hidden{true, true, false}));
  EXPECT_EQ(cells_to_hide(std::vector<std::int64_t>{0, 4}), (Hidden{true, true}));
  EXPECT_EQ(cells_to_hide(std::vector<std::int64_t>{4}), (Hidden{true}));
  EXPECT_EQ(cells_to_hide({}), Hidden{});
}

}  // namespace
}  // namespace crossline::movement
