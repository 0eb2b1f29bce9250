#include "crossline/server/office.hpp"

#include "tests/support/server/server_core.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

using movement::Direction;
using testing::error_of;
using testing::passing;
using testing::ServerCore;
using testing::SigningAgent;
using testing::traveller;

class OfficeTest : public ::testing::Test {
 protected:
  Reply act(movement::Body body) { return server.ask(OfficeAct{"a.supervisor1", std::move(body)}); }
  // Traveller 1 stands on side B and enters B again: the records contradict each other.
  void dispute() {
    SigningAgent b = testing::bridge_b();
    b.record(passing(traveller(1), Direction::kEntry), server.clock.now());
    b.record(passing(traveller(1), Direction::kEntry), server.clock.now().plus(1'000));
    server.clock.advance(5'000);
    server.submit_new(b);
  }
  ServerCore server;
};

TEST_F(OfficeTest, WritesLookUpsToItsOwnSignedJournal) {
  const Reply reply = act(movement::Lookup{std::nullopt, "complaint", "C-1", "supervisor", "A", false});
  EXPECT_EQ(std::get<ActReceipt>(reply).index, LedgerIndex(1));
  const auto entry =
      wire::decode_ledger_entry(as_bytes(server.ledger.read(LedgerIndex(1), 1).value().at(0))).value();
  EXPECT_EQ(entry.agent, "office");
  const auto& journal = server.sequencer->journals().at("office");
  EXPECT_EQ(journal.range.size(), TreeSize(2)) << "the adoption of the edition and this";
  EXPECT_TRUE(merkle::verify_tree_head(merkle::journal_origin(testing::kLine, "office"),
                                       {journal.range.size(), journal.range.root()}, *entry.head_signature,
                                       crypto::Verifier::make(testing::signer_of(2).public_key()).value()));
}

TEST_F(OfficeTest, GoesOnWithItsJournalAfterARestart) {
  server.restart();
  act(movement::Closure{"bridge", false, {1'000}, {2'000}, "shelling", "A"});
  EXPECT_EQ(server.sequencer->journals().at("office").range.size(), TreeSize(2));
}

TEST_F(OfficeTest, ListsAPersonBeforeAnybodySawThem) {
  const Reply reply = act(movement::ListChange{"hold", traveller(1), false, "A", "C-2"});
  const auto& report = *std::get<ActReceipt>(reply).subject;
  EXPECT_EQ(report.lists, std::vector<std::string>{"hold"});
  SigningAgent a = testing::bridge_a();
  a.record(passing(traveller(1), Direction::kExit), server.clock.now());
  const wire::Answer answer = server.submit_new(a);
  EXPECT_EQ(answer.events[0].verdict, movement::Verdict::kRefer);
  EXPECT_EQ(answer.events[0].articles, std::vector<std::string>{"8(1)"});
}

TEST_F(OfficeTest, SettlesADisputeWhenBothSidesSayTheSame) {
  dispute();
  ASSERT_EQ(server.views->case_counts()[static_cast<std::size_t>(CaseKind::kDisputed)], 1);
  const Reply first = act(movement::Resolution{traveller(1), movement::Side::kB, movement::Side::kA, "seen"});
  EXPECT_EQ(std::get<ActReceipt>(first).subject->state.status, movement::Status::kDisputed);
  const Reply second =
      act(movement::Resolution{traveller(1), movement::Side::kB, movement::Side::kB, "seen"});
  EXPECT_EQ(std::get<ActReceipt>(second).subject->state.status, movement::Status::kSideB);
  EXPECT_EQ(server.views->case_counts()[static_cast<std::size_t>(CaseKind::kDisputed)], 0);
}

TEST_F(OfficeTest, RefusesToResolveWhatIsNotDisputed) {
  const movement::Resolution resolution{traveller(1), movement::Side::kB, movement::Side::kA, "seen"};
  EXPECT_EQ(error_of(act(resolution)).code, ErrorCode::kConflict);
}

TEST_F(OfficeTest, RefusesActsThatAreNotItsOwn) {
  EXPECT_EQ(error_of(act(passing(traveller(1), Direction::kExit))).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_of(act(movement::Shift{})).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_of(act(movement::EditionAdopted{7, {}})).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_of(act(movement::Closure{"bridge", false, {2'000}, {1'000}, "r", "A"})).code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_of(act(movement::Closure{"", false, {1'000}, {2'000}, "r", "A"})).code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_of(act(movement::ListChange{"hold", traveller(1), false, "X", "r"})).code,
            ErrorCode::kInvalidArgument);
  const std::string too_long(movement::kMaxReasonBytes + 1, 'r');
  EXPECT_EQ(error_of(act(movement::ListChange{"hold", traveller(1), false, "A", too_long})).code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(server.ledger.size(), 1u);
}

}  // namespace
}  // namespace crossline::server
