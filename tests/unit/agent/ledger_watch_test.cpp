// What the server shows of the ledger: believed, asked about, and left with the evidence.
#include "tests/support/agent/desk.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace crossline::agent {
namespace {

using testing::adult;
using testing::Desk;

class LedgerWatchTest : public ::testing::Test {
 protected:
  LedgerWatchTest() { desk_.start_shift(); }
  // What anybody finds in what the post keeps against the server; nothing when that is nothing or no
  // evidence.
  std::optional<merkle::MisbehaviourFinding> evidence() {
    if (!desk_.evidence()) return std::nullopt;
    const std::array keys{merkle::NoteVerifierKey::make("river-line/ledger", merkle::NoteKeyType::kEd25519,
                                                        Desk::ledger_signer().public_key())};
    const auto found = merkle::check_misbehaviour(*desk_.evidence(), keys);
    EXPECT_TRUE(found) << found.error().message;
    return found ? std::optional(*found) : std::nullopt;
  }

  // Against a server that has lost an event and grown since.
  void expect_proof_after_dispute(TreeSize seen) {
    desk_.connect();
    desk_.cut();
    ASSERT_EQ(desk_.station().replica().ledger().size, seen);
    desk_.server().forget(1, 40);
    desk_.station().on_connected();
    desk_.say(desk_.server().dispute(seen));
    EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer);
    EXPECT_TRUE(desk_.has_alarm(AlarmCode::kLedgerForked));
    const auto found = evidence();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->heads[0].size, seen);
    EXPECT_TRUE(found->proven);
  }

  Desk desk_;
};

TEST_F(LedgerWatchTest, RefusesAServerWhoseLedgerIsSmallerThanBefore) {
  desk_.pass_many(4);
  desk_.connect();
  desk_.cut();
  desk_.server().forget(2);
  desk_.connect();
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer);
  EXPECT_TRUE(desk_.has_alarm(AlarmCode::kLedgerShrank));
  EXPECT_EQ(desk_.server().events().size(), 3u) << "nothing is said to it";
  EXPECT_EQ(desk_.station().replica().ledger().size, TreeSize(5));
}

TEST_F(LedgerWatchTest, RefusesAServerThatDoesNotProveThatItsLedgerContinues) {
  desk_.pass_many(4);
  desk_.connect();
  desk_.cut();
  desk_.server().forget(2, 40);
  const wire::SignedHead shown = desk_.server().head();
  desk_.connect();
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer);
  EXPECT_TRUE(desk_.has_alarm(AlarmCode::kLedgerForked));
  EXPECT_EQ(desk_.station().replica().ledger().size, TreeSize(5));
  const auto found = evidence();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->heads[0].size, TreeSize(5));
  EXPECT_EQ(found->heads[1], shown.head);
  EXPECT_TRUE(found->proven) << "its own proof says what its ledger of 45 begins with";
}

TEST_F(LedgerWatchTest, GoesOnWithALedgerThatGrewMeanwhileAndForgetsTheAlarm) {
  desk_.pass_many(4);
  desk_.connect();
  desk_.cut();
  desk_.server().grow(40);
  desk_.station().on_connected();
  wire::Welcome welcome{.protocol = 1,
                        .next_index = JournalIndex(5),
                        .clock = {},
                        .ledger = desk_.server().head(),
                        .edition = {}};
  desk_.say(welcome);
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer) << "no proof";
  desk_.connect();
  EXPECT_EQ(desk_.station().uplink().state(), LinkState::kUp);
  EXPECT_FALSE(desk_.has_alarm(AlarmCode::kLedgerForked));
}

TEST_F(LedgerWatchTest, KeepsWhatAServerShowsThatDisputesItsHead) {
  desk_.pass_many(4);
  desk_.connect();
  desk_.cut();
  desk_.server().forget(2, 2);
  desk_.station().on_connected();
  desk_.say(wire::LedgerDispute{.ledger = desk_.server().head()});
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer);
  EXPECT_TRUE(desk_.has_alarm(AlarmCode::kLedgerForked));
  const auto found = evidence();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->proven);
}

TEST_F(LedgerWatchTest, HoldsAProofAgainstAServerThatDisputesWithALargerHead) {
  desk_.pass_many(4);
  expect_proof_after_dispute(TreeSize(5));
}

// Whose root no consistency proof holds.
TEST_F(LedgerWatchTest, HoldsAProofAsWellWhenTheHeadSeenIsOfAPowerOfTwo) {
  desk_.pass_many(3);
  expect_proof_after_dispute(TreeSize(4));
}

TEST_F(LedgerWatchTest, ADisputeWhoseBeginningDoesNotLeadToItsHeadIsAClaim) {
  desk_.pass_many(3);
  desk_.connect();
  desk_.cut();
  desk_.server().forget(1, 40);
  wire::LedgerDispute said = desk_.server().dispute(TreeSize(4));
  said.root->bytes[0] ^= 1;
  desk_.station().on_connected();
  desk_.say(said);
  const auto found = evidence();
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->proven);
}

