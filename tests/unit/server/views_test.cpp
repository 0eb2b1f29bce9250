#include "crossline/server/views.hpp"

#include "tests/support/server/server_core.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

using movement::Direction;
using movement::Status;
using testing::passing;
using testing::ServerCore;
using testing::SigningAgent;
using testing::traveller;

class ViewsTest : public ::testing::Test {
 protected:
  void pass(SigningAgent& agent, std::uint32_t number, Direction direction) {
    server.clock.advance(60'000);
    agent.record(passing(traveller(number), direction), server.clock.now());
    server.submit_new(agent);
  }
  [[nodiscard]] std::int64_t count(Status status) const {
    return server.views->status_counts()[static_cast<std::size_t>(status)];
  }
  [[nodiscard]] std::int64_t count(CaseKind kind) const {
    return server.views->case_counts()[static_cast<std::size_t>(kind)];
  }

  ServerCore server;
  SigningAgent a = testing::bridge_a();
  SigningAgent b = testing::bridge_b();
};

TEST_F(ViewsTest, CountsPersonsByStatus) {
  pass(a, 1, Direction::kExit);
  pass(a, 2, Direction::kExit);
  EXPECT_EQ(count(Status::kBetween), 2);
  pass(b, 1, Direction::kEntry);
  EXPECT_EQ(count(Status::kBetween), 1);
  EXPECT_EQ(count(Status::kSideB), 1);
}

TEST_F(ViewsTest, PagesThroughWhoIsBetweenLongestFirst) {
  for (std::uint32_t i = 1; i <= 5; ++i) pass(a, i, Direction::kExit);
  pass(b, 3, Direction::kEntry);
  const auto first = server.views->between(std::nullopt, 2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].subject, traveller(1));
  EXPECT_EQ(first[0].state.came_from, movement::Side::kA);
  const auto rest =
      server.views->between(BetweenCursor{first[1].state.since, first[1].state.since_index}, 10);
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].subject, traveller(4));
  EXPECT_EQ(rest[1].subject, traveller(5));
}

TEST_F(ViewsTest, KeepsCasesNewestFirst) {
  pass(b, 1, Direction::kEntry);  // no exit recorded: unmatched
  pass(b, 2, Direction::kEntry);
  pass(b, 2, Direction::kEntry);  // again: disputed, and the post allowed what nobody can vouch for
  EXPECT_EQ(count(CaseKind::kUnmatched), 1);
  EXPECT_EQ(count(CaseKind::kDisputed), 1);
  const auto unmatched = server.views->cases(CaseKind::kUnmatched, std::nullopt, 10);
  ASSERT_EQ(unmatched.size(), 1u);
  EXPECT_EQ(unmatched[0].subject, traveller(1));
  const auto all = server.views->cases(std::nullopt, std::nullopt, 10);
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LE(all[i].entry, all[i - 1].entry);
  const auto after = server.views->cases(std::nullopt, CaseCursor{all[0].entry, all[0].kind}, 10);
  EXPECT_EQ(after.size(), all.size() - 1);
}

TEST_F(ViewsTest, ClosesAnUnmatchedCaseWhenTheExitArrives) {
  pass(b, 1, Direction::kEntry);
  ASSERT_EQ(count(CaseKind::kUnmatched), 1);
  // The A post was offline: its record is older and comes later.
  a.record(passing(traveller(1), Direction::kExit), server.clock.now().plus(-30'000));
  server.submit_new(a);
  EXPECT_EQ(count(CaseKind::kUnmatched), 0);
  EXPECT_EQ(count(Status::kSideB), 1);
}

TEST_F(ViewsTest, TakesAMovementOutOfTheFiguresWhenItIsCorrected) {
  pass(a, 1, Direction::kExit);
  pass(b, 1, Direction::kEntry);
  const std::int32_t day = server.last_commit->entries()[0].day;
  auto cells = server.views->statistics().cells(day, day + 1);
  ASSERT_EQ(cells.size(), 2u);
  std::int64_t between_count = 0;
  for (const auto& [key, cell] : cells) between_count += cell.between_count;
  EXPECT_EQ(between_count, 1);

  b.record(movement::Correction{JournalIndex(0), traveller(1), "wrong lane"}, server.clock.now());
  server.submit_new(b);
  EXPECT_EQ(server.views->statistics().total_movements(), 1);
  between_count = 0;
  std::int64_t between_ms = 0;
  for (const auto& [key, cell] : server.views->statistics().cells(day, day + 1)) {
    between_count += cell.between_count;
    between_ms += cell.between_ms;
  }
  EXPECT_EQ(between_count, 0);
  EXPECT_EQ(between_ms, 0);
  EXPECT_EQ(count(Status::kBetween), 1);
}

TEST_F(ViewsTest, DropsADisagreementThatWasCorrected) {
  movement::Movement child = passing(traveller(1), Direction::kExit);
  child.age_years = 9;
  a.record(child, server.clock.now());
  server.submit_new(a);
  ASSERT_EQ(count(CaseKind::kDisagreement), 1);
  a.record(movement::Correction{JournalIndex(0), traveller(1), "not let through"}, server.clock.now());
  server.submit_new(a);
  EXPECT_EQ(count(CaseKind::kDisagreement), 0);
}

TEST_F(ViewsTest, ListsClosuresUntilTheyEndOrAreLifted) {
  const UtcMillis now = server.clock.now();
  const auto close = [&](std::string checkpoint, std::string party, std::int64_t from_ms,
                         bool lifted = false) {
    server.ask(
        OfficeAct{"a.supervisor1", movement::Closure{std::move(checkpoint), lifted, now.plus(from_ms),
                                                     now.plus(from_ms + 1'000), "flood", std::move(party)}});
  };
  close("ford", "A", 500);
  close("bridge", "A", 0);
  close("bridge", "B", 0);
  ASSERT_EQ(server.views->closures(now).size(), 3u);
  EXPECT_EQ(server.views->closures(now)[2].checkpoint, "ford") << "soonest first";
  close("bridge", "A", 0, true);
  EXPECT_EQ(server.views->closures(now).size(), 2u) << "each party lifts its own";
  EXPECT_TRUE(server.views->closures(now.plus(10'000)).empty());
}

TEST_F(ViewsTest, AreCompleteToTheHeadTheyName) {
  pass(a, 1, Direction::kExit);
  EXPECT_EQ(server.views->as_of().position, LedgerIndex(2));
  EXPECT_EQ(server.views->as_of().head, server.sequencer->head());
  EXPECT_EQ(server.views->as_of().received_at, server.clock.now());
}

}  // namespace
}  // namespace crossline::server
