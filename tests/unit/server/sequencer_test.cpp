#include "crossline/server/sequencer.hpp"

#include "crossline/wire/event_codec.hpp"
#include "tests/support/server/server_core.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

using movement::Direction;
using movement::Verdict;
using testing::error_of;
using testing::passing;
using testing::ServerCore;
using testing::SigningAgent;
using testing::traveller;

class SequencerTest : public ::testing::Test {
 protected:
  void pass(SigningAgent& agent, std::uint32_t number, Direction direction) {
    agent.record(passing(traveller(number), direction), server.clock.now());
  }
  SubjectReport ask_about(std::uint32_t number) {
    const Reply reply = server.ask(Inquiry{{traveller(number)}});
    return std::get<Reports>(reply).subjects.at(0);
  }
  wire::LedgerEntry entry(std::uint64_t index) {
    return wire::decode_ledger_entry(as_bytes(server.ledger.read(LedgerIndex(index), 1).value().at(0)))
        .value();
  }

  ServerCore server;
  SigningAgent a = testing::bridge_a();
  SigningAgent b = testing::bridge_b();
};

TEST_F(SequencerTest, AnswersWithVerdictArticlesPlaceAndSignedHead) {
  pass(a, 1, Direction::kExit);
  const wire::Answer answer = server.submit_new(a);
  ASSERT_EQ(answer.events.size(), 1u);
  EXPECT_EQ(answer.events[0].verdict, Verdict::kAllow);
  EXPECT_EQ(answer.events[0].articles, std::vector<std::string>{"3(1)"});
  EXPECT_EQ(answer.events[0].ledger_index, LedgerIndex(1)) << "the edition is entry 0";
  EXPECT_FALSE(answer.events[0].conflict);
  EXPECT_EQ(answer.ledger.head.size, TreeSize(2));
  EXPECT_TRUE(merkle::verify_tree_head(merkle::ledger_origin(testing::kLine), answer.ledger.head,
                                       answer.ledger.signature,
                                       crypto::Verifier::make(testing::signer_of(1).public_key()).value()));
}

TEST_F(SequencerTest, LedgerRootIsThatOfItsEntries) {
  for (std::uint32_t i = 0; i < 7; ++i) pass(a, i, Direction::kExit);
  const wire::Answer answer = server.submit_new(a);
  merkle::CompactRange range;
  const auto entries = server.ledger.read(LedgerIndex(0), 100).value();
  for (const std::string& bytes : entries) range.append(merkle::leaf_hash(as_bytes(bytes)));
  EXPECT_EQ(range.root(), answer.ledger.head.root);
}

TEST_F(SequencerTest, KeepsTheJournalHeadOnTheLastEntryOfASubmission) {
  pass(a, 1, Direction::kExit);
  pass(a, 2, Direction::kExit);
  server.submit_new(a);
  EXPECT_FALSE(entry(1).head_signature.has_value());
  EXPECT_EQ(entry(2).head_signature, a.head(2).signature);
}