TEST_F(LedgerWatchTest, HoldsNothingAgainstAServerThatDisputesAndShowsTheSameHead) {
  desk_.pass_many(4);
  desk_.connect();
  desk_.cut();
  desk_.station().on_connected();
  desk_.say(wire::LedgerDispute{.ledger = desk_.server().head()});
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer);
  EXPECT_FALSE(desk_.evidence());
}

TEST_F(LedgerWatchTest, BelievesNoDisputeThatTheLineDidNotSign) {
  desk_.pass_many(4);
  desk_.connect();
  desk_.cut();
  desk_.server().forget(2, 2);
  wire::SignedHead forged = desk_.server().head();
  forged.signature.bytes[0] ^= 1;
  desk_.station().on_connected();
  desk_.say(wire::LedgerDispute{.ledger = forged});
  EXPECT_TRUE(desk_.has_alarm(AlarmCode::kLedgerNotSigned));
  EXPECT_FALSE(desk_.has_alarm(AlarmCode::kLedgerForked));
  EXPECT_FALSE(desk_.evidence());
}

TEST_F(LedgerWatchTest, AsksNowAndThenWhetherTheLedgerGoesOn) {
  desk_.connect();
  ASSERT_EQ(desk_.station().replica().ledger().size, TreeSize(1));
  desk_.server().grow(40);
  desk_.wait_ms(kLedgerQuestionMs + 100);
  EXPECT_EQ(desk_.station().replica().ledger().size, TreeSize(41)) << "without an event of its own";
  EXPECT_EQ(desk_.station().replica().proven_head()->head.size, TreeSize(41));
  desk_.pass_many(2);
  EXPECT_EQ(desk_.station().replica().ledger().size, TreeSize(43));
  EXPECT_EQ(desk_.station().replica().proven_head()->head.size, TreeSize(41));
  desk_.wait_ms(kLedgerQuestionMs + 100);
  EXPECT_EQ(desk_.station().replica().proven_head()->head.size, TreeSize(43));
  const auto& heartbeats = desk_.server().heartbeats();
  const auto questions = std::ranges::count_if(
      heartbeats, [](const wire::Heartbeat& heartbeat) { return heartbeat.ledger_question.has_value(); });
  EXPECT_EQ(questions, 2);
}

// The answer's head is believed at first, as that of the history that the post has seen.
TEST_F(LedgerWatchTest, FindsAForkBetweenTwoGreetings) {
  desk_.pass_many(4);
  desk_.connect();
  desk_.server().fork(2);
  desk_.pass_many(1);
  ASSERT_EQ(desk_.station().uplink().state(), LinkState::kUp);
  ASSERT_EQ(desk_.station().replica().ledger().size, TreeSize(6));
  desk_.wait_ms(kLedgerQuestionMs + 100);
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer);
  EXPECT_TRUE(desk_.has_alarm(AlarmCode::kLedgerForked));
  const auto found = evidence();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->heads[0].size, TreeSize(5));
  EXPECT_EQ(found->heads[1].size, TreeSize(6));
  EXPECT_TRUE(found->proven);

  // Going on with the other history does not help, nor that the post begins anew.
  desk_.connect();
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer);
  desk_.restart();
  desk_.connect();
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer);
  EXPECT_TRUE(desk_.has_alarm(AlarmCode::kLedgerForked));
}

TEST_F(LedgerWatchTest, GreetsAServerAnewThatWithholdsTheProof) {
  desk_.pass_many(4);
  desk_.connect();
  desk_.server().withholds_proofs = true;
  desk_.wait_ms(kLedgerReplyMs);
  EXPECT_EQ(desk_.station().uplink().state(), LinkState::kUp);
  desk_.wait_ms(kLedgerQuestionMs + kHeartbeatMs);
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUnreachable) << "not an accusation";
  EXPECT_FALSE(desk_.evidence());
  desk_.server().grow(3);
  desk_.connect();
  EXPECT_EQ(desk_.station().uplink().state(), LinkState::kUp);
  EXPECT_EQ(desk_.station().replica().proven_head()->head.size, TreeSize(8)) << "by the greeting";
}

TEST_F(LedgerWatchTest, TakesNoReplyToAnotherQuestion) {
  desk_.pass_many(4);
  desk_.connect();
  const wire::LedgerReply early = desk_.server().reply_to({TreeSize(5), TreeSize(5)});
  desk_.server().grow(3);
  desk_.say(wire::Heartbeat{.unsent = 0, .clock = {}, .oldest_unsent_ms = 0, .ledger_reply = early});
  wire::LedgerReply another = desk_.server().reply_to({TreeSize(4), TreeSize(4)});
  desk_.say(wire::Heartbeat{.unsent = 0, .clock = {}, .oldest_unsent_ms = 0, .ledger_reply = another});
  EXPECT_EQ(desk_.station().uplink().state(), LinkState::kUp);
  EXPECT_EQ(desk_.station().replica().ledger().size, TreeSize(5));
}

