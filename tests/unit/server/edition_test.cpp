// Editions that are adopted while the server runs: which one decides, and what is refused.
#include "crossline/server/editions.hpp"
#include "crossline/wire/event_codec.hpp"
#include "tests/support/server/server_core.hpp"
#include "tests/support/signing_parties.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

using adoption::Refusal;
using movement::Direction;
using movement::Verdict;
using testing::kSecondFrom;
using testing::passing;
using testing::ServerCore;
using testing::SigningAgent;
using testing::traveller;

constexpr std::int64_t kHourMs = 3'600'000;

// A day before the second edition begins.
class NextEdition : public ::testing::Test {
 protected:
  NextEdition() {
    server.clock.set_wall(kSecondFrom.plus(-24 * kHourMs));
    server.adopt(testing::sealed_edition());
    server.adopt(testing::second_edition());
  }
  // What the server decides about somebody who left at `at`, told now.
  wire::LedgerEntry leave(std::uint32_t number, UtcMillis at) {
    a.record(passing(traveller(number), Direction::kExit), at);
    const auto index = server.submit_new(a).events.front().ledger_index;
    return wire::decode_ledger_entry(as_bytes(server.ledger.read(index, 1).value().front())).value();
  }
  static crypto::Hash first() { return crypto::sha256(as_bytes(testing::sealed_edition())); }
  static crypto::Hash second() { return crypto::sha256(as_bytes(testing::second_edition())); }

  ServerCore server{false};
  SigningAgent a = testing::bridge_a();
};

TEST_F(NextEdition, DecidesNothingBeforeItsInstantAndEverythingFromIt) {
  const auto before = leave(1, server.clock.now());
  EXPECT_EQ(before.edition, first());
  EXPECT_EQ(before.verdict, Verdict::kAllow) << "adopting early changes nothing";
  server.clock.set_wall(kSecondFrom.plus(-1));
  EXPECT_EQ(leave(2, kSecondFrom.plus(-1)).edition, first());
  server.clock.set_wall(kSecondFrom);
  const auto at = leave(3, kSecondFrom);
  EXPECT_EQ(at.edition, second());
  EXPECT_EQ(at.verdict, Verdict::kRefer);
}

TEST_F(NextEdition, LeavesAnEarlierEventToTheEditionOfItsTimeHoweverLateItComes) {
  server.clock.set_wall(kSecondFrom.plus(5 * kHourMs));
  const auto late = leave(1, kSecondFrom.plus(-kHourMs));
  EXPECT_EQ(late.edition, first());
  EXPECT_EQ(late.verdict, Verdict::kAllow);
  EXPECT_EQ(leave(2, server.clock.now()).edition, second());
}

TEST_F(NextEdition, IsThereAfterARestartWithAndWithoutSavedViews) {
  server.restart();
  EXPECT_EQ(leave(1, server.clock.now()).edition, first());
  server.save_views();
  server.restart();
  server.clock.set_wall(kSecondFrom.plus(kHourMs));
  EXPECT_EQ(leave(2, server.clock.now()).edition, second());
  ASSERT_EQ(server.views->adoptions().size(), 2u);
  EXPECT_EQ(server.views->adoptions()[1].hash, second());
  EXPECT_EQ(server.views->adoptions()[1].entry, LedgerIndex(1));
}

TEST_F(NextEdition, AnswersAQuestionByTheEditionOfItsInstant) {
  const auto ask = [this](UtcMillis at) {
    wire::Consult consult{.id = 1, .movement = passing(traveller(9), Direction::kExit), .at = at};
    return std::get<wire::ConsultAnswer>(server.ask(ConsultRequest{a.name(), a.post(), std::move(consult)}));
  };
  EXPECT_EQ(ask(server.clock.now()).edition, 1u);
  server.clock.set_wall(kSecondFrom);
  EXPECT_EQ(ask(kSecondFrom).edition, 2u);
  EXPECT_EQ(ask(kSecondFrom.plus(-1)).edition, 1u);
}

TEST_F(NextEdition, InShadowCountsWhatItWouldChange) {
  EXPECT_FALSE(server.views->shadow().edition().has_value());
  (void)leave(1, server.clock.now());
  a.record(passing(traveller(1), Direction::kEntry), server.clock.now().plus(1));
  server.submit_new(a);
  const Shadow& shadow = server.views->shadow();
  EXPECT_EQ(shadow.edition(), second());
  EXPECT_EQ(shadow.movements(), 2);
  EXPECT_EQ(shadow.total(), (ShadowCounts{0, 1, 0})) << "the exit would be referred, the entry not";
  ASSERT_EQ(shadow.cases().size(), 1u);
  EXPECT_EQ(shadow.cases().front().articles_next, std::vector<std::string>{"9(1)"});
  EXPECT_EQ(shadow.cases().front().verdict_now, Verdict::kAllow);
  EXPECT_EQ(shadow.by_article().at("9(1)"), (ShadowCounts{0, 1, 0}));
}

TEST_F(NextEdition, IsNoLongerInShadowOnceItHasBegun) {
  server.clock.set_wall(kSecondFrom);
  (void)leave(1, kSecondFrom);
  EXPECT_EQ(server.views->shadow().movements(), 0);
}

