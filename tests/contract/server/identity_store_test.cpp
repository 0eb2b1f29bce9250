// What every IdentityStore keeps to, run on the one on disk and the one in memory.
#include "crossline/base/limits.hpp"
#include "crossline/server/ports.hpp"
#include "crossline/server/sqlite_identities.hpp"
#include "tests/support/sample_events.hpp"
#include "tests/support/server/memory_identity_store.hpp"
#include "tests/support/store_disk.hpp"

#include <array>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

using testing::subject;

// `number` makes commitment and opening.
IdentityRecord record(std::uint8_t person, std::uint8_t number, std::string identity) {
  IdentityRecord made{subject(person), {}, {}, std::move(identity)};
  made.commitment.bytes.fill(number);
  made.opening.fill(number);
  return made;
}

class IdentityStoreContract : public ::testing::TestWithParam<testing::MakeDisk<IdentityStore>> {
 protected:
  IdentityStore& store() { return disk_->store(); }
  void restart() { disk_->restart(); }
  std::unique_ptr<testing::StoreDisk<IdentityStore>> disk_ = GetParam()();
};

TEST_P(IdentityStoreContract, KnowsNobodyWhenNew) {
  EXPECT_EQ(store().latest(subject(1)).value(), std::nullopt);
  EXPECT_EQ(store().find(record(1, 1, "").commitment).value(), std::nullopt);
  EXPECT_TRUE(store().put({})) << "nothing to put is nothing wrong";
}

TEST_P(IdentityStoreContract, FindsByCommitmentAndBySubjectAfterARestart) {
  const std::array records{record(1, 10, "somebody"), record(2, 20, std::string("\0else", 5)),
                           record(3, 30, std::string(limits::kMaxIdentityBytes, 'i'))};
  ASSERT_TRUE(store().put(records));
  restart();
  for (const IdentityRecord& one : records) {
    EXPECT_EQ(store().find(one.commitment).value(), one);
    EXPECT_EQ(store().latest(one.subject).value(), one);
  }
  EXPECT_EQ(store().latest(subject(4)).value(), std::nullopt);
}

TEST_P(IdentityStoreContract, TheLastOneOfAPersonIsTheLatestAndTheFirstStays) {
  const IdentityRecord first = record(1, 10, "before the marriage");
  const IdentityRecord second = record(1, 20, "after it");
  ASSERT_TRUE(store().put(std::array{first}));
  ASSERT_TRUE(store().put(std::array{record(2, 30, "somebody else")}));
  ASSERT_TRUE(store().put(std::array{second}));
  restart();
  EXPECT_EQ(store().latest(subject(1)).value(), second);
  EXPECT_EQ(store().find(first.commitment).value(), first);
}

TEST_P(IdentityStoreContract, TwoOfAPersonInOnePutKeepTheirOrder) {
  ASSERT_TRUE(store().put(std::array{record(1, 20, "first"), record(1, 10, "second")}));
  EXPECT_EQ(store().latest(subject(1)).value(), record(1, 10, "second"));
}

TEST_P(IdentityStoreContract, OneThatIsThereChangesNothing) {
  const IdentityRecord first = record(1, 10, "first");
  const IdentityRecord second = record(1, 20, "second");
  ASSERT_TRUE(store().put(std::array{first, second}));
  ASSERT_TRUE(store().put(std::array{first}));
  EXPECT_EQ(store().latest(subject(1)).value(), second) << "sent again, it is not newer";
  ASSERT_TRUE(store().put(std::array{record(9, 10, "another person under the same commitment")}));
  EXPECT_EQ(store().find(first.commitment).value(), first);
  EXPECT_EQ(store().latest(subject(9)).value(), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    Stores, IdentityStoreContract,
    ::testing::Values(
        &testing::disk_of_files<IdentityStore, SqliteIdentities>,
        &testing::disk_in_memory<IdentityStore, testing::MemoryIdentityStore, testing::Ending::kCrash>),
    [](const auto& one) { return one.index == 0 ? "Sqlite" : "Memory"; });

}  // namespace
}  // namespace crossline::server