// A server whose ledger was empty answers the question when it has one.
TEST(LedgerWatchOfANewLine, IsNotMisledByALateReplyToAQuestionThatNamedNoHead) {
  Desk desk;
  desk.connect();
  desk.wait_ms(kLedgerQuestionMs + 100);
  ASSERT_EQ(desk.server().heartbeats().back().ledger_question, wire::LedgerQuestion{});
  desk.start_shift();
  ASSERT_EQ(desk.station().replica().ledger().size, TreeSize(1));
  desk.server().grow(3);
  desk.say(wire::Heartbeat{
      .unsent = 0, .clock = {}, .oldest_unsent_ms = 0, .ledger_reply = desk.server().reply_to({})});
  EXPECT_EQ(desk.station().uplink().state(), LinkState::kUp);
  EXPECT_FALSE(desk.has_alarm(AlarmCode::kLedgerForked));
  EXPECT_FALSE(desk.evidence());
  desk.wait_ms(kLedgerQuestionMs + 100);
  EXPECT_EQ(desk.station().replica().proven_head()->head.size, TreeSize(4)) << "by the next question";
}

TEST_F(LedgerWatchTest, BelievesNoReplyThatTheLineDidNotSign) {
  desk_.pass_many(4);
  desk_.connect();
  desk_.server().silent = true;
  desk_.wait_ms(kHeartbeatMs);
  desk_.server().grow(3);
  for (std::uint64_t waited = 0; waited < kLedgerQuestionMs; waited += kHeartbeatMs) {
    desk_.wait_ms(kHeartbeatMs);
    desk_.say(wire::Heartbeat{});  // the link lives
  }
  wire::LedgerReply reply = desk_.server().reply_to({TreeSize(5), TreeSize(5)});
  reply.ledger.signature.bytes[0] ^= 1;
  desk_.say(wire::Heartbeat{.unsent = 0, .clock = {}, .oldest_unsent_ms = 0, .ledger_reply = reply});
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer);
  EXPECT_TRUE(desk_.has_alarm(AlarmCode::kLedgerNotSigned));
  EXPECT_EQ(desk_.station().replica().ledger().size, TreeSize(5));
}

TEST_F(LedgerWatchTest, GoesOnAtTheDeskAndAsksAnUntrustedServerAgain) {
  desk_.pass_many(4);
  desk_.connect();
  desk_.cut();
  desk_.server().forget(2, 40);
  desk_.connect();
  ASSERT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer);
  const TreeSize before = desk_.station().journal().size();
  (void)desk_.pass({.number = "N20000001"});
  EXPECT_GT(desk_.station().journal().size(), before);
  EXPECT_LE(desk_.station().uplink().reconnect_delay_ms(), kReconnectMaxMs);
}

TEST_F(LedgerWatchTest, BelievesNoHeadThatTheLineHasNotSigned) {
  desk_.server().grow(3);
  wire::SignedHead head = desk_.server().head();
  head.head.size = TreeSize(4);
  desk_.station().on_connected();
  desk_.say(wire::Welcome{
      .protocol = 1, .next_index = JournalIndex(0), .clock = {}, .ledger = head, .edition = {}});
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer);
  EXPECT_TRUE(desk_.has_alarm(AlarmCode::kLedgerNotSigned));
  EXPECT_EQ(desk_.station().replica().ledger().size, TreeSize(0));
}

TEST_F(LedgerWatchTest, ReportsTwoLedgersOfOneSize) {
  desk_.server().grow(3);
  desk_.connect();
  const TreeSize size = desk_.station().replica().ledger().size;
  const merkle::TreeHead other{size, merkle::leaf_hash(as_bytes("another history"))};
  desk_.cut();
  desk_.station().on_connected();
  desk_.say(wire::Welcome{.protocol = 1,
                          .next_index = JournalIndex(1),
                          .clock = {},
                          .ledger = wire::SignedHead{other, merkle::sign_tree_head("river-line/ledger", other,
                                                                                   Desk::ledger_signer())},
                          .edition = {}});
  EXPECT_TRUE(desk_.has_alarm(AlarmCode::kLedgerForked));
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUntrustedServer);
}

TEST_F(LedgerWatchTest, PutsTheLastHeadItSawIntoItsEvents) {
  desk_.connect();
  (void)desk_.pass(adult());
  (void)desk_.pass(adult(2));
  EXPECT_EQ(desk_.last_event().beacon.size, TreeSize(2)) << "of the commit before";
}

}  // namespace
}  // namespace crossline::agent
