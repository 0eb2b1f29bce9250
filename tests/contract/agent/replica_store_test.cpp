// What every ReplicaStore keeps to, run on the one on disk and the one in memory.
#include "crossline/agent/ports.hpp"
#include "crossline/agent/sqlite_replica.hpp"
#include "tests/support/agent/memory_stores.hpp"
#include "tests/support/sample_events.hpp"
#include "tests/support/temporary_folder.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

using movement::Side;
using movement::Status;
using testing::subject;

class Disk {
 public:
  virtual ~Disk() = default;
  virtual ReplicaStore& store() = 0;
  virtual void restart() = 0;
};

class SqliteDisk final : public Disk {
 public:
  SqliteDisk() { restart(); }
  ReplicaStore& store() override { return *replica_; }
  void restart() override {
    replica_.reset();
    auto opened = SqliteReplica::open(folder_ / "replica.db");
    ASSERT_TRUE(opened) << opened.error().to_string();
    replica_ = *std::move(opened);
  }

 private:
  testing::TemporaryFolder folder_;
  std::unique_ptr<SqliteReplica> replica_;
};

class MemoryDisk final : public Disk {
 public:
  ReplicaStore& store() override { return replica_; }
  void restart() override {}

 private:
  testing::MemoryReplicaStore replica_;
};

using MakeDisk = std::unique_ptr<Disk> (*)();

class ReplicaStoreContract : public ::testing::TestWithParam<MakeDisk> {
 protected:
  ReplicaStore& store() { return disk_->store(); }
  void restart() { disk_->restart(); }

  static wire::ReplicaUpdate update(std::uint64_t from, std::uint64_t to) {
    return {.from = LedgerIndex(from),
            .to = LedgerIndex(to),
            .statuses = {},
            .lists = {},
            .closures = {},
            .edition = {}};
  }
  static wire::StatusDelta between(std::uint8_t person) {
    return {.subject = subject(person),
            .status = Status::kBetween,
            .came_from = Side::kB,
            .since = {1'000},
            .checkpoint = "bridge"};
  }

  std::unique_ptr<Disk> disk_ = GetParam()();
};

TEST_P(ReplicaStoreContract, IsEmptyWhenNew) {
  EXPECT_EQ(store().load().value(), ReplicaSummary{});
  EXPECT_EQ(store().find(subject(1)).value(), std::nullopt);
}

TEST_P(ReplicaStoreContract, GivesBackStatusesAfterARestart) {
  wire::ReplicaUpdate first = update(0, 3);
  first.statuses = {between(1), {subject(2), Status::kSideA, Side::kA, {2'000}, "ferry"}};
  ASSERT_TRUE(store().apply(first));
  wire::ReplicaUpdate second = update(3, 4);
  second.statuses = {{subject(1), Status::kSideB, Side::kA, {5'000}, "ferry"}};
  ASSERT_TRUE(store().apply(second));
  restart();
  EXPECT_EQ(store().load()->position, LedgerIndex(4));
  EXPECT_EQ(store().find(subject(1)).value(),
            (ReplicaSubject{Status::kSideB, Side::kA, {5'000}, "ferry", {}}));
  EXPECT_EQ(store().find(subject(2)).value(),
            (ReplicaSubject{Status::kSideA, Side::kA, {2'000}, "ferry", {}}));
}

TEST_P(ReplicaStoreContract, TakesTheLastOfSeveralStatusesOfOnePerson) {
  wire::ReplicaUpdate both = update(0, 2);
  both.statuses = {between(1), {subject(1), Status::kSideA, Side::kA, {2'000}, "bridge"}};
  ASSERT_TRUE(store().apply(both));
  EXPECT_EQ(store().find(subject(1)).value()->status, Status::kSideA);
}

TEST_P(ReplicaStoreContract, KeepsWhoIsOnWhichList) {
  wire::ReplicaUpdate listed = update(0, 1);
  listed.lists = {{"watch", subject(1), false},
                  {"hold", subject(1), false},
                  {"hold", subject(1), false},
                  {"hold", subject(2), false}};
  ASSERT_TRUE(store().apply(listed));
  EXPECT_EQ(store().find(subject(1)).value()->lists, (std::vector<std::string>{"hold", "watch"}));
  EXPECT_EQ(store().find(subject(1)).value()->status, Status::kUnknown);
  wire::ReplicaUpdate unlisted = update(1, 2);
  unlisted.lists = {{"hold", subject(1), true}, {"watch", subject(2), true}};
  ASSERT_TRUE(store().apply(unlisted));
  EXPECT_EQ(store().find(subject(1)).value()->lists, (std::vector<std::string>{"watch"}));
  EXPECT_EQ(store().find(subject(2)).value()->lists, (std::vector<std::string>{"hold"}));
}

TEST_P(ReplicaStoreContract, AStatusLeavesTheListsAlone) {
  wire::ReplicaUpdate both = update(0, 2);
  both.lists = {{"hold", subject(1), false}};
  both.statuses = {between(1)};
  ASSERT_TRUE(store().apply(both));
  EXPECT_EQ(store().find(subject(1)).value(),
            (ReplicaSubject{Status::kBetween, Side::kB, {1'000}, "bridge", {"hold"}}));
}

TEST_P(ReplicaStoreContract, KeepsClosuresInTheirOrder) {
  const movement::Closure closed{"bridge", false, {1}, {9}, "shelling", "A"};
  const movement::Closure lifted{"bridge", true, {0}, {0}, "", "A"};
  wire::ReplicaUpdate first = update(0, 1);
  first.closures = {closed};
  wire::ReplicaUpdate second = update(1, 2);
  second.closures = {lifted, closed};
  ASSERT_TRUE(store().apply(first));
  ASSERT_TRUE(store().apply(second));
  restart();
  EXPECT_EQ(store().load()->closures, (std::vector{closed, lifted, closed}));
}

TEST_P(ReplicaStoreContract, KeepsHeadEditionsAndTimeOfCompleteness) {
  const KeptEdition second{.number = 2, .enveloped = true, .bytes = std::string("{\0}", 3)};
  const KeptEdition third{.number = 3, .enveloped = false, .bytes = "{}"};
  movement::Beacon head{TreeSize(12), {}};
  head.root.bytes.fill(3);
  ASSERT_TRUE(store().put_ledger(head, {77}));
  ASSERT_TRUE(store().put_current_at({88}));
  ASSERT_TRUE(store().put_edition(third));
  ASSERT_TRUE(store().put_edition({.number = 2, .enveloped = false, .bytes = "replaced"}));
  ASSERT_TRUE(store().put_edition(second));
  restart();
  const auto summary = store().load();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->ledger, head);
  EXPECT_EQ(summary->ledger_seen_at, UtcMillis{77});
  EXPECT_EQ(summary->current_at, UtcMillis{88});
  EXPECT_EQ(summary->editions, (std::vector{second, third}));
}

INSTANTIATE_TEST_SUITE_P(
    Stores, ReplicaStoreContract,
    ::testing::Values([]() -> std::unique_ptr<Disk> { return std::make_unique<SqliteDisk>(); },
                      []() -> std::unique_ptr<Disk> { return std::make_unique<MemoryDisk>(); }),
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
