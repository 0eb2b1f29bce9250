#include "crossline/server/agent_journal.hpp"

#include "tests/support/server/signing_agent.hpp"

#include <optional>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

using testing::passing;
using testing::SigningAgent;
using testing::traveller;

constexpr UtcMillis kNow{1'790'841'600'000};

wire::Identity identity() {
  return {.document_kind = "passport",
          .document_issuer = "XAA",
          .document_number = "X0000001",
          .primary_name = "SAMPLE",
          .secondary_name = "ONE",
          .birth_date = "900101",
          .expiry_date = "300101",
          .nationality = "XAA",
          .sex = movement::Sex::kFemale};
}

class AgentJournalTest : public ::testing::Test {
 protected:
  static AgentJournal follow(const SigningAgent& of,
                             const std::optional<JournalState>& known = std::nullopt) {
    return {testing::kLine, of.name(), of.post(), crypto::Verifier::make(of.public_key()).value(), known};
  }
  static void pass(std::uint32_t number, SigningAgent& by) {
    by.record(passing(traveller(number), movement::Direction::kExit), kNow);
  }
  // Verifies and advances, as a session does.
  Checked<VerifiedSubmission> take(wire::Submit submit) {
    auto verified = journal.verify(std::move(submit), kNow);
    if (verified) journal.advance(*verified);
    return verified;
  }

  SigningAgent agent = testing::bridge_a();
  AgentJournal journal = follow(agent);
};

TEST_F(AgentJournalTest, TakesEventsThatOneSignatureCovers) {
  for (std::uint32_t i = 0; i < 5; ++i) pass(i, agent);
  const auto verified = take(agent.submit());
  ASSERT_TRUE(verified.has_value()) << verified.error().error.to_string();
  EXPECT_EQ(verified->fresh().size(), 5u);
  EXPECT_TRUE(verified->resent().empty());
  EXPECT_EQ(verified->agent(), "bridge-a");
  EXPECT_EQ(verified->post()->checkpoint, "bridge");
  EXPECT_EQ(verified->range_after().root(), agent.head(5).head.root);
  EXPECT_EQ(journal.next(), JournalIndex(5));
}

TEST_F(AgentJournalTest, GoesOnFromWhatTheLedgerHas) {
  for (std::uint32_t i = 0; i < 3; ++i) pass(i, agent);
  const auto first = take(agent.submit());
  ASSERT_TRUE(first.has_value());
  AgentJournal restored =
      follow(agent, JournalState{agent.name(), agent.post(), first->range_after(), first->head_signature()});
  pass(3, agent);
  EXPECT_TRUE(restored.verify(agent.submit(3), kNow).has_value());
}

TEST_F(AgentJournalTest, NamesAGap) {
  for (std::uint32_t i = 0; i < 3; ++i) pass(i, agent);
  const auto verified = take(agent.submit(1));
  ASSERT_FALSE(verified.has_value());
  EXPECT_EQ(verified.error().error.code, ErrorCode::kConflict);
  EXPECT_EQ(verified.error().error.message, "expected journal index 0, got 1");
}

TEST_F(AgentJournalTest, MarksWhatItHasSeenAsResent) {
  for (std::uint32_t i = 0; i < 4; ++i) pass(i, agent);
  ASSERT_TRUE(take(agent.submit(0, 3)).has_value());
  const auto overlapping = take(agent.submit(1));
  ASSERT_TRUE(overlapping.has_value()) << overlapping.error().error.to_string();
  EXPECT_EQ(overlapping->resent().size(), 2u);
  EXPECT_EQ(overlapping->fresh().size(), 1u);
  const auto old = take(agent.submit(0, 2));
  ASSERT_TRUE(old.has_value());
  EXPECT_EQ(old->resent().size(), 2u);
  EXPECT_EQ(journal.next(), JournalIndex(4));
}

