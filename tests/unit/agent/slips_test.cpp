// A traveller brings the slip of one post to the other, which has no link to anybody.
#include "crossline/agent/slips.hpp"

#include "crossline/movement/state_bytes.hpp"
#include "tests/support/agent/desk.hpp"
#include "tests/support/sample_changes.hpp"

#include <gtest/gtest.h>

namespace crossline::testing {
namespace {

using agent::SlipOutcome;
using movement::Status;

class Slips : public ::testing::Test {
 protected:
  Desk here_;                                      // side A
  std::unique_ptr<Desk> across_ = Desk::across();  // side B
  Specimen person_ = adult();

  Slips() {
    here_.start_shift();
    across_->start_shift(movement::Direction::kEntry);
  }
  // The person leaves A; the slip's text.
  std::string leave() {
    here_.pass(person_);
    const auto slip = here_.station().issue_slip(JournalIndex(here_.journal_size() - 1));
    EXPECT_TRUE(slip) << slip.error().to_string();
    return slip ? slip->text : "";
  }
  SlipOutcome taken(Desk& desk, std::string_view text) {
    const auto reading = desk.station().take_slip(text);
    EXPECT_TRUE(reading) << reading.error().to_string();
    return reading->outcome;
  }
  // The records that reach the other post have an entry at `side`, a minute later.
  void record_across(movement::PostSide side) {
    const auto subject = here_.last_movement().subject;
    movement::SubjectState state;
    movement::Names names;
    movement::apply(passage_of(subject, {"bridge", side}, movement::Direction::kEntry,
                               {here_.clock().now().plus(60'000)}),
                    state, names);
    agent::ReplicaPiece piece;
    piece.to = LedgerIndex(5);
    piece.persons.push_back({subject, movement::encode_state(state, names)});
    ASSERT_TRUE(across_->replica().put(piece));
  }
  Status status_across() {
    const auto subject = here_.last_movement().subject;
    return across_->station().state_of(subject)->now.status;
  }
};

TEST_F(Slips, TeachAnotherPostThePassageItHasNotHeardOf) {
  const std::string slip = leave();
  EXPECT_EQ(status_across(), Status::kUnknown);
  EXPECT_EQ(taken(*across_, slip), SlipOutcome::kLearnt);
  EXPECT_EQ(status_across(), Status::kBetween);
  const movement::Event event = across_->last_event();
  const auto* seen = std::get_if<movement::SlipSeen>(&event.body);
  ASSERT_NE(seen, nullptr);
  EXPECT_EQ(wire::slip_text(seen->slip), slip);
  // The entry that follows has its exit.
  const agent::Scan& entry = across_->pass(person_);
  EXPECT_EQ(entry.step, agent::Step::kDone);
  EXPECT_EQ(status_across(), Status::kSideB);
}

TEST_F(Slips, AreRememberedAfterARestart) {
  const std::string slip = leave();
  ASSERT_EQ(taken(*across_, slip), SlipOutcome::kLearnt);
  across_->restart();
  EXPECT_EQ(status_across(), Status::kBetween);
  across_->start_shift(movement::Direction::kEntry);
  EXPECT_EQ(taken(*across_, slip), SlipOutcome::kKnown);
}

TEST_F(Slips, ReplayedOnesAreRefused) {
  const std::string slip = leave();
  ASSERT_EQ(taken(*across_, slip), SlipOutcome::kLearnt);
  const std::size_t events = across_->journal_size();
  EXPECT_EQ(taken(*across_, slip), SlipOutcome::kKnown);
  EXPECT_EQ(across_->journal_size(), events);
}

TEST_F(Slips, OlderThanTheRecordsAreRefused) {
  const std::string slip = leave();
  record_across(movement::PostSide::kB);
  EXPECT_EQ(taken(*across_, slip), SlipOutcome::kKnown);
  EXPECT_EQ(status_across(), Status::kSideB);
}

TEST_F(Slips, YieldToTheRecordsWhenTheyCome) {
  const std::string slip = leave();
  ASSERT_EQ(taken(*across_, slip), SlipOutcome::kLearnt);
  record_across(movement::PostSide::kA);
  EXPECT_EQ(status_across(), Status::kSideA);
}

TEST_F(Slips, OfThisPostTeachItNothing) {
  EXPECT_EQ(taken(here_, leave()), SlipOutcome::kOwn);
}

TEST_F(Slips, AlteredOnesAreRefusedWithTheReason) {
  std::string slip = leave();
  const std::size_t middle = slip.size() / 2;
  slip[middle] = slip[middle] == 'A' ? 'B' : 'A';
  const auto reading = across_->station().take_slip(slip);
  ASSERT_TRUE(reading);
  EXPECT_NE(reading->outcome, SlipOutcome::kLearnt);
  EXPECT_FALSE(reading->detail.empty());
  EXPECT_EQ(taken(*across_, "SLIP1"), SlipOutcome::kMalformed);
}

TEST_F(Slips, SignedByNobodyWeKnowAreRefused) {
  Desk stranger(movement::PostSide::kA, "bridge-x-1", 9);
  stranger.start_shift();
  stranger.pass(person_);
  const auto slip = stranger.station().issue_slip(JournalIndex(1));
  ASSERT_TRUE(slip);
  EXPECT_EQ(taken(*across_, slip->text), SlipOutcome::kUnknownAgent);
}

TEST_F(Slips, WithANameAndAnotherKeyAreRefused) {
  Desk impostor(movement::PostSide::kA, "bridge-a-1", 9);
  impostor.start_shift();
  impostor.pass(person_);
  EXPECT_EQ(taken(*across_, impostor.station().issue_slip(JournalIndex(1))->text),
            SlipOutcome::kBadSignature);
}

TEST_F(Slips, OfARevokedAgentAreRefused) {
  const std::string slip = leave();
  across_->revoked = "bridge-a-1";
  across_->restart();
  across_->start_shift(movement::Direction::kEntry);
  EXPECT_EQ(taken(*across_, slip), SlipOutcome::kRevoked);
}

TEST_F(Slips, OfAnotherLineAreRefused) {
  here_.pass(person_);
  const auto record = here_.journal().records().back();
  const wire::Slip slip{.line = "hill-line",
                        .head_signature = record.head_signature,
                        .path = here_.station().journal().path_of(JournalIndex(1)).value(),
                        .event = record.event};
  EXPECT_EQ(taken(*across_, wire::slip_text(wire::encode_slip(slip).value())), SlipOutcome::kForeign);
}

TEST_F(Slips, OfWhatIsNoPassageAreRefused) {
  leave();
  const auto shift = here_.journal().records().front();
  const wire::Slip slip{
      .line = "river-line", .head_signature = shift.head_signature, .path = {}, .event = shift.event};
  EXPECT_EQ(taken(*across_, wire::slip_text(wire::encode_slip(slip).value())), SlipOutcome::kNoPassage);
  EXPECT_EQ(here_.station().issue_slip(JournalIndex(0)).error().code, ErrorCode::kConflict);
}

TEST_F(Slips, AreBelievedForThreeDays) {
  const std::string slip = leave();
  across_->clock().advance(agent::kSlipBelievedMs + 60'000);
  EXPECT_EQ(taken(*across_, slip), SlipOutcome::kTooOld);
}

TEST_F(Slips, FromTheFutureAreRefused) {
  here_.clock().advance(agent::kSlipClockMs + 60'000);
  EXPECT_EQ(taken(*across_, leave()), SlipOutcome::kFuture);
}

TEST_F(Slips, AreNotIssuedOfWhatWasTakenBack) {
  leave();
  const JournalIndex passage(here_.journal_size() - 1);
  ASSERT_TRUE(here_.station().undo(passage, "wrong lane"));
  EXPECT_EQ(here_.station().issue_slip(passage).error().code, ErrorCode::kConflict);
  EXPECT_EQ(here_.station().issue_slip(JournalIndex(99)).error().code, ErrorCode::kNotFound);
}

TEST_F(Slips, AreTheSameWhenTheJournalHasToBeReadBack) {
  const std::string slip = leave();
  const JournalIndex passage(here_.journal_size() - 1);
  here_.restart();
  EXPECT_EQ(here_.station().issue_slip(passage)->text, slip);
}

TEST_F(Slips, NeedAShift) {
  const std::string slip = leave();
  ASSERT_TRUE(across_->station().end_shift());
  EXPECT_EQ(across_->station().take_slip(slip).error().code, ErrorCode::kForbidden);
}

}  // namespace
}  // namespace crossline::testing
