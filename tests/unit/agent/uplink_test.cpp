// The link: what is asked, sent, sent again, believed and not believed.
#include "crossline/base/limits.hpp"
#include "tests/support/agent/desk.hpp"
#include "tests/support/sample_changes.hpp"

#include <string>

namespace crossline::agent {
namespace {

using movement::Direction;
using movement::Verdict;
using testing::adult;
using testing::child;
using testing::Desk;

class UplinkTest : public ::testing::Test {
 protected:
  UplinkTest() { desk_.start_shift(); }
  // One frame the agent has to say now, with nothing delivered.
  std::vector<wire::AgentFrame> frames() { return desk_.station().take_effects().frames; }

  Desk desk_;
};

TEST_F(UplinkTest, SaysItsJournalInTheHello) {
  desk_.station().on_connected();
  const auto sent = frames();
  ASSERT_EQ(sent.size(), 1u);
  const auto& hello = std::get<wire::Hello>(sent.front());
  EXPECT_EQ(hello.agent, "bridge-a-1");
  EXPECT_EQ(hello.journal, desk_.station().journal().head());
  EXPECT_EQ(hello.edition, desk_.station().edition().hash());
}

TEST_F(UplinkTest, SendsWhatWasRecordedOfflineInOrderAndOnce) {
  desk_.pass_many(3);
  desk_.connect();
  EXPECT_EQ(desk_.server().events().size(), 4u);
  EXPECT_EQ(desk_.station().journal().unsent(), 0u);
  desk_.cut();
  desk_.connect();
  EXPECT_EQ(desk_.server().events().size(), 4u);
  EXPECT_TRUE(desk_.server().complaints().empty());
}

TEST_F(UplinkTest, SendsALiveScanAsABatchOfOne) {
  desk_.connect();
  const std::size_t before = desk_.server().submissions();
  (void)desk_.pass(adult());
  EXPECT_EQ(desk_.server().submissions(), before + 1);
}

TEST_F(UplinkTest, SendsABacklogInBatchesWithinTheWindow) {
  const int backlog = static_cast<int>(kBacklogBatchEvents) + 200;
  desk_.pass_many(backlog);
  desk_.server().silent = true;
  desk_.connect();
  EXPECT_EQ(desk_.server().events().size(), static_cast<std::size_t>(backlog) + 1);
  EXPECT_EQ(desk_.server().submissions(), 2u);
  EXPECT_EQ(desk_.station().journal().unsent(), static_cast<std::size_t>(backlog) + 1)
      << "nothing was answered";
}

TEST_F(UplinkTest, TakesTheServersVerdictAndRecordsItsOwnWhenTheyDiffer) {
  desk_.connect();
  desk_.server().verdict = Verdict::kRefer;
  desk_.server().articles = {"6(1)"};
  const Scan& scan = desk_.scan(adult());
  EXPECT_EQ(scan.shown->verdict, Verdict::kRefer);
  EXPECT_EQ(scan.shown->reasons.front().text, "The hold list refers.");
  EXPECT_FALSE(scan.decided_offline);
  EXPECT_EQ(desk_.last_movement().local_verdict, Verdict::kAllow);
  EXPECT_EQ(desk_.last_movement().articles, std::vector<std::string>{"6(1)"});
}

TEST_F(UplinkTest, DoesNotRecordALocalVerdictThatAgrees) {
  desk_.connect();
  (void)desk_.pass(adult());
  EXPECT_EQ(desk_.last_movement().local_verdict, std::nullopt);
  EXPECT_FALSE(desk_.last_movement().decided_offline);
}

TEST_F(UplinkTest, LetsTheLocalVerdictStandWhenTheServerDoesNotAnswerInTime) {
  desk_.connect();
  desk_.server().verdict.reset();
  const Scan& scan = desk_.scan(adult());
  const ScanId id = scan.id;
  ASSERT_EQ(scan.step, Step::kAsking);
  desk_.wait_ms(desk_.station().settings().answer_wait_ms - 100);
  EXPECT_EQ(desk_.look(id).step, Step::kAsking);
  desk_.wait_ms(100);
  ASSERT_EQ(desk_.look(id).step, Step::kDecided);
  EXPECT_EQ(desk_.look(id).shown->verdict, Verdict::kAllow);
  EXPECT_TRUE(desk_.look(id).decided_offline);
}

TEST_F(UplinkTest, DoesNotWaitAgainUntilTheServerIsHeard) {
  desk_.connect();
  desk_.server().verdict.reset();
  (void)desk_.scan(adult(1));
  desk_.wait_ms(desk_.station().settings().answer_wait_ms);
  EXPECT_EQ(desk_.scan(adult(2)).step, Step::kDecided) << "no second wait";
  desk_.say(wire::Heartbeat{});
  EXPECT_EQ(desk_.scan(adult(3)).step, Step::kAsking);
}

TEST_F(UplinkTest, DoesNotWaitWhenTheLinkIsCutMeanwhile) {
  desk_.connect();
  desk_.server().verdict.reset();
  const ScanId id = desk_.scan(adult()).id;
  desk_.cut();
  EXPECT_EQ(desk_.look(id).step, Step::kDecided);
}

TEST_F(UplinkTest, IgnoresAnAnswerThatComesTooLate) {
  desk_.connect();
  desk_.server().verdict.reset();
  const ScanId id = desk_.scan(adult()).id;
  desk_.wait_ms(desk_.station().settings().answer_wait_ms);
  ASSERT_EQ(desk_.look(id).shown->verdict, Verdict::kAllow);
  desk_.say(
      wire::ConsultAnswer{.id = 1, .verdict = Verdict::kRefuse, .articles = {}, .status = {}, .edition = 1});
  EXPECT_EQ(desk_.look(id).shown->verdict, Verdict::kAllow);
}

TEST_F(UplinkTest, DoesNotAskAServerThatHasNotHeardOfTheLastMovement) {
  desk_.connect();
  desk_.server().verdict = Verdict::kRefuse;
  desk_.server().silent = true;
  (void)desk_.scan(adult());  // refused, recorded, not acknowledged
  const std::size_t asked = desk_.server().consults();
  const Scan& again = desk_.scan(adult());
  EXPECT_EQ(desk_.server().consults(), asked);
  EXPECT_TRUE(again.decided_offline);
}

TEST_F(UplinkTest, SendsHeartbeatsAndNoticesSilence) {
  desk_.connect();
  desk_.wait_ms(10'000);
  EXPECT_GE(desk_.server().heartbeats().size(), 4u);
  EXPECT_EQ(desk_.station().uplink().state(), LinkState::kUp);
  desk_.server().silent = true;
  desk_.wait_ms(kSilenceMs + 200);
  EXPECT_EQ(desk_.station().uplink().state(), LinkState::kDown);
  EXPECT_FALSE(desk_.is_connected());
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUnreachable);
}

TEST_F(UplinkTest, IsPatientWhileABacklogWaitsForItsAnswer) {
  desk_.pass_many(5);
  desk_.server().silent = true;
  desk_.connect();
  desk_.wait_ms(kSilenceMs + 1'000);
  EXPECT_EQ(desk_.station().uplink().state(), LinkState::kUp);
  desk_.wait_ms(kBusySilenceMs, 1'000);
  EXPECT_EQ(desk_.station().uplink().state(), LinkState::kDown);
}

TEST_F(UplinkTest, GivesUpOnAServerThatDoesNotGreet) {
  desk_.station().on_connected();
  (void)frames();
  desk_.wait_ms(kGreetingMs);
  EXPECT_EQ(desk_.station().uplink().state(), LinkState::kDown);
}

TEST_F(UplinkTest, WaitsLongerAfterEveryFailureAndForgetsThatWhenItIsUp) {
  std::uint64_t longest_ms = 0;
  for (int i = 0; i < 12; ++i) {
    desk_.cut();
    longest_ms = std::max(longest_ms, desk_.station().uplink().reconnect_delay_ms());
    EXPECT_LE(desk_.station().uplink().reconnect_delay_ms(), kReconnectMaxMs);
  }
  EXPECT_GE(longest_ms, kReconnectMaxMs / 2);
  desk_.connect();
  desk_.cut();
  EXPECT_LE(desk_.station().uplink().reconnect_delay_ms(), kReconnectMinMs);
}

TEST_F(UplinkTest, SendsAgainWhatAServerHasForgotten) {
  desk_.pass_many(4);
  desk_.connect();
  desk_.cut();
  desk_.server().disown(2);
  desk_.connect();
  EXPECT_TRUE(desk_.has_alarm(AlarmCode::kServerForgot));
  EXPECT_EQ(desk_.server().events().size(), 5u);
  EXPECT_TRUE(desk_.server().complaints().empty());
}

TEST_F(UplinkTest, CountsAsSentWhatTheServerHasWhoseAnswerWasLost) {
  desk_.pass_many(2);
  desk_.server().silent = true;
  desk_.connect();
  EXPECT_EQ(desk_.station().journal().unsent(), 3u);
  desk_.cut();
  desk_.server().silent = false;
  desk_.connect();
  EXPECT_EQ(desk_.station().journal().unsent(), 0u);
  EXPECT_TRUE(desk_.server().complaints().empty());
}

TEST_F(UplinkTest, StopsRecordingWhenTheServerKnowsMoreOfItsJournalThanItself) {
  wire::Welcome welcome{
      .protocol = 1, .next_index = JournalIndex(9), .clock = {}, .ledger = {}, .edition = {}};
  desk_.station().on_connected();
  desk_.say(welcome);
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kForked);
  EXPECT_EQ(desk_.station().uplink().reconnect_delay_ms(), kRefusedRetryMs);
  EXPECT_EQ(desk_.station().scan({.text = adult().scan()}).error().code, ErrorCode::kForked);
  desk_.connect();  // an administrator has looked at the evidence
  EXPECT_EQ(desk_.pass(adult()).step, Step::kDone);
}

TEST_F(UplinkTest, TakesNoAnswerToWhatItHasNotSent) {
  desk_.connect();
  wire::Answer answer{.first_index = JournalIndex(1), .events = {{}}, .ledger = desk_.server().head()};
  desk_.say(answer);
  EXPECT_EQ(desk_.station().uplink().state(), LinkState::kDown);
  EXPECT_EQ(desk_.station().journal().unsent(), 0u);
}

TEST_F(UplinkTest, IgnoresARepeatedAnswer) {
  desk_.connect();
  wire::Answer answer{.first_index = JournalIndex(0), .events = {{}}, .ledger = desk_.server().head()};
  desk_.say(answer);
  EXPECT_EQ(desk_.station().uplink().state(), LinkState::kUp);
}

TEST_F(UplinkTest, RetriesAfterAnErrorThatMayPassAndWaitsAfterOneThatMayNot) {
  desk_.connect();
  desk_.say(wire::LinkError{"busy", "full", true});
  EXPECT_EQ(desk_.station().uplink().reason(), LinkReason::kUnreachable);
  EXPECT_LE(desk_.station().uplink().reconnect_delay_ms(), kReconnectMaxMs);
  for (const auto& [code, reason] :
       {std::pair{"revoked", LinkReason::kRevoked}, std::pair{"unsupported", LinkReason::kIncompatible},
        std::pair{"forbidden", LinkReason::kRefused}}) {
    desk_.connect();
    desk_.say(wire::LinkError{code, "no", false});
    EXPECT_EQ(desk_.station().uplink().reason(), reason);
    EXPECT_EQ(desk_.station().uplink().reconnect_delay_ms(), kRefusedRetryMs);
  }
}

TEST_F(UplinkTest, TakesANewerEditionAndRefusesWhatIsNone) {
  const auto offer = [this](std::string sealed) {
    const LedgerIndex position = desk_.station().replica().position();
    desk_.say(wire::ReplicaUpdate{
        .from = position, .to = position, .changes = {}, .closures = {}, .edition = std::move(sealed)});
  };
  desk_.connect();
  offer("{}");
  EXPECT_TRUE(desk_.has_alarm(AlarmCode::kEditionRefused));
  EXPECT_EQ(desk_.station().edition().number(), 1u);
  offer(testing::desk_edition(2));
  EXPECT_EQ(desk_.station().edition().number(), 2u);
  EXPECT_FALSE(desk_.has_alarm(AlarmCode::kEditionRefused));
  offer(testing::desk_edition(1));
  EXPECT_EQ(desk_.station().edition().number(), 2u) << "no way back";
  desk_.restart();
  EXPECT_EQ(desk_.station().edition().number(), 2u);
}

TEST_F(UplinkTest, DecidesWithWhatOtherPostsReported) {
  desk_.connect();
  const crypto::SubjectId subject = desk_.scan(adult()).traveller->movement.subject;
  desk_.say(wire::ReplicaUpdate{.from = LedgerIndex(0),
                                .to = LedgerIndex(5),
                                .changes = {testing::listing_of(subject, "hold")},
                                .closures = {},
                                .leases = {},
                                .edition = {}});
  desk_.cut();
  EXPECT_EQ(desk_.scan(adult()).shown->verdict, Verdict::kRefer);
  desk_.restart();
  desk_.start_shift();
  EXPECT_EQ(desk_.scan(adult()).shown->verdict, Verdict::kRefer) << "and after a restart";
}

TEST_F(UplinkTest, BreaksOffWhenAPieceOfTheReplicaIsMissing) {
  desk_.connect();
  desk_.say(wire::ReplicaUpdate{
      .from = LedgerIndex(4), .to = LedgerIndex(5), .changes = {}, .closures = {}, .edition = {}});
  EXPECT_EQ(desk_.station().uplink().state(), LinkState::kDown);
}

}  // namespace
}  // namespace crossline::agent