TEST_F(AgentJournalTest, RefusesEveryFlippedByteOfASubmission) {
  pass(1, agent);
  pass(2, agent);
  const wire::Submit good = agent.submit();
  for (std::size_t event = 0; event < good.events.size(); ++event) {
    for (std::size_t i = 0; i < good.events[event].size(); ++i) {
      wire::Submit bad = good;
      bad.events[event][i] = static_cast<char>(bad.events[event][i] ^ 1);
      EXPECT_FALSE(journal.verify(std::move(bad), kNow).has_value()) << event << ":" << i;
    }
  }
  for (std::size_t i = 0; i < good.head_signature.bytes.size(); ++i) {
    wire::Submit bad = good;
    bad.head_signature.bytes[i] ^= 1;
    const auto verified = journal.verify(std::move(bad), kNow);
    ASSERT_FALSE(verified.has_value());
    EXPECT_EQ(verified.error().error.code, ErrorCode::kBadSignature);
    EXPECT_FALSE(verified.error().evidence.has_value());
  }
  EXPECT_TRUE(journal.verify(good, kNow).has_value());
}

TEST_F(AgentJournalTest, RefusesEventsOfAnotherAgentOrPlace) {
  SigningAgent other = testing::bridge_b(11);  // the same key under another name
  pass(1, other);
  wire::Submit foreign = other.submit();
  auto verified = journal.verify(foreign, kNow);
  ASSERT_FALSE(verified.has_value());
  EXPECT_EQ(verified.error().error.code, ErrorCode::kMalformed);

  pass(1, agent);
  pass(2, agent);
  wire::Submit swapped = agent.submit();
  std::swap(swapped.events[0], swapped.events[1]);
  EXPECT_EQ(journal.verify(swapped, kNow).error().error.code, ErrorCode::kMalformed);
}

TEST_F(AgentJournalTest, LeavesTheOfficeItsActs) {
  agent.record(movement::ListChange{"hold", traveller(1), false, "A", "C-1"}, kNow);
  EXPECT_EQ(journal.verify(agent.submit(), kNow).error().error.code, ErrorCode::kForbidden);
  SigningAgent second = testing::bridge_a();
  second.record(movement::EditionAdopted{9, {}}, kNow);
  EXPECT_EQ(journal.verify(second.submit(), kNow).error().error.code, ErrorCode::kForbidden);
}

TEST_F(AgentJournalTest, PairsIdentitiesWithCommitments) {
  agent.record_with_identity(passing(traveller(1), movement::Direction::kExit), identity(), kNow);
  const wire::Submit good = agent.submit();
  const auto verified = journal.verify(good, kNow);
  ASSERT_TRUE(verified.has_value()) << verified.error().error.to_string();
  ASSERT_EQ(verified->identities().size(), 1u);
  EXPECT_EQ(verified->identities()[0].subject, traveller(1));

  wire::Submit without = good;
  without.identities.clear();
  EXPECT_EQ(journal.verify(without, kNow).error().error.code, ErrorCode::kMalformed);
  wire::Submit altered = good;
  altered.identities[0].identity.back() ^= 1;
  EXPECT_EQ(journal.verify(altered, kNow).error().error.code, ErrorCode::kMalformed);
  wire::Submit twice = good;
  twice.identities.push_back(twice.identities[0]);
  EXPECT_EQ(journal.verify(twice, kNow).error().error.code, ErrorCode::kMalformed);
  wire::Submit opened = good;
  opened.identities[0].opening[0] ^= 1;
  EXPECT_EQ(journal.verify(opened, kNow).error().error.code, ErrorCode::kMalformed);

  SigningAgent plain = testing::bridge_a();
  pass(1, plain);
  wire::Submit stray = plain.submit();
  stray.identities = good.identities;
  EXPECT_EQ(journal.verify(stray, kNow).error().error.code, ErrorCode::kMalformed);
}

TEST_F(AgentJournalTest, GreetsAJournalThatFits) {
  EXPECT_TRUE(journal.greet(agent.hello(), kNow).has_value()) << "nothing on either end";
  pass(1, agent);
  EXPECT_TRUE(journal.greet(agent.hello(), kNow).has_value()) << "ahead of the server";
  ASSERT_TRUE(take(agent.submit()).has_value());
  EXPECT_TRUE(journal.greet(agent.hello(), kNow).has_value()) << "level with the server";
}

