#include "crossline/movement/state.hpp"

#include "crossline/base/limits.hpp"
#include "tests/support/naive_status.hpp"

#include <algorithm>
#include <array>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace crossline::movement {
namespace {

Step step(std::int64_t at_ms, PostSide post, Direction direction, std::uint64_t tie = 0) {
  return {.key = {{at_ms}, tie},
          .entry = LedgerIndex(static_cast<std::uint64_t>(at_ms)),
          .checkpoint = {},
          .post = post,
          .direction = direction};
}

Status status_after(std::initializer_list<Step> steps) {
  SubjectState state;
  for (const Step& next : steps) state.insert(next);
  return state.now.status;
}

TEST(SubjectState, CrossesFromAToBThroughBetween) {
  SubjectState state;
  state.insert(step(1, PostSide::kA, Direction::kExit));
  EXPECT_EQ(state.now.status, Status::kBetween);
  EXPECT_EQ(state.now.came_from, Side::kA);
  EXPECT_FALSE(state.now.unmatched);
  state.insert(step(2, PostSide::kB, Direction::kEntry));
  EXPECT_EQ(state.now.status, Status::kSideB);
  EXPECT_FALSE(state.now.unmatched);
  EXPECT_EQ(state.now.since.ms, 2);
}

TEST(SubjectState, ReturnsToTheSideLeft) {
  EXPECT_EQ(status_after({step(1, PostSide::kB, Direction::kExit), step(2, PostSide::kB, Direction::kEntry)}),
            Status::kSideB);
}

TEST(SubjectState, CallsAnEntryWithoutExitUnmatched) {
  SubjectState state;
  state.insert(step(1, PostSide::kB, Direction::kEntry));
  EXPECT_EQ(state.now.status, Status::kSideB);
  EXPECT_TRUE(state.now.unmatched);
}

TEST(SubjectState, MatchesALateExitWithTheEntryThatArrivedFirst) {
  SubjectState state;
  state.insert(step(10, PostSide::kB, Direction::kEntry));
  ASSERT_TRUE(state.now.unmatched);
  EXPECT_TRUE(state.insert(step(5, PostSide::kA, Direction::kExit)));
  EXPECT_EQ(state.now.status, Status::kSideB);
  EXPECT_FALSE(state.now.unmatched);
  EXPECT_EQ(state.now.since.ms, 10);
}

TEST(SubjectState, DisputesASecondEntryToTheSameSide) {
  EXPECT_EQ(
      status_after({step(1, PostSide::kB, Direction::kEntry), step(2, PostSide::kB, Direction::kEntry)}),
      Status::kDisputed);
}

TEST(SubjectState, DisputesASecondExitWhileBetween) {
  EXPECT_EQ(status_after({step(1, PostSide::kA, Direction::kExit), step(2, PostSide::kB, Direction::kExit)}),
            Status::kDisputed);
}

TEST(SubjectState, EndsADisputeWhenTheMissingRecordArrives) {
  SubjectState state;
  state.insert(step(1, PostSide::kB, Direction::kEntry));
  state.insert(step(9, PostSide::kB, Direction::kEntry));
  ASSERT_EQ(state.now.status, Status::kDisputed);
  state.insert(step(5, PostSide::kB, Direction::kExit));  // B's other desk was offline
  EXPECT_EQ(state.now.status, Status::kSideB);
}

TEST(SubjectState, EndsADisputeWhenTheWrongRecordIsTakenBack) {
  SubjectState state;
  state.insert(step(1, PostSide::kB, Direction::kEntry, 1));
  state.insert(step(2, PostSide::kB, Direction::kEntry, 2));
  ASSERT_EQ(state.now.status, Status::kDisputed);
  EXPECT_TRUE(state.remove(2));
  EXPECT_EQ(state.now.status, Status::kSideB);
  EXPECT_FALSE(state.remove(2));
}

TEST(SubjectState, SettlesADispute) {
  SubjectState state;
  state.insert(step(1, PostSide::kB, Direction::kEntry));
  state.insert(step(2, PostSide::kB, Direction::kEntry));
  state.settle(Side::kA, {3}, 0, LedgerIndex(7));
  EXPECT_EQ(state.now.status, Status::kSideA);
  EXPECT_FALSE(state.insert(step(2, PostSide::kA, Direction::kExit))) << "older than what was settled";
  EXPECT_EQ(state.now.status, Status::kSideA);
  EXPECT_TRUE(state.insert(step(4, PostSide::kA, Direction::kExit)));
  EXPECT_EQ(state.now.status, Status::kBetween);
}

TEST(SubjectState, JointPostDoesBothHalvesInOneAct) {
  EXPECT_EQ(status_after({step(1, PostSide::kJoint, Direction::kAToB)}), Status::kSideB);
  EXPECT_EQ(
      status_after({step(1, PostSide::kA, Direction::kExit), step(2, PostSide::kJoint, Direction::kAToB)}),
      Status::kDisputed);
}

TEST(SubjectState, ReturnIsOnlyToTheSideLeft) {
  SubjectState state;
  state.insert(step(1, PostSide::kA, Direction::kExit));
  EXPECT_TRUE(is_return(state.now, PostSide::kA, Direction::kEntry));
  EXPECT_FALSE(is_return(state.now, PostSide::kB, Direction::kEntry));
  EXPECT_FALSE(is_return(state.now, PostSide::kA, Direction::kExit));
}

TEST(SubjectState, KeepsABoundedNumberOfOpenMovements) {
  SubjectState state;
  for (std::int64_t i = 0; i < 100; ++i) {
    state.insert(step(i, PostSide::kA, i % 2 == 0 ? Direction::kExit : Direction::kEntry));
    ASSERT_LE(state.open.size(), limits::kMaxTrackedMovements);
  }
  EXPECT_EQ(state.now.status, Status::kSideA);
  EXPECT_FALSE(state.insert(step(3, PostSide::kB, Direction::kEntry))) << "older than what is open";
  EXPECT_EQ(state.now.status, Status::kSideA);
}

TEST(SubjectState, PresenceBeforeAMomentIsThatOfItsPlaceInTime) {
  SubjectState state;
  state.insert(step(1, PostSide::kA, Direction::kExit));
  state.insert(step(5, PostSide::kB, Direction::kEntry));
  EXPECT_EQ(state.before({{1}, 0}).status, Status::kUnknown);
  EXPECT_EQ(state.before({{3}, 0}).status, Status::kBetween);
  EXPECT_EQ(state.before({{9}, 0}).status, Status::kSideB);
}

std::string text_of(const Presence& presence) {
  std::string text(name_of(presence.status));
  if (presence.status == Status::kBetween) text += presence.came_from == Side::kA ? " from A" : " from B";
  return presence.unmatched ? text + " unmatched" : text;
}

struct Scenario {
  std::vector<testing::NaiveMovement> movements;
  std::vector<std::size_t> taken_back;
};

Scenario draw_scenario(std::mt19937& random) {
  constexpr std::array<std::pair<const char*, const char*>, 6> kActs{{{"A", "exit"},
                                                                      {"A", "entry"},
                                                                      {"B", "exit"},
                                                                      {"B", "entry"},
                                                                      {"joint", "a_to_b"},
                                                                      {"joint", "b_to_a"}}};
  Scenario scenario;
  const std::size_t count = random() % (limits::kMaxTrackedMovements + 1);
  std::map<std::string, std::uint64_t> next;
  for (std::size_t i = 0; i < count; ++i) {
    const auto [post, direction] = kActs[random() % kActs.size()];
    const std::string agent = std::string("agent-") + post + std::to_string(random() % 2);
    scenario.movements.push_back(
        {static_cast<std::int64_t>(random() % 12), agent, next[agent]++, post, direction});
    if (random() % 5 == 0) scenario.taken_back.push_back(i);
  }
  return scenario;
}

Step step_of(const testing::NaiveMovement& movement) {
  return {.key = {{movement.occurred_at_ms},
                  movement_tie(agent_tag(movement.agent), JournalIndex(movement.journal_index))},
          .entry = {},
          .checkpoint = {},
          .post = *post_side_from(movement.post),
          .direction = *direction_from(movement.direction)};
}

// Every movement in any order gives what the naive reading of the sorted whole says.
TEST(SubjectState, EqualsTheNaiveModelInAnyOrderOfArrival) {
  for (std::uint32_t seed = 0; seed < 20'000; ++seed) {
    std::mt19937 random(seed);
    const Scenario scenario = draw_scenario(random);
    testing::NaivePerson naive;
    std::vector<std::size_t> order(scenario.movements.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random);

    SubjectState state;
    for (const std::size_t i : order) {
      naive.moved(scenario.movements[i]);
      state.insert(step_of(scenario.movements[i]));
    }
    for (const std::size_t i : scenario.taken_back) {
      naive.took_back(scenario.movements[i].agent, scenario.movements[i].journal_index);
      state.remove(step_of(scenario.movements[i]).key.tie);
    }
    const auto tie = [](const std::string& agent, std::uint64_t index) {
      return movement_tie(agent_tag(agent), JournalIndex(index));
    };
    ASSERT_EQ(text_of(state.now), naive.status(tie)) << "seed " << seed;
  }
}

TEST(LineState, IsClosedFromTheStartUntilBeforeTheEnd) {
  LineState line;
  line.apply(
      {.checkpoint = "bridge", .lifted = false, .from = {10}, .until = {20}, .reason = "", .party = "A"});
  EXPECT_FALSE(line.is_closed("bridge", {9}, {}));
  EXPECT_TRUE(line.is_closed("bridge", {10}, {}));
  EXPECT_TRUE(line.is_closed("bridge", {19}, {}));
  EXPECT_FALSE(line.is_closed("bridge", {20}, {}));
  EXPECT_FALSE(line.is_closed("valley", {15}, {}));
}

TEST(LineState, OnePartyCannotLiftTheOthersClosure) {
  LineState line;
  line.apply(
      {.checkpoint = "bridge", .lifted = false, .from = {10}, .until = {20}, .reason = "", .party = "A"});
  line.apply({.checkpoint = "bridge", .lifted = true, .from = {}, .until = {}, .reason = "", .party = "B"});
  EXPECT_TRUE(line.is_closed("bridge", {15}, {}));
  line.apply({.checkpoint = "bridge", .lifted = true, .from = {}, .until = {}, .reason = "", .party = "A"});
  EXPECT_FALSE(line.is_closed("bridge", {15}, {}));
}

TEST(Names, GivesTheSameIdForTheSameName) {
  Names names;
  const NameId bridge = names.intern("bridge");
  const NameId valley = names.intern("valley");
  EXPECT_NE(bridge, valley);
  EXPECT_EQ(names.intern("bridge"), bridge);
  EXPECT_EQ(names.name(valley), "valley");
  EXPECT_EQ(names.find("nowhere"), std::nullopt);
}

constexpr std::int64_t kHour_ms = 3'600'000;

Closure closure_of(std::string party, std::int64_t from_h, std::int64_t until_h) {
  return {"bridge", false, {from_h * kHour_ms}, {until_h * kHour_ms}, "flood", std::move(party)};
}

TEST(LineState, OnePartyAloneClosesForTheAgreedTimeOnly) {
  const auto closed_at = [](const LineState& line, std::int64_t hour) {
    return line.is_closed("bridge", {hour * kHour_ms}, 24);
  };
  LineState line;
  line.apply(closure_of("A", 0, 100));
  EXPECT_TRUE(closed_at(line, 0));
  EXPECT_FALSE(line.is_closed("bridge", {24 * kHour_ms}, 24));
  EXPECT_TRUE(line.is_closed("bridge", {24 * kHour_ms - 1}, 24));
  EXPECT_TRUE(line.is_closed("bridge", {99 * kHour_ms}, {})) << "no length was agreed";

  LineState chained;  // one act after the other
  for (std::int64_t hour = 0; hour < 100; hour += 10) chained.apply(closure_of("A", hour, hour + 10));
  EXPECT_TRUE(closed_at(chained, 23));
  EXPECT_FALSE(closed_at(chained, 24));
  chained.apply(closure_of("B", 30, 40));
  EXPECT_FALSE(closed_at(chained, 29));
  EXPECT_TRUE(closed_at(chained, 30)) << "both sides close it";
  EXPECT_FALSE(closed_at(chained, 40));

  LineState again;
  again.apply(closure_of("A", 0, 24));
  again.apply(closure_of("A", 25, 30));
  EXPECT_FALSE(closed_at(again, 24));
  EXPECT_TRUE(closed_at(again, 29)) << "after a break it is another closure";
}

}  // namespace
}  // namespace crossline::movement
