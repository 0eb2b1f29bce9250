// What belongs to the ledger on disk alone: its index of journals, which lags, gets lost or is of another
// ledger; files of an older version; files that were altered.
#include "crossline/server/sqlite_ledger.hpp"

#include "crossline/sqlite/database.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "tests/support/temporary_folder.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

namespace fs = std::filesystem;

class SqliteLedgerFiles : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path ledger_file() const { return folder_ / "ledger.db"; }
  [[nodiscard]] fs::path journals_file() const { return folder_ / "journals.db"; }

  [[nodiscard]] std::unique_ptr<SqliteLedger> open(
      SqliteLedger::Access access = SqliteLedger::Access::kReadWrite) const {
    auto opened = SqliteLedger::open(ledger_file(), access);
    EXPECT_TRUE(opened) << opened.error().to_string();
    return opened ? *std::move(opened) : nullptr;
  }
  [[nodiscard]] Error error_of_opening() const {
    auto opened = SqliteLedger::open(ledger_file());
    return opened ? Error{} : opened.error();
  }

  // One commit of events of one agent; `mark` makes them different.
  void append(LedgerStore& store, const std::string& agent, std::size_t count, const std::string& mark = "") {
    JournalState& journal = journals_[agent];
    journal.agent = agent;
    journal.post = movement::Post{"bridge", movement::PostSide::kA};
    Commit commit;
    commit.first = LedgerIndex(range_.size().value());
    for (std::size_t i = 0; i < count; ++i) {
      wire::LedgerEntry entry;
      entry.event = agent + mark + std::to_string(journal.range.size().value());
      entry.agent = agent;
      journal.range.append(merkle::leaf_hash(as_bytes(entry.event)));
      journal.head_signature.bytes.fill(static_cast<std::uint8_t>(journal.range.size().value()));
      if (i + 1 == count) entry.head_signature = journal.head_signature;
      commit.entries.push_back(wire::encode_ledger_entry(entry));
      range_.append(merkle::leaf_hash(as_bytes(commit.entries.back())));
    }
    commit.grown = {{journal.agent, journal.post}};
    commit.range = range_;
    const auto appended = store.append(commit);
    ASSERT_TRUE(appended) << appended.error().to_string();
  }

  void expect_whole(LedgerStore& store) {
    const auto loaded = store.load();
    ASSERT_TRUE(loaded) << loaded.error().to_string();
    EXPECT_EQ(loaded->range, range_);
    ASSERT_EQ(loaded->journals.size(), journals_.size());
    for (const JournalState& journal : loaded->journals) {
      EXPECT_EQ(journal, journals_[journal.agent]);
      const std::uint64_t size = journal.range.size().value();
      for (const std::uint64_t index : {std::uint64_t{0}, size / 2, size - 1})
        expect_found(store, journal.agent, index);
      EXPECT_EQ(store.find(journal.agent, JournalIndex(size)).value(), std::nullopt);
    }
  }
  static void expect_found(LedgerStore& store, const std::string& agent, std::uint64_t index) {
    const auto run = store.find(agent, JournalIndex(index));
    ASSERT_TRUE(run && *run) << agent << " " << index;
    ASSERT_LE((*run)->first.value(), index);
    const auto entry = store.read(LedgerIndex((*run)->at.value() + index - (*run)->first.value()), 1);
    ASSERT_TRUE(entry && entry->size() == 1);
    const auto decoded = wire::decode_ledger_entry(as_bytes(entry->front()));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->agent, agent);
    EXPECT_TRUE(decoded->event.ends_with(std::to_string(index))) << decoded->event;
  }
  void execute(const fs::path& file, const char* sql) const {
    auto database = sqlite::Database::open(file, {});
    ASSERT_TRUE(database);
    const auto done = database->execute(sql);
    ASSERT_TRUE(done) << done.error().to_string();
  }

  testing::TemporaryFolder folder_;
  merkle::CompactRange range_;
  std::map<std::string, JournalState> journals_;
};

TEST_F(SqliteLedgerFiles, FindsWhatTheIndexDoesNotHoldYet) {
  const auto writer = open();
  const auto beside = open(SqliteLedger::Access::kReadOnly);
  append(*writer, "a", 3);
  append(*writer, "b", 2);
  append(*writer, "a", 200);
  expect_whole(*writer);
  expect_whole(*beside);
}

TEST_F(SqliteLedgerFiles, IndexFollowsALongLedger) {
  {
    const auto writer = open();
    for (int i = 0; i < 40; ++i) append(*writer, i % 3 == 0 ? "a" : "b", 300);
    expect_whole(*writer);
  }
  expect_whole(*open());
  expect_whole(*open(SqliteLedger::Access::kReadOnly));
}

TEST_F(SqliteLedgerFiles, LostIndexIsMadeAgain) {
  {
    append(*open(), "a", 5);
  }
  {
    append(*open(), "b", 5);
  }
  fs::remove(journals_file());
  expect_whole(*open(SqliteLedger::Access::kReadOnly));
  expect_whole(*open());
  EXPECT_TRUE(fs::exists(journals_file()));
}

TEST_F(SqliteLedgerFiles, IndexOfALongerOrAnotherLedgerIsMadeAgain) {
  {
    append(*open(), "a", 5);
  }
  fs::copy_file(ledger_file(), folder_ / "old.db");
  const auto [old_range, old_journals] = std::pair(range_, journals_);
  {
    append(*open(), "a", 4);
  }
  fs::copy_file(folder_ / "old.db", ledger_file(), fs::copy_options::overwrite_existing);
  std::tie(range_, journals_) = std::pair(old_range, old_journals);
  expect_whole(*open(SqliteLedger::Access::kReadOnly));
  expect_whole(*open());
  // Of the same length as the index once was, with other entries.
  fs::copy_file(journals_file(), folder_ / "kept.db");
  {
    append(*open(), "a", 4, "other");
  }
  fs::copy_file(folder_ / "kept.db", journals_file(), fs::copy_options::overwrite_existing);
  expect_whole(*open());
}