TEST_F(SequencerTest, FollowsAPersonThroughTheStatuses) {
  EXPECT_FALSE(ask_about(1).known);
  pass(a, 1, Direction::kExit);
  server.submit_new(a);
  EXPECT_EQ(ask_about(1).state.status, movement::Status::kBetween);
  EXPECT_EQ(ask_about(1).state.since_checkpoint, "bridge");
  server.clock.advance(60'000);
  pass(b, 1, Direction::kEntry);
  server.submit_new(b);
  EXPECT_EQ(ask_about(1).state.status, movement::Status::kSideB);
  EXPECT_EQ(entry(2).previous, LedgerIndex(1));
}

TEST_F(SequencerTest, TakesEverythingThatQueuedInOneCommit) {
  pass(a, 1, Direction::kExit);
  pass(b, 2, Direction::kExit);
  std::vector<Request> requests;
  requests.push_back(server.verify(a, a.submit()).value());
  requests.push_back(Inquiry{{traveller(1)}});
  requests.push_back(server.verify(b, b.submit()).value());
  const auto replies = server.step(std::move(requests)).value();
  ASSERT_EQ(replies.size(), 3u);
  EXPECT_EQ(std::get<wire::Answer>(replies[0]).ledger, std::get<wire::Answer>(replies[2]).ledger);
  EXPECT_TRUE(std::get<Reports>(replies[1]).subjects[0].known) << "sees what came before it";
  EXPECT_EQ(server.last_commit->entries().size(), 2u);
}

TEST_F(SequencerTest, AnswersAResendWithTheFirstAnswerByteForByte) {
  for (std::uint32_t i = 0; i < 3; ++i) pass(a, i, Direction::kExit);
  const wire::Submit submit = a.submit();
  const std::string first = wire::encode_server_frame(server.submit(a, submit));
  pass(b, 9, Direction::kExit);
  server.submit_new(b);  // the ledger has grown meanwhile
  const std::uint64_t size = server.ledger.size();
  EXPECT_EQ(wire::encode_server_frame(server.submit(a, submit)), first);
  server.restart();
  EXPECT_EQ(wire::encode_server_frame(server.submit(a, submit)), first);
  EXPECT_EQ(server.ledger.size(), size);
}

TEST_F(SequencerTest, AnswersAResendInTheBatchOfItsOriginal) {
  pass(a, 1, Direction::kExit);
  std::vector<Request> requests;
  requests.push_back(server.verify(a, a.submit()).value());
  requests.push_back(server.verify(a, a.submit()).value());
  const auto replies = server.step(std::move(requests)).value();
  EXPECT_EQ(std::get<wire::Answer>(replies[0]), std::get<wire::Answer>(replies[1]));
  EXPECT_EQ(server.ledger.size(), 2u);
}

TEST_F(SequencerTest, AnswersAcrossTheBorderOfResentAndFresh) {
  for (std::uint32_t i = 0; i < 4; ++i) pass(a, i, Direction::kExit);
  server.submit(a, a.submit(0, 3));
  const wire::Answer answer = server.submit(a, a.submit(1, 3));
  ASSERT_EQ(answer.events.size(), 3u);
  EXPECT_EQ(answer.first_index, JournalIndex(1));
  EXPECT_EQ(answer.events[0].ledger_index, LedgerIndex(2));
  EXPECT_EQ(answer.events[2].ledger_index, LedgerIndex(4));
  EXPECT_EQ(answer.ledger.head.size, TreeSize(5));
  EXPECT_EQ(wire::encode_server_frame(server.submit(a, a.submit(1, 3))), wire::encode_server_frame(answer));
}

TEST_F(SequencerTest, SuspendsAnAgentThatSignedTwoEventsForOnePlace) {
  pass(a, 1, Direction::kExit);
  SigningAgent other = a;
  pass(a, 2, Direction::kExit);
  pass(other, 3, Direction::kExit);
  server.submit_new(a);
  const Reply reply = server.ask(server.verify(a, other.submit(0, 2)).value());
  EXPECT_EQ(error_of(reply).code, ErrorCode::kForked);
  const auto evidence = server.ledger.evidence().value();
  ASSERT_EQ(evidence.size(), 1u);
  EXPECT_EQ(evidence[0].first, JournalIndex(1));
  EXPECT_EQ(evidence[0].seen_events[0], a.submit(1, 1).events[0]);
  EXPECT_EQ(evidence[0].claimed_events[0], other.submit(1, 1).events[0]);
  EXPECT_EQ(*evidence[0].claimed, other.head(2));

  pass(a, 4, Direction::kExit);
  EXPECT_EQ(error_of(server.ask(server.verify(a, a.submit(2)).value())).code, ErrorCode::kForked);
  pass(b, 5, Direction::kExit);
  EXPECT_EQ(server.submit_new(b).events.size(), 1u) << "everything else goes on";
  server.restart();
  EXPECT_TRUE(server.sequencer->is_suspended("bridge-a"));
}

TEST_F(SequencerTest, DoesNotSuspendForAResendThatNobodySigned) {
  pass(a, 1, Direction::kExit);
  server.submit_new(a);
  SigningAgent forger = testing::bridge_a(99);  // the right name, another key
  pass(forger, 2, Direction::kExit);
  EXPECT_EQ(error_of(server.ask(server.verify(a, forger.submit()).value())).code, ErrorCode::kBadSignature);
  EXPECT_FALSE(server.sequencer->is_suspended("bridge-a"));
}

TEST_F(SequencerTest, KeepsOneProofOfAForkFoundElsewhere) {
  ForkEvidence evidence;
  evidence.agent = "bridge-a";
  evidence.what = "two heads";
  EXPECT_EQ(error_of(server.ask(ForkFound{evidence})).code, ErrorCode::kForked);
  server.ask(ForkFound{evidence});
  EXPECT_EQ(server.ledger.evidence().value().size(), 1u);
}

TEST_F(SequencerTest, AcknowledgesNothingWhenTheLedgerFails) {
  for (const auto fault : {testing::WriteFault::kFailsAndIsLost, testing::WriteFault::kFailsAndIsKept,
                           testing::WriteFault::kFull}) {
    pass(a, 1, Direction::kExit);
    auto verified = server.verify(a, a.submit(server.journal_of(a).next().value())).value();
    server.ledger.faults.fail_next(fault);
    std::vector<Request> requests;
    requests.push_back(std::move(verified));
    const auto stepped = server.step(std::move(requests));
    ASSERT_FALSE(stepped.has_value());
    EXPECT_EQ(stepped.error().kind(), ErrorKind::kFatal);
    server.restart();
    const std::uint64_t kept = fault == testing::WriteFault::kFailsAndIsKept ? 1 : 0;
    EXPECT_EQ(server.journal_of(a).next().value() + (1 - kept), a.size());
    server.submit(a, a.submit(a.size() - 1));  // not acknowledged, so sent again
    EXPECT_EQ(server.ledger.size(), a.size() + 1) << "each once";
  }
}

TEST_F(SequencerTest, PutsIdentitiesBeforeTheLedger) {
  wire::Identity identity;
  identity.document_kind = "passport";
  identity.document_issuer = "XAA";
  identity.document_number = "X1";
  a.record_with_identity(passing(traveller(1), Direction::kExit), identity, server.clock.now());
  server.identities.faults.fail_next(testing::WriteFault::kFull);
  std::vector<Request> requests;
  requests.push_back(server.verify(a, a.submit()).value());
  EXPECT_EQ(server.step(std::move(requests)).error().code, ErrorCode::kStorageFull);
  EXPECT_EQ(server.ledger.size(), 1u) << "no entry without its identity";
  server.restart();
  server.submit_new(a);
  ASSERT_TRUE(server.identities.latest(traveller(1)).value().has_value());
  const auto event = wire::decode_event(as_bytes(entry(1).event)).value();
  EXPECT_EQ(server.identities.latest(traveller(1)).value()->commitment,
            std::get<movement::Movement>(event.body).commitment);
}

TEST_F(SequencerTest, LosesNothingAcknowledgedInACrash) {
  for (std::uint32_t round = 0; round < 5; ++round) {
    pass(a, round, Direction::kExit);
    const wire::Answer answer = server.submit_new(a);
    server.restart();
    EXPECT_EQ(server.ledger.size(), answer.ledger.head.size.value());
    EXPECT_EQ(ask_about(round).state.status, movement::Status::kBetween);
  }
}

TEST_F(SequencerTest, MarksADisagreementAsACase) {
  movement::Movement child = passing(traveller(1), Direction::kExit);
  child.age_years = 9;  // nobody with the child: article 4(3) refers, the post let it pass
  a.record(child, server.clock.now());
  const wire::Answer answer = server.submit_new(a);
  EXPECT_EQ(answer.events[0].verdict, Verdict::kRefer);
  EXPECT_TRUE(answer.events[0].conflict);
  EXPECT_EQ(server.views->case_counts()[static_cast<std::size_t>(CaseKind::kDisagreement)], 1);
}

TEST_F(SequencerTest, ConsultsWithoutATrace) {
  const std::uint64_t size = server.ledger.size();
  movement::Movement proposed = passing(traveller(1), Direction::kExit);
  const Reply reply = server.ask(ConsultRequest{"bridge-a", a.post(), {42, proposed, server.clock.now()}});
  const auto& answer = std::get<wire::ConsultAnswer>(reply);
  EXPECT_EQ(answer.id, 42u);
  EXPECT_EQ(answer.verdict, Verdict::kAllow);
  EXPECT_EQ(answer.edition, 1u);
  EXPECT_EQ(server.ledger.size(), size);
  EXPECT_FALSE(ask_about(1).known);
}

TEST_F(SequencerTest, ReceivedTimeNeverGoesBack) {
  pass(a, 1, Direction::kExit);
  server.submit_new(a);
  const UtcMillis before = entry(1).received_at;
  server.clock.set_wall({before.ms - 3'600'000});
  pass(a, 2, Direction::kExit);
  server.submit_new(a);
  EXPECT_EQ(entry(2).received_at, before);
  server.restart();
  pass(a, 3, Direction::kExit);
  server.submit_new(a);
  EXPECT_EQ(entry(3).received_at, before);
}

TEST_F(SequencerTest, DecidesNothingBeforeAnEditionWasAdopted) {
  ServerCore bare(false);
  pass(a, 1, Direction::kExit);
  EXPECT_EQ(error_of(bare.ask(bare.verify(a, a.submit()).value())).code, ErrorCode::kUnavailable);
  EXPECT_EQ(bare.ledger.size(), 0u);
}

TEST_F(SequencerTest, AdoptsOnlyNewerEditions) {
  EXPECT_EQ(error_of(server.adopt(testing::sealed_edition(1))).code, ErrorCode::kConflict);
  EXPECT_EQ(error_of(server.adopt("{}")).code, ErrorCode::kMalformed);
  const Reply reply = server.adopt(testing::sealed_edition(2));
  EXPECT_EQ(std::get<ActReceipt>(reply).index, LedgerIndex(1));
  EXPECT_EQ(server.sequencer->editions().newest()->number(), 2u);
  server.restart();
  EXPECT_EQ(server.sequencer->editions().newest()->number(), 2u);
  EXPECT_EQ(error_of(server.adopt(testing::sealed_edition(3, "2026-08-01T00:00:00"))).code,
            ErrorCode::kConflict)
      << "it would begin before those that were adopted";
}

TEST_F(SequencerTest, RefusesALedgerSignedWithAnotherKey) {
  auto recovered = recover(server.ledger, server.view_store, {});
  ASSERT_TRUE(recovered.has_value());
  const auto opened = Sequencer::open(testing::kLine, std::move(recovered->line), server.ledger,
                                      server.identities, server.clock, testing::signer_of(77),
                                      Office(testing::kLine, testing::signer_of(2), 99));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kCorruptData);
}

}  // namespace
}  // namespace crossline::server