TEST_F(NextEdition, KeepsTheNewestDifferences) {
  for (std::uint32_t number = 0; number < Shadow::kMaxCases + 3; ++number)
    (void)leave(number, server.clock.now());
  EXPECT_EQ(server.views->shadow().cases().size(), Shadow::kMaxCases);
  EXPECT_EQ(server.views->shadow().cases().front().subject, traveller(Shadow::kMaxCases + 2));
  EXPECT_EQ(server.views->shadow().total()[1], std::int64_t{Shadow::kMaxCases} + 3);
}

// A server that knows the parties' keys, with edition 1 adopted.
class SignedEditions : public ::testing::Test {
 protected:
  SignedEditions() { EXPECT_TRUE(is_adopted(server.adopt_signed(testing::signed_edition(1)))); }
  static bool is_adopted(const Reply& reply) { return std::holds_alternative<ActReceipt>(reply); }
  // Offers the envelope, which must be refused and leave everything as it was.
  Refusal refused(const std::string& envelope) {
    const std::size_t entries = server.ledger.size();
    const Reply reply = server.adopt_signed(envelope);
    EXPECT_EQ(server.ledger.size(), entries) << "nothing is recorded";
    EXPECT_EQ(server.sequencer->editions().editions().size(), 1u) << "the edition in force stays in force";
    const auto* refusal = std::get_if<server::Refusal>(&reply);
    if (refusal == nullptr || !refusal->edition) {
      ADD_FAILURE() << "not refused as an edition";
      return {};
    }
    return refusal->edition->reason;
  }
  static std::string second(const std::map<std::string, int>& by) {
    return testing::signed_envelope(testing::chained_edition(2), by);
  }

  ServerCore server{testing::party_keys()};
};

TEST_F(SignedEditions, AreTakenOneAfterTheOtherAndStoredWithTheirSignatures) {
  ASSERT_TRUE(is_adopted(server.adopt_signed(testing::signed_edition(2))));
  EXPECT_EQ(server.sequencer->editions().newest()->number(), 2u);
  const auto hash = crypto::sha256(as_bytes(testing::chained_edition(2)));
  EXPECT_EQ(server.ledger.edition(hash).value(), testing::chained_edition(2));
  EXPECT_EQ(server.ledger.edition_envelope(hash).value(), testing::signed_edition(2));
  server.restart();
  ASSERT_TRUE(is_adopted(server.adopt_signed(testing::signed_edition(3)))) << "the chain goes on";
}

TEST_F(SignedEditions, RefusesTooFewOfOnePartyWithMoreOfAnother) {
  EXPECT_EQ(refused(second({{"A", 3}, {"B", 1}, {"G", 1}})), Refusal::kTooFewSignatures);
}

TEST_F(SignedEditions, RefusesAKeyThatSignsTwice) {
  adoption::Envelope envelope = adoption::Envelope::parse(second({{"A", 2}, {"B", 1}, {"G", 1}})).value();
  envelope.signatures.push_back(envelope.signatures[2]);
  EXPECT_EQ(refused(envelope.to_json()), Refusal::kTooFewSignatures);
}

TEST_F(SignedEditions, RefusesAnAlteredOne) {
  adoption::Envelope envelope = adoption::Envelope::parse(testing::signed_edition(2)).value();
  envelope.payload.back() ^= 1;
  EXPECT_EQ(refused(envelope.to_json()), Refusal::kBadSignature);
}

TEST_F(SignedEditions, RefusesWhatDoesNotFollow) {
  EXPECT_EQ(refused(testing::signed_edition(1)), Refusal::kAlreadyAdopted);
  EXPECT_EQ(refused(testing::signed_edition(3)), Refusal::kSkippedEdition);
  EXPECT_EQ(refused(testing::signed_envelope(testing::second_edition())), Refusal::kOtherPredecessor);
  EXPECT_EQ(refused(testing::signed_envelope(testing::sealed_edition())), Refusal::kOlderEdition)
      << "another edition 1";
}

TEST_F(SignedEditions, RefusesASealedProcedureThatIsNotOneCanonicalText) {
  const std::string next = testing::chained_edition(2);
  EXPECT_EQ(refused(testing::signed_envelope("{\"edition\":2," + next.substr(1))), Refusal::kDuplicateKey);
  EXPECT_EQ(refused(testing::signed_envelope(next + "\n")), Refusal::kNotCanonical);
  EXPECT_EQ(refused(testing::signed_envelope("[" + next + "]")), Refusal::kInvalidEdition);
}

TEST_F(SignedEditions, RefusesWhatIsNoEnvelope) {
  EXPECT_EQ(refused(""), Refusal::kMalformedEnvelope);
  EXPECT_EQ(refused(testing::chained_edition(2)), Refusal::kMalformedEnvelope) << "sealed, and not signed";
}

TEST_F(SignedEditions, DoNotOpenWithOtherKeys) {
  const auto chain =
      adopted_chain(testing::party_keys("another-line"), server.sequencer->editions(), server.ledger);
  ASSERT_FALSE(chain.has_value());
  EXPECT_NE(chain.error().message.find("the adopted edition 1"), std::string::npos) << chain.error().message;
}

TEST_F(SignedEditions, DoNotOpenWhenOneWasAdoptedWithoutSignatures) {
  ServerCore unsigned_server;
  const auto chain =
      adopted_chain(testing::party_keys(), unsigned_server.sequencer->editions(), unsigned_server.ledger);
  ASSERT_FALSE(chain.has_value());
  EXPECT_EQ(chain.error().code, ErrorCode::kForbidden);
}

}  // namespace
}  // namespace crossline::server