TEST_F(SqliteLedgerFiles, SaysWhyTheIndexIsMadeAgain) {
  const auto said_by_opening = [this] {
    std::vector<std::string> lines;
    const SqliteLedger::Say say = [&lines](std::string_view line) { lines.emplace_back(line); };
    EXPECT_TRUE(SqliteLedger::open(ledger_file(), SqliteLedger::Access::kReadWrite, say));
    return lines;
  };
  const std::vector<std::string> nothing;
  const auto made_again = [](std::string why) {
    why.insert(0, "journals.db is made again from the whole ledger: ");
    return std::vector<std::string>{std::move(why), "journals.db holds 5 ledger entries"};
  };
  EXPECT_EQ(said_by_opening(), nothing) << "a new ledger";
  {
    append(*open(), "a", 5);
  }
  EXPECT_EQ(said_by_opening(), nothing) << "an index that lags";
  EXPECT_EQ(said_by_opening(), nothing) << "an index as it should be";
  fs::remove(journals_file());
  EXPECT_EQ(said_by_opening(), made_again("it was missing"));
  execute(journals_file(), "PRAGMA user_version = 99");
  EXPECT_EQ(said_by_opening(),
            made_again("the journal index store has version 99, this program knows up to 1"));
  execute(journals_file(), "UPDATE position SET size = 4");
  const auto of_odd_position = said_by_opening();
  EXPECT_EQ(of_odd_position.size(), 2u);
  execute(journals_file(), "UPDATE position SET size = 1, hashes = zeroblob(32)");
  EXPECT_EQ(said_by_opening(), made_again("it was of another ledger, or of one that was longer"));
  EXPECT_EQ(said_by_opening(), nothing);
}

TEST_F(SqliteLedgerFiles, DamagedIndexIsMadeAgain) {
  {
    append(*open(), "a", 5);
  }
  execute(journals_file(), "UPDATE position SET hashes = x'00'");
  expect_whole(*open(SqliteLedger::Access::kReadOnly));
  expect_whole(*open());
}

TEST_F(SqliteLedgerFiles, DoesNotGoOnFromAlteredEntries) {
  {
    append(*open(), "a", 5);
  }
  {
    append(*open(), "a", 5);
  }
  fs::remove(journals_file());
  execute(ledger_file(),
          "UPDATE bundle SET entries = (SELECT entries FROM bundle WHERE first = 0) WHERE first = 5");
  EXPECT_EQ(error_of_opening().code, ErrorCode::kCorruptData);
  EXPECT_EQ(error_of_opening().message,
            "the ledger's entries up to 10 do not lead to the root of their head");
  execute(ledger_file(), "DELETE FROM bundle WHERE first = 0");
  EXPECT_EQ(error_of_opening().message, "ledger entries 0 to 4 are missing");
}

// The tables as version 2 had them: heads, journals and runs beside the entries.
TEST_F(SqliteLedgerFiles, FileOfAnOlderVersionIsBroughtUp) {
  {
    const auto writer = open();
    append(*writer, "a", 2);
    append(*writer, "b", 130);  // two bundles
    append(*writer, "a", 1);
  }
  const std::vector<std::string> entries = open()->read(LedgerIndex(0), 1'000).value();
  execute(ledger_file(), R"sql(
    CREATE TABLE head(size INTEGER PRIMARY KEY, root BLOB NOT NULL, signature BLOB NOT NULL);
    INSERT INTO head SELECT size, root, signature FROM bundle WHERE size IS NOT NULL;
    CREATE TABLE tip(id INTEGER PRIMARY KEY CHECK(id = 1), size INTEGER NOT NULL, hashes BLOB NOT NULL);
    INSERT INTO tip SELECT 1, max(size), x'' FROM head;
    CREATE TABLE journal(
      id INTEGER PRIMARY KEY, agent TEXT NOT NULL UNIQUE, checkpoint TEXT, side INTEGER,
      size INTEGER NOT NULL, hashes BLOB NOT NULL, signature BLOB NOT NULL);
    INSERT INTO journal(agent, checkpoint, side, size, hashes, signature)
      SELECT agent, checkpoint, side, 0, x'', x'' FROM agent;
    CREATE TABLE run(
      journal INTEGER NOT NULL REFERENCES journal, first INTEGER NOT NULL, at INTEGER NOT NULL,
      count INTEGER NOT NULL, PRIMARY KEY(journal, first)) WITHOUT ROWID;
    CREATE TABLE old(first INTEGER PRIMARY KEY, entries BLOB NOT NULL);
    INSERT INTO old SELECT first, entries FROM bundle;
    DROP TABLE bundle;
    ALTER TABLE old RENAME TO bundle;
    DROP TABLE agent;
    PRAGMA user_version = 2;
  )sql");
  fs::remove(journals_file());
  const auto upgraded = open();
  expect_whole(*upgraded);
  EXPECT_EQ(upgraded->read(LedgerIndex(0), 1'000).value(), entries);
  EXPECT_EQ(upgraded->head_of(LedgerIndex(1)).value().head.size, TreeSize(2));
  EXPECT_EQ(upgraded->head_of(LedgerIndex(2)).value().head.size, TreeSize(132));
  EXPECT_EQ(upgraded->head().value()->head, (merkle::TreeHead{range_.size(), range_.root()}));
  append(*upgraded, "b", 1);
  expect_whole(*upgraded);
}

}  // namespace
}  // namespace crossline::server
