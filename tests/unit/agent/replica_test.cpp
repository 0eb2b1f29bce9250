#include "crossline/agent/replica.hpp"

#include "tests/support/agent/memory_stores.hpp"
#include "tests/support/sample_events.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

using movement::Direction;
using movement::Side;
using movement::Status;
using testing::subject;

class ReplicaTest : public ::testing::Test {
 protected:
  static wire::ReplicaUpdate update(std::uint64_t from, std::uint64_t to) {
    return {.from = LedgerIndex(from),
            .to = LedgerIndex(to),
            .statuses = {},
            .lists = {},
            .closures = {},
            .edition = {}};
  }
  Replica open() { return Replica::open(store_).value(); }
  movement::Presence presence(Replica& replica, const std::vector<OwnMovement>& ahead = {}) {
    return replica.state_of(subject(1), ahead, {}, {"bridge", movement::PostSide::kA}, 5).value().now;
  }
  static OwnMovement own(std::int64_t at_ms, Direction direction) {
    return {JournalIndex(3), {at_ms}, subject(1), direction, movement::Outcome::kPassed, false, std::nullopt};
  }

  testing::MemoryReplicaStore store_;
};

TEST_F(ReplicaTest, KnowsNobodyWhenNew) {
  Replica replica = open();
  EXPECT_EQ(presence(replica).status, Status::kUnknown);
}

TEST_F(ReplicaTest, TakesPiecesInOrderAndIgnoresThoseItHas) {
  Replica replica = open();
  ASSERT_TRUE(replica.apply(update(0, 5)));
  ASSERT_TRUE(replica.apply(update(0, 5)));
  ASSERT_TRUE(replica.apply(update(5, 6)));
  EXPECT_EQ(replica.position(), LedgerIndex(6));
  EXPECT_EQ(replica.apply(update(7, 8)).error().code, ErrorCode::kConflict);
  EXPECT_EQ(replica.apply(update(5, 8)).error().code, ErrorCode::kConflict);
  EXPECT_EQ(replica.position(), LedgerIndex(6));
}

TEST_F(ReplicaTest, PutsOwnMovementsOnTop) {
  Replica replica = open();
  wire::ReplicaUpdate known = update(0, 1);
  known.statuses = {{subject(1), Status::kSideA, Side::kA, {1'000}, "bridge"}};
  ASSERT_TRUE(replica.apply(known));
  EXPECT_EQ(presence(replica).status, Status::kSideA);
  EXPECT_EQ(presence(replica, {own(2'000, Direction::kExit)}).status, Status::kBetween);
}

TEST_F(ReplicaTest, DoesNotCountAMovementTwiceWhoseAnswerIsLate) {
  Replica replica = open();
  wire::ReplicaUpdate known = update(0, 1);
  known.statuses = {{subject(1), Status::kBetween, Side::kA, {2'000}, "bridge"}};
  ASSERT_TRUE(replica.apply(known));
  EXPECT_EQ(presence(replica, {own(2'000, Direction::kExit)}).status, Status::kBetween);
}

TEST_F(ReplicaTest, KeepsListsClosuresAndPositionOverARestart) {
  {
    Replica replica = open();
    wire::ReplicaUpdate known = update(0, 3);
    known.lists = {{"hold", subject(1), false}};
    known.closures = {{"bridge", false, {1'000}, {2'000}, "shelling", "B"}};
    ASSERT_TRUE(replica.apply(known));
  }
  Replica replica = open();
  EXPECT_EQ(replica.position(), LedgerIndex(3));
  EXPECT_TRUE(replica.line().is_closed("bridge", {1'500}));
  const auto state = replica.state_of(subject(1), {}, {}, {"bridge", movement::PostSide::kA}, 5);
  ASSERT_EQ(state->lists.size(), 1u);
  EXPECT_EQ(replica.names().name(state->lists.front().list), "hold");
}

TEST_F(ReplicaTest, IsOlderTheLongerNobodySaidThatItIsComplete) {
  Replica replica = open();
  ASSERT_TRUE(replica.mark_current({1'000'000}));
  EXPECT_EQ(replica.age_ms({1'000'000}), 1) << "another post may have recorded something this very moment";
  EXPECT_EQ(replica.age_ms({1'003'000}), 3'000);
}

TEST_F(ReplicaTest, BelievesOnlyLargerHeads) {
  Replica replica = open();
  ASSERT_TRUE(replica.believe({TreeSize(5), {}}, {1}));
  ASSERT_TRUE(replica.believe({TreeSize(3), {}}, {2}));
  EXPECT_EQ(replica.ledger().size, TreeSize(5));
  EXPECT_EQ(replica.ledger_seen_at(), UtcMillis{1});
}

}  // namespace
}  // namespace crossline::agent