TEST_F(AgentJournalTest, RefusesAHelloThatIsNotSigned) {
  pass(1, agent);
  wire::Hello hello = agent.hello();
  hello.journal->signature.bytes[3] ^= 1;
  const auto greeted = journal.greet(hello, kNow);
  ASSERT_FALSE(greeted.has_value());
  EXPECT_EQ(greeted.error().error.code, ErrorCode::kBadSignature);
  EXPECT_FALSE(greeted.error().evidence.has_value()) << "anybody could have sent it";
}

TEST_F(AgentJournalTest, KeepsEvidenceOfARollback) {
  for (std::uint32_t i = 0; i < 3; ++i) pass(i, agent);
  ASSERT_TRUE(take(agent.submit()).has_value());
  agent.roll_back(2);
  const auto greeted = journal.greet(agent.hello(), kNow);
  ASSERT_FALSE(greeted.has_value());
  EXPECT_EQ(greeted.error().error.code, ErrorCode::kForked);
  ASSERT_TRUE(greeted.error().evidence.has_value());
  EXPECT_EQ(greeted.error().evidence->seen->head.size, TreeSize(3));
  EXPECT_EQ(greeted.error().evidence->claimed->head.size, TreeSize(2));

  agent.roll_back(0);
  const auto emptied = journal.greet(agent.hello(), kNow);
  ASSERT_FALSE(emptied.has_value());
  EXPECT_EQ(emptied.error().error.code, ErrorCode::kForked);
  EXPECT_TRUE(emptied.error().evidence.has_value());
}

TEST_F(AgentJournalTest, KeepsEvidenceOfAnotherHistoryOfTheSameLength) {
  pass(1, agent);
  SigningAgent other = agent;
  pass(2, agent);
  pass(3, other);
  ASSERT_TRUE(take(agent.submit()).has_value());
  const auto greeted = journal.greet(other.hello(), kNow);
  ASSERT_FALSE(greeted.has_value());
  EXPECT_EQ(greeted.error().error.code, ErrorCode::kForked);
  EXPECT_EQ(*greeted.error().evidence->seen, agent.head(2));
  EXPECT_EQ(*greeted.error().evidence->claimed, other.head(2));
}

TEST_F(AgentJournalTest, KeepsEvidenceWhenEventsDoNotLeadToTheHeadShown) {
  pass(1, agent);
  SigningAgent other = agent;
  pass(2, agent);
  ASSERT_TRUE(take(agent.submit()).has_value());
  pass(3, other);
  pass(4, other);
  ASSERT_TRUE(journal.greet(other.hello(), kNow).has_value()) << "longer: nothing to see yet";
  const auto verified = journal.verify(other.submit(2), kNow);
  ASSERT_FALSE(verified.has_value());
  EXPECT_EQ(verified.error().error.code, ErrorCode::kForked);
  ASSERT_TRUE(verified.error().evidence.has_value());
  EXPECT_EQ(verified.error().evidence->claimed->head.size, TreeSize(3));
  EXPECT_EQ(verified.error().evidence->claimed_events.size(), 1u);
}

TEST_F(AgentJournalTest, KeepsEvidenceOfTwoHeadsShownForOneSize) {
  SigningAgent other = agent;
  pass(1, agent);
  pass(2, other);
  ASSERT_TRUE(journal.greet(agent.hello(), kNow).has_value());
  const auto greeted = journal.greet(other.hello(), kNow);
  ASSERT_FALSE(greeted.has_value());
  EXPECT_EQ(greeted.error().error.code, ErrorCode::kForked);
  EXPECT_EQ(*greeted.error().evidence->seen, agent.head(1));
  EXPECT_EQ(*greeted.error().evidence->claimed, other.head(1));
}

}  // namespace
}  // namespace crossline::server
