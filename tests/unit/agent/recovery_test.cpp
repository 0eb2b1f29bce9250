// What is left when the process ends without a word.
#include "tests/support/agent/desk.hpp"

#include <string>

namespace crossline::agent {
namespace {

using movement::Direction;
using movement::Status;
using movement::Verdict;
using testing::adult;
using testing::Desk;

class RecoveryTest : public ::testing::Test {
 protected:
  RecoveryTest() { desk_.start_shift(); }
  Status status_of(const crypto::SubjectId& subject) { return desk_.station().state_of(subject)->now.status; }
  Desk desk_;
};

TEST_F(RecoveryTest, KeepsEveryRecordedMovement) {
  const Scan& scan = desk_.pass(adult());
  const crypto::SubjectId subject = scan.traveller->movement.subject;
  desk_.restart();
  EXPECT_EQ(desk_.station().journal().size(), TreeSize(2));
  EXPECT_EQ(status_of(subject), Status::kBetween);
  desk_.connect();
  EXPECT_EQ(desk_.server().events().size(), 2u);
  EXPECT_TRUE(desk_.server().complaints().empty());
}

TEST_F(RecoveryTest, AsksForANewShift) {
  desk_.restart();
  EXPECT_EQ(desk_.station().scan({.text = adult().scan()}).error().code, ErrorCode::kForbidden);
}

TEST_F(RecoveryTest, RecognisesASecondScanAndTakesBackAMovementFromBefore) {
  const JournalIndex index = desk_.pass(adult()).recorded->index;
  desk_.restart();
  desk_.start_shift();
  EXPECT_EQ(desk_.scan(adult()).step, Step::kRepeated);
  EXPECT_TRUE(desk_.station().undo(index, "wrong lane"));
  desk_.restart();
  desk_.start_shift();
  EXPECT_EQ(desk_.scan(adult()).step, Step::kDecided) << "the correction is remembered, too";
}

TEST_F(RecoveryTest, SendsAgainWhatItForgotWasAcknowledged) {
  desk_.connect();
  (void)desk_.pass(adult());
  ASSERT_EQ(desk_.station().journal().unsent(), 0u);
  desk_.journal().crash();
  desk_.replica().crash();
  desk_.restart();
  EXPECT_GT(desk_.station().journal().unsent(), 0u);
  desk_.connect();
  EXPECT_EQ(desk_.station().journal().unsent(), 0u);
  EXPECT_EQ(desk_.server().events().size(), 2u) << "the server has them once";
  EXPECT_TRUE(desk_.server().complaints().empty());
}

TEST_F(RecoveryTest, KeepsAMovementOnTopUntilTheReplicaHasIt) {
  desk_.connect();
  const crypto::SubjectId subject = desk_.pass(adult()).traveller->movement.subject;
  desk_.wait_ms(desk_.station().settings().double_scan_ms + 1'000, 10'000);
  desk_.cut();
  desk_.restart();
  EXPECT_EQ(status_of(subject), Status::kBetween) << "acknowledged, but not in the replica";
}

TEST_F(RecoveryTest, GoesOnWithTheConfiguredEditionWhenTheStoredOneIsBroken) {
  ASSERT_TRUE(desk_.replica().put_edition({.number = 2, .enveloped = false, .bytes = "not an edition"}));
  desk_.restart();
  EXPECT_EQ(desk_.station().edition().number(), 1u);
  EXPECT_FALSE(desk_.station().alarms().all().empty());
}

TEST_F(RecoveryTest, ReadsBackALongOfflineJournal) {
  desk_.pass_many(500);
  desk_.restart();
  EXPECT_EQ(desk_.station().journal().size(), TreeSize(501));
  desk_.connect();
  EXPECT_EQ(desk_.server().events().size(), 501u);
  EXPECT_EQ(desk_.server().submissions(), 1u);
  EXPECT_TRUE(desk_.server().complaints().empty());
}

}  // namespace
}  // namespace crossline::agent
