// What every JournalStore keeps to, run on the one on disk and the one in memory.
#include "crossline/agent/ports.hpp"
#include "crossline/agent/sqlite_journal.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/sqlite/database.hpp"
#include "tests/support/agent/memory_stores.hpp"
#include "tests/support/sample_events.hpp"
#include "tests/support/store_disk.hpp"
#include "tests/support/temporary_folder.hpp"

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

using testing::subject;

class JournalStoreContract : public ::testing::TestWithParam<testing::MakeDisk<JournalStore>> {
 protected:
  JournalStore& store() { return disk_->store(); }
  void restart() { disk_->restart(); }

  static JournalRecord record(std::uint8_t number) {
    JournalRecord record{.event = std::string(1, static_cast<char>(number)) + "-event",
                         .head_signature = {},
                         .identity = std::nullopt,
                         .placed = std::nullopt};
    record.head_signature.bytes.fill(number);
    return record;
  }
  static JournalRecord record_with_identity(std::uint8_t number, std::string identity) {
    JournalRecord with = record(number);
    with.identity = IdentityBeside{subject(number), {}, std::move(identity)};
    with.identity->opening.fill(number);
    return with;
  }
  void append(const std::vector<JournalRecord>& records) {
    for (const JournalRecord& record : records) range_.append(merkle::leaf_hash(as_bytes(record.event)));
    ASSERT_TRUE(store().append(records, range_));
  }
  std::vector<JournalRecord> read_all() { return store().read(JournalIndex(0), 1000).value(); }

  std::unique_ptr<testing::StoreDisk<JournalStore>> disk_ = GetParam()();
  merkle::CompactRange range_;
};

TEST_P(JournalStoreContract, IsEmptyWhenNew) {
  const auto tail = store().load();
  ASSERT_TRUE(tail);
  EXPECT_EQ(*tail, JournalTail{});
  EXPECT_TRUE(read_all().empty());
  EXPECT_EQ(store().identity_of(subject(1)).value(), std::nullopt);
}

TEST_P(JournalStoreContract, GivesBackWhatWasAppendedAfterARestart) {
  const std::vector records{record(1), record_with_identity(2, "somebody"), record(3)};
  append({records[0]});
  append({records[1], records[2]});
  restart();
  EXPECT_EQ(read_all(), records);
  const auto tail = store().load();
  ASSERT_TRUE(tail);
  EXPECT_EQ(tail->range, range_);
  EXPECT_EQ(tail->acknowledged, TreeSize(0));
}

TEST_P(JournalStoreContract, KeepsEventsWithZeroBytesAndLongOnes) {
  JournalRecord odd = record(1);
  odd.event = std::string("\0a\0", 3);
  JournalRecord large = record_with_identity(2, std::string(limits::kMaxIdentityBytes, 'i'));
  large.event.assign(limits::kMaxEventBytes, 'e');
  append({odd, large});
  restart();
  EXPECT_EQ(read_all(), (std::vector{odd, large}));
}

TEST_P(JournalStoreContract, ReadsAnyPiece) {
  append({record(1), record(2), record(3), record(4)});
  EXPECT_EQ(store().read(JournalIndex(1), 2).value(), (std::vector{record(2), record(3)}));
  EXPECT_EQ(store().read(JournalIndex(3), 5).value(), (std::vector{record(4)}));
  EXPECT_TRUE(store().read(JournalIndex(4), 1).value().empty());
  EXPECT_TRUE(store().read(JournalIndex(9), 1).value().empty());
  EXPECT_TRUE(store().read(JournalIndex(0), 0).value().empty());
}

TEST_P(JournalStoreContract, RestoresTheRangeOfEverySize) {
  for (std::uint8_t size = 1; size <= 20; ++size) {
    append({record(size)});
    const auto tail = store().load();
    ASSERT_TRUE(tail);
    ASSERT_EQ(tail->range, range_) << int{size};
  }
}

