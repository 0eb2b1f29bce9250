// What every ReplicaStore keeps to, run on the one on disk and the one in memory.
#include "crossline/agent/ports.hpp"
#include "crossline/agent/sqlite_replica.hpp"
#include "tests/support/agent/memory_stores.hpp"
#include "tests/support/sample_events.hpp"
#include "tests/support/store_disk.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

using testing::subject;

class ReplicaStoreContract : public ::testing::TestWithParam<testing::MakeDisk<ReplicaStore>> {
 protected:
  ReplicaStore& store() { return disk_->store(); }
  void restart() { disk_->restart(); }

  static ReplicaPiece piece(std::uint64_t to, std::vector<ReplicaPiece::Person> persons) {
    return {.to = LedgerIndex(to), .persons = std::move(persons), .closures = {}, .leases = {}};
  }

  std::unique_ptr<testing::StoreDisk<ReplicaStore>> disk_ = GetParam()();
};

TEST_P(ReplicaStoreContract, IsEmptyWhenNew) {
  EXPECT_EQ(store().load().value(), ReplicaSummary{});
  EXPECT_EQ(store().find(subject(1)).value(), std::nullopt);
}

TEST_P(ReplicaStoreContract, GivesBackTheLastOfEveryPersonAfterARestart) {
  const std::string with_zeros("a\0b", 3);
  ASSERT_TRUE(store().put(piece(3, {{subject(1), "first"}, {subject(2), with_zeros}})));
  ASSERT_TRUE(store().put(piece(4, {{subject(1), "second"}})));
  restart();
  EXPECT_EQ(store().load()->position, LedgerIndex(4));
  EXPECT_EQ(store().find(subject(1)).value(), "second");
  EXPECT_EQ(store().find(subject(2)).value(), with_zeros);
  EXPECT_EQ(store().find(subject(3)).value(), std::nullopt);
}

TEST_P(ReplicaStoreContract, KeepsClosuresInTheirOrder) {
  const movement::Closure closed{"bridge", false, {1}, {9}, "shelling", "A"};
  const movement::Closure lifted{"bridge", true, {0}, {0}, "", "A"};
  ReplicaPiece first = piece(1, {});
  first.closures = {closed};
  ReplicaPiece second = piece(2, {});
  second.closures = {lifted, closed};
  ASSERT_TRUE(store().put(first));
  ASSERT_TRUE(store().put(second));
  restart();
  EXPECT_EQ(store().load()->closures, (std::vector{closed, lifted, closed}));
}

TEST_P(ReplicaStoreContract, KeepsLeasesInTheirOrder) {
  const movement::QuotaLease first{"patients", "bridge-a-1", 20'000, 5, "A", "bus", 3};
  const movement::QuotaLease second{"patients", "bridge-b-1", 20'001, 1, "B", "", 0};
  ReplicaPiece one = piece(1, {});
  one.leases = {first, second};
  ReplicaPiece other = piece(2, {});
  other.leases = {first};
  ASSERT_TRUE(store().put(one));
  ASSERT_TRUE(store().put(other));
  restart();
  EXPECT_EQ(store().load()->leases, (std::vector{first, second, first}));
}

TEST_P(ReplicaStoreContract, KeepsHeadsEditionsAndTimeOfCompleteness) {
  const KeptEdition second{.number = 2, .enveloped = true, .bytes = std::string("{\0}", 3)};
  const KeptEdition third{.number = 3, .enveloped = false, .bytes = "{}"};
  wire::SignedHead head{{TreeSize(12), {}}, {}};
  head.head.root.bytes.fill(3);
  head.signature.bytes.fill(4);
  const wire::SignedHead proven{{TreeSize(9), head.head.root}, head.signature};
  ASSERT_TRUE(store().put_seen_head(head, {77}));
  ASSERT_TRUE(store().put_proven_head(proven));
  ASSERT_TRUE(store().put_current_at({88}));
  ASSERT_TRUE(store().put_edition(third));
  ASSERT_TRUE(store().put_edition({.number = 2, .enveloped = false, .bytes = "replaced"}));
  ASSERT_TRUE(store().put_edition(second));
  restart();
  const auto summary = store().load();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->seen_head, head);
  EXPECT_EQ(summary->proven_head, proven);
  EXPECT_EQ(summary->ledger_seen_at, UtcMillis{77});
  EXPECT_EQ(summary->current_at, UtcMillis{88});
  EXPECT_EQ(summary->editions, (std::vector{second, third}));
}

INSTANTIATE_TEST_SUITE_P(
    Stores, ReplicaStoreContract,
    ::testing::Values(&testing::disk_of_files<ReplicaStore, SqliteReplica>,
                      &testing::disk_in_memory<ReplicaStore, testing::MemoryReplicaStore>),
    [](const auto& param) { return param.index == 0 ? "Sqlite" : "Memory"; });

TEST(MemoryReplica, LosesTheLatestWritesInACrashButNoEdition) {
  testing::MemoryReplicaStore store;
  ASSERT_TRUE(store.put_current_at({1}));
  const KeptEdition edition{.number = 1, .enveloped = false, .bytes = "edition"};
  ASSERT_TRUE(store.put_edition(edition));
  ASSERT_TRUE(store.put_current_at({2}));
  ASSERT_TRUE(store.put_current_at({3}));
  store.crash(1);
  EXPECT_EQ(store.load()->editions, std::vector{edition});
  EXPECT_EQ(store.load()->current_at, UtcMillis{2});
}

}  // namespace
}  // namespace crossline::agent
