#include "crossline/server/replica.hpp"

#include "crossline/base/limits.hpp"
#include "tests/support/server/server_core.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

using movement::Direction;
using testing::passing;
using testing::ServerCore;
using testing::SigningAgent;
using testing::traveller;

wire::ReplicaUpdate decoded(const ReplicaChunk& chunk) {
  return std::get<wire::ReplicaUpdate>(wire::decode_server_frame(*chunk.frame).value());
}

class ReplicaTest : public ::testing::Test {
 protected:
  // All updates from `from` to the ledger's end, as an agent that is behind gets them.
  std::vector<wire::ReplicaUpdate> catch_up(LedgerIndex from) {
    std::vector<wire::ReplicaUpdate> updates;
    ReplicaReader reader(server.ledger);
    for (;;) {
      const auto chunk = reader.read(from, LedgerIndex(server.ledger.size())).value();
      if (!chunk) return updates;
      updates.push_back(decoded(*chunk));
      EXPECT_EQ(updates.back().from, from);
      EXPECT_LT(from, updates.back().to);
      from = updates.back().to;
    }
  }
  ServerCore server;
  SigningAgent a = testing::bridge_a();
  SigningAgent b = testing::bridge_b();
};

TEST_F(ReplicaTest, TellsWhatEveryPassageChanges) {
  movement::Movement leaving = passing(traveller(1), Direction::kExit);
  leaving.declared.goods = std::vector<movement::DeclaredGoods>{{"cash", "EUR", 300}};
  a.record(leaving, server.clock.now());
  a.record(passing(traveller(1), Direction::kEntry), server.clock.now().plus(1));
  server.clock.advance(10);
  server.submit_new(a);
  const auto chunks = replica_chunks(std::span(&server.last_commit, 1), server.ledger).value();
  ASSERT_EQ(chunks.size(), 1u);
  const wire::ReplicaUpdate update = decoded(chunks[0]);
  EXPECT_EQ(update.from, LedgerIndex(1));
  EXPECT_EQ(update.to, LedgerIndex(3));
  ASSERT_EQ(update.changes.size(), 2u);
  EXPECT_EQ(update.changes[0].entry, LedgerIndex(1));
  const auto& passage = std::get<movement::Passage>(update.changes[0].what);
  EXPECT_EQ(passage.post.checkpoint, "bridge");
  EXPECT_EQ(passage.goods, *leaving.declared.goods);
  EXPECT_EQ(passage.day, server.last_commit->entries()[0].day);
}

TEST_F(ReplicaTest, SaysNothingAboutAttemptsButMovesOn) {
  movement::Movement refused = passing(traveller(1), Direction::kExit);
  refused.outcome = movement::Outcome::kRefused;
  a.record(refused, server.clock.now());
  server.submit_new(a);
  const auto chunks = replica_chunks(std::span(&server.last_commit, 1), server.ledger).value();
  ASSERT_EQ(chunks.size(), 1u);
  EXPECT_TRUE(decoded(chunks[0]).changes.empty());
  EXPECT_EQ(chunks[0].to, LedgerIndex(2));
}

TEST_F(ReplicaTest, CarriesListsClosuresAndEditions) {
  server.ask(OfficeAct{"a.supervisor1", movement::ListChange{"hold", traveller(5), false, "A", "C-1"}});
  server.ask(OfficeAct{"a.supervisor1", movement::Closure{"bridge", false, {1'000}, {2'000}, "flood", "B"}});
  server.adopt(testing::sealed_edition(2));
  const auto updates = catch_up(LedgerIndex(1));
  ASSERT_EQ(updates.size(), 2u) << "an edition has a frame of its own";
  EXPECT_EQ(updates[0].to, LedgerIndex(3));
  EXPECT_EQ(updates[1].edition, testing::sealed_edition(2));
  EXPECT_EQ(updates[0].changes.size(), 1u);
  EXPECT_EQ(updates[0].closures.size(), 1u);
}

