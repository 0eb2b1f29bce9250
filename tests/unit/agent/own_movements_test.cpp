#include "crossline/agent/own_movements.hpp"

#include "tests/support/sample_events.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

using movement::Direction;
using movement::Outcome;
using testing::subject;

OwnMovement moved(std::uint64_t index, std::uint8_t person, Direction direction = Direction::kExit,
                  Outcome outcome = Outcome::kPassed) {
  return {JournalIndex(index),
          {static_cast<std::int64_t>(index) * 1'000},
          subject(person),
          direction,
          outcome,
          false,
          std::nullopt};
}

TEST(OwnMovements, LieAheadUntilTheReplicaHoldsThem) {
  OwnMovements own;
  own.add(moved(1, 1));
  EXPECT_EQ(own.ahead_of(LedgerIndex(0), subject(1)).size(), 1u);
  EXPECT_TRUE(own.has_unsent(subject(1)));
  own.place(JournalIndex(1), std::vector{LedgerIndex(9)});
  EXPECT_FALSE(own.has_unsent(subject(1)));
  EXPECT_EQ(own.ahead_of(LedgerIndex(9), subject(1)).size(), 1u) << "a replica up to 9 lacks entry 9";
  EXPECT_TRUE(own.ahead_of(LedgerIndex(10), subject(1)).empty());
}

TEST(OwnMovements, CountOnlyUncorrectedPassages) {
  OwnMovements own;
  own.add(moved(1, 1, Direction::kExit, Outcome::kRefused));
  own.add(moved(2, 1));
  own.add(moved(3, 2));
  EXPECT_EQ(own.ahead_of(LedgerIndex(0), subject(1)).size(), 1u);
  own.correct(JournalIndex(2));
  EXPECT_TRUE(own.ahead_of(LedgerIndex(0), subject(1)).empty());
  EXPECT_EQ(own.last_passage(subject(1), Direction::kExit, {0}), nullptr);
}

TEST(OwnMovements, RecogniseAPassageOnlyInItsDirectionAndWindow) {
  OwnMovements own;
  own.add(moved(5, 1));
  ASSERT_NE(own.last_passage(subject(1), Direction::kExit, {5'000}), nullptr);
  EXPECT_EQ(own.last_passage(subject(1), Direction::kExit, {5'001}), nullptr);
  EXPECT_EQ(own.last_passage(subject(1), Direction::kEntry, {0}), nullptr);
  EXPECT_EQ(own.last_passage(subject(2), Direction::kExit, {0}), nullptr);
  own.add(moved(6, 1, Direction::kEntry));
  EXPECT_EQ(own.last_passage(subject(1), Direction::kExit, {0}), nullptr) << "came back in between";
}

TEST(OwnMovements, ForgetWhatIsOldAndInTheReplica) {
  OwnMovements own;
  own.add(moved(1, 1));
  own.add(moved(2, 2));
  own.add(moved(9, 3));
  own.place(JournalIndex(1), std::vector{LedgerIndex(1)});
  own.place(JournalIndex(9), std::vector{LedgerIndex(2)});
  own.forget({5'000}, LedgerIndex(3));
  EXPECT_EQ(own.find(JournalIndex(1)), nullptr) << "old and in the replica";
  EXPECT_NE(own.find(JournalIndex(2)), nullptr) << "not yet sent";
  EXPECT_NE(own.find(JournalIndex(9)), nullptr) << "recent";
}

}  // namespace
}  // namespace crossline::agent
