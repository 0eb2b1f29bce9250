#include "crossline/agent/replica.hpp"

#include "tests/support/agent/memory_stores.hpp"
#include "tests/support/sample_changes.hpp"
#include "tests/support/sample_edition.hpp"
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
    return {.from = LedgerIndex(from), .to = LedgerIndex(to), .changes = {}, .closures = {}, .edition = {}};
  }
  Replica open() { return Replica::open(store_).value(); }
  movement::Presence presence(Replica& replica, const std::vector<OwnMovement>& ahead = {}) {
    return state(replica, ahead).now;
  }
  movement::SubjectState state(Replica& replica, const std::vector<OwnMovement>& ahead = {}) {
    return replica.state_of(subject(1), ahead, {}, kHere, kTag, edition_).value();
  }
  static movement::RecordChange passage(Direction direction, movement::MovementKey key) {
    return testing::passage_of(subject(1), kHere, direction, key);
  }
  static OwnMovement own(std::int64_t at_ms, Direction direction) {
    return {JournalIndex(3), {at_ms},      subject(1), direction, movement::Outcome::kPassed,
            false,           std::nullopt, {}};
  }

  static inline const movement::Post kHere{"bridge", movement::PostSide::kA};
  static constexpr std::uint32_t kTag = 5;
  procedure::Edition edition_ = procedure::Edition::load(as_bytes(testing::sealed_edition())).value();
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
  known.changes = {passage(Direction::kEntry, {{1'000}, 1})};
  ASSERT_TRUE(replica.apply(known));
  EXPECT_EQ(presence(replica).status, Status::kSideA);
  EXPECT_EQ(presence(replica, {own(2'000, Direction::kExit)}).status, Status::kBetween);
}

TEST_F(ReplicaTest, DoesNotCountAMovementTwiceWhoseAnswerIsLate) {
  Replica replica = open();
  wire::ReplicaUpdate known = update(0, 1);
  known.changes = {passage(Direction::kExit, {{2'000}, movement::movement_tie(kTag, JournalIndex(3))})};
  ASSERT_TRUE(replica.apply(known));
  EXPECT_EQ(presence(replica, {own(2'000, Direction::kExit)}).status, Status::kBetween);
}

TEST_F(ReplicaTest, FoldsEveryPieceOnWhatItHas) {
  Replica replica = open();
  wire::ReplicaUpdate first = update(0, 2);
  first.changes = {passage(Direction::kExit, {{1'000}, 1}), passage(Direction::kEntry, {{2'000}, 1})};
  wire::ReplicaUpdate second = update(2, 3);
  second.changes = {passage(Direction::kExit, {{3'000}, 1})};
  ASSERT_TRUE(replica.apply(first));
  ASSERT_TRUE(replica.apply(second));
  EXPECT_EQ(presence(replica).status, Status::kBetween);
  movement::History history;
  ASSERT_TRUE(state(replica).history_before({{4'000}, 0}, history));
  EXPECT_EQ(history.tally({procedure::Direction::kExit, Side::kA}).sums.today, 2);
}

TEST_F(ReplicaTest, CountsTheGoodsOfItsOwnNewestMovements) {
  Replica replica = open();
  OwnMovement leaving = own(2'000, Direction::kExit);
  leaving.goods = {{"cash", "EUR", 300}};
  ASSERT_EQ(state(replica, {leaving}).carried.size(), 1u);
  EXPECT_EQ(state(replica, {leaving}).carried.front().amount, 300);
}

TEST_F(ReplicaTest, KeepsListsClosuresAndPositionOverARestart) {
  {
    Replica replica = open();
    wire::ReplicaUpdate known = update(0, 3);
    known.changes = {testing::listing_of(subject(1), "hold")};
    known.closures = {{"bridge", false, {1'000}, {2'000}, "shelling", "B"}};
    ASSERT_TRUE(replica.apply(known));
  }
  Replica replica = open();
  EXPECT_EQ(replica.position(), LedgerIndex(3));
  EXPECT_TRUE(replica.line().is_closed("bridge", {1'500}, {}));
  ASSERT_EQ(state(replica).lists.size(), 1u);
  EXPECT_EQ(replica.names().name(state(replica).lists.front().list), "hold");
}

TEST_F(ReplicaTest, IsOlderTheLongerNobodySaidThatItIsComplete) {
  Replica replica = open();
  ASSERT_TRUE(replica.mark_current({1'000'000}));
  EXPECT_EQ(replica.age_ms({1'000'000}), 1) << "another post may have recorded something this very moment";
  EXPECT_EQ(replica.age_ms({1'003'000}), 3'000);
}

TEST_F(ReplicaTest, BelievesOnlyLargerHeads) {
  Replica replica = open();
  ASSERT_TRUE(replica.believe({{TreeSize(5), {}}, {}}, {1}));
  ASSERT_TRUE(replica.believe({{TreeSize(3), {}}, {}}, {2}));
  EXPECT_EQ(replica.ledger().size, TreeSize(5));
  EXPECT_EQ(replica.ledger_seen_at(), UtcMillis{1});
}

TEST_F(ReplicaTest, KeepsTheLargestProvenHeadBesideTheOneSeen) {
  {
    Replica replica = open();
    ASSERT_TRUE(replica.believe({{TreeSize(9), {}}, {}}, {1}));
    ASSERT_TRUE(replica.prove({{TreeSize(5), {}}, {}}));
    ASSERT_TRUE(replica.prove({{TreeSize(3), {}}, {}}));
  }
  const Replica replica = open();
  EXPECT_EQ(replica.ledger().size, TreeSize(9));
  ASSERT_TRUE(replica.proven_head());
  EXPECT_EQ(replica.proven_head()->head.size, TreeSize(5));
}

}  // namespace
}  // namespace crossline::agent