TEST_F(ReplicaTest, CatchingUpGivesWhatTheLiveFeedGave) {
  std::vector<wire::ReplicaUpdate> live;
  for (std::uint32_t i = 0; i < 50; ++i) {
    SigningAgent& agent = i % 2 == 0 ? a : b;
    server.clock.advance(10);
    agent.record(passing(traveller(i % 9), i % 3 == 0 ? Direction::kExit : Direction::kEntry),
                 server.clock.now());
    server.submit_new(agent);
    const auto chunks = replica_chunks(std::span(&server.last_commit, 1), server.ledger).value();
    for (const ReplicaChunk& chunk : chunks) {
      live.push_back(decoded(chunk));
    }
  }
  const auto changes = [](const std::vector<wire::ReplicaUpdate>& updates) {
    std::vector<movement::RecordChange> all;
    for (const auto& update : updates) all.insert(all.end(), update.changes.begin(), update.changes.end());
    return all;
  };
  EXPECT_EQ(changes(live), changes(catch_up(LedgerIndex(1))));
  EXPECT_EQ(live.back().to, catch_up(LedgerIndex(1)).back().to);
}

// Its own entries do not say which clock counted; those before them do.
TEST_F(ReplicaTest, FindsTheDayOfAWordOnADisputedStatus) {
  for (const auto& [agent, direction] : {std::pair(&a, Direction::kExit), std::pair(&a, Direction::kExit)}) {
    agent->record(passing(traveller(1), direction), server.clock.now());
    server.submit_new(*agent);
    server.clock.advance(10);
  }
  server.ask(OfficeAct{"a.supervisor1",
                       movement::Resolution{traveller(1), movement::Side::kA, movement::Side::kA, "C-1"}});
  const auto last = LedgerIndex(server.ledger.size() - 1);
  const auto updates = catch_up(last);
  ASSERT_EQ(updates.size(), 1u);
  ASSERT_EQ(updates[0].changes.size(), 1u);
  EXPECT_EQ(std::get<movement::StatusWord>(updates[0].changes[0].what).day,
            server.last_commit->entries()[0].day);
}

TEST_F(ReplicaTest, KeepsWithinItsBounds) {
  ReplicaBuilder builder(LedgerIndex(0),
                         [](const crypto::Hash&) -> Result<EditionBytes> { return EditionBytes(); });
  const std::size_t count = limits::kMaxReplicaDeltas * 2 + 7;
  const movement::Post bridge{"bridge", movement::PostSide::kA};
  movement::Event event;
  for (std::uint32_t i = 0; i < count; ++i) {
    event.body = passing(traveller(i), Direction::kExit);
    ASSERT_TRUE(builder.add({}, event, bridge, 20'000));
  }
  event.body = movement::Closure{"bridge", false, {1}, {2}, std::string(movement::kMaxReasonBytes, 'r'), "A"};
  for (int i = 0; i < 3'000; ++i) ASSERT_TRUE(builder.add({}, event, std::nullopt, 0));
  std::uint64_t next = 0;
  for (const ReplicaChunk& chunk : builder.take()) {
    EXPECT_EQ(chunk.from.value(), next);
    next = chunk.to.value();
    EXPECT_LE(chunk.frame->size(), limits::kMaxFrameBytes);
    EXPECT_TRUE(wire::decode_server_frame(*chunk.frame).has_value());
  }
  EXPECT_EQ(next, count + 3'000);
}

TEST_F(ReplicaTest, SendsAnEditionToAnAgentThatHasAnother) {
  const Bytes frame = edition_frame(LedgerIndex(7), {.sealed = "sealed", .envelope = {}});
  const auto update = std::get<wire::ReplicaUpdate>(wire::decode_server_frame(frame).value());
  EXPECT_EQ(update.from, LedgerIndex(7));
  EXPECT_EQ(update.to, LedgerIndex(7));
  EXPECT_EQ(update.edition, "sealed");
  EXPECT_EQ(update.edition_envelope, "");
  const Bytes with_signatures = edition_frame(LedgerIndex(7), {.sealed = "sealed", .envelope = "signed"});
  const auto second = std::get<wire::ReplicaUpdate>(wire::decode_server_frame(with_signatures).value());
  EXPECT_EQ(second.edition, "");
  EXPECT_EQ(second.edition_envelope, "signed");
}

}  // namespace
}  // namespace crossline::server