TEST_P(JournalStoreContract, RemembersWhereTheLedgerHasAnEvent) {
  append({record(1), record(2), record(3)});
  const std::vector places{LedgerIndex(70), LedgerIndex(80)};
  ASSERT_TRUE(store().acknowledge(JournalIndex(0), places));
  EXPECT_EQ(store().load()->acknowledged, TreeSize(2));
  const auto records = read_all();
  EXPECT_EQ(records[0].placed, LedgerIndex(70));
  EXPECT_EQ(records[1].placed, LedgerIndex(80));
  EXPECT_EQ(records[2].placed, std::nullopt);
}

TEST_P(JournalStoreContract, NeverTakesBackAnAcknowledgement) {
  append({record(1), record(2), record(3)});
  const std::vector places{LedgerIndex(7), LedgerIndex(8), LedgerIndex(9)};
  ASSERT_TRUE(store().acknowledge(JournalIndex(0), places));
  ASSERT_TRUE(store().acknowledge(JournalIndex(0), std::span(places).first(1)));
  ASSERT_TRUE(store().acknowledge(JournalIndex(1), {}));
  EXPECT_EQ(store().load()->acknowledged, TreeSize(3));
}

TEST_P(JournalStoreContract, KeepsTheLastIdentityOfASubject) {
  append({record_with_identity(1, "first"), record_with_identity(2, "other")});
  EXPECT_EQ(store().identity_of(subject(1)).value(), crypto::sha256(as_bytes("first")));
  append({record_with_identity(1, "second")});
  restart();
  EXPECT_EQ(store().identity_of(subject(1)).value(), crypto::sha256(as_bytes("second")));
  EXPECT_EQ(store().identity_of(subject(2)).value(), crypto::sha256(as_bytes("other")));
  EXPECT_EQ(store().identity_of(subject(3)).value(), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    Stores, JournalStoreContract,
    ::testing::Values(&testing::disk_of_files<JournalStore, SqliteJournal>,
                      &testing::disk_in_memory<JournalStore, testing::MemoryJournalStore>),
    [](const auto& param) { return param.index == 0 ? "Sqlite" : "Memory"; });

// --- what only a file can do wrong

TEST(SqliteJournal, IsReadableByItsOwnerAlone) {
  const testing::TemporaryFolder folder;
  ASSERT_TRUE(SqliteJournal::open(folder / "journal.db"));
  const auto permissions = std::filesystem::status(folder / "journal.db").permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(SqliteJournal, RefusesAFileOfAnotherStore) {
  const testing::TemporaryFolder folder;
  {
    auto other = sqlite::Database::open(folder / "journal.db", {});
    ASSERT_TRUE(other);
    ASSERT_TRUE(other->execute("PRAGMA application_id = 7; PRAGMA user_version = 1"));
  }
  const auto opened = SqliteJournal::open(folder / "journal.db");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kCorruptData);
}

TEST(MemoryJournal, LosesOnlyUnsyncedAcknowledgementsInACrash) {
  testing::MemoryJournalStore store;
  merkle::CompactRange range;
  std::vector<JournalRecord> records(2);
  for (const JournalRecord& record : records) range.append(merkle::leaf_hash(as_bytes(record.event)));
  ASSERT_TRUE(store.append(records, range));
  const std::vector places{LedgerIndex(5)};
  ASSERT_TRUE(store.acknowledge(JournalIndex(0), places));
  ASSERT_TRUE(store.acknowledge(JournalIndex(1), places));
  store.crash(1);
  EXPECT_EQ(store.load()->acknowledged, TreeSize(1));
  EXPECT_EQ(store.records()[0].placed, LedgerIndex(5));
  EXPECT_EQ(store.records()[1].placed, std::nullopt);
  EXPECT_EQ(store.records().size(), 2u);
}

TEST(MemoryJournal, FailsAnAppendWithItsRecordsKeptOrLost) {
  for (const bool kept : {true, false}) {
    testing::MemoryJournalStore store;
    merkle::CompactRange range;
    range.append(merkle::leaf_hash({}));
    store.fail_next_append(ErrorCode::kStorageFailed, kept);
    EXPECT_FALSE(store.append(std::vector<JournalRecord>(1), range));
    EXPECT_EQ(store.load()->range.size(), TreeSize(kept ? 1 : 0));
  }
}

}  // namespace
}  // namespace crossline::agent
