#include "crossline/sqlite/database.hpp"

#include "crossline/sqlite/schema.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace crossline::sqlite {
namespace {

class DatabaseTest : public ::testing::Test {
 protected:
  [[nodiscard]] Database open(const OpenOptions& options = {}) {
    auto opened = Database::open(folder_ / "store.db", options);
    EXPECT_TRUE(opened.has_value()) << opened.error().to_string();
    return *std::move(opened);
  }
  [[nodiscard]] Database open_with_table() {
    Database database = open();
    EXPECT_TRUE(database.execute("CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT UNIQUE, data BLOB)"));
    return database;
  }
  testing::TemporaryFolder folder_;
};

TEST_F(DatabaseTest, GivesBackWhatWasBound) {
  Database database = open_with_table();
  Statement insert = database.prepare("INSERT INTO item VALUES(?, ?, ?)").value();
  const Bytes data = {0, 1, 0xff};
  EXPECT_EQ(insert.run(std::uint64_t{7}, std::string_view("seven"), ByteView(data)), 1);
  EXPECT_EQ(insert.run(8, std::nullopt, ByteView()), 1);

  Statement select = database.prepare("SELECT id, name, data FROM item ORDER BY id").value();
  Rows rows = select.query().value();
  ASSERT_EQ(rows.next(), true);
  EXPECT_EQ(rows.number(0), 7u);
  EXPECT_EQ(rows.text(1), "seven");
  EXPECT_EQ(to_bytes(rows.blob(2)), data);
  ASSERT_EQ(rows.next(), true);
  EXPECT_TRUE(rows.is_null(1));
  EXPECT_FALSE(rows.is_null(2)) << "an empty blob is not NULL";
  EXPECT_TRUE(rows.blob(2).empty());
  EXPECT_EQ(rows.next(), false);
}

TEST_F(DatabaseTest, QueriesAgainAfterRowsAreGone) {
  Database database = open_with_table();
  Statement count = database.prepare("SELECT count(*) FROM item WHERE id < ?").value();
  for (int round = 0; round < 2; ++round) {
    Rows rows = count.query(100).value();
    ASSERT_EQ(rows.next(), true);
    EXPECT_EQ(rows.integer(0), 0);
  }
}

TEST_F(DatabaseTest, TransactionWithoutCommitLeavesNothing) {
  Database database = open_with_table();
  {
    Transaction transaction = Transaction::begin(database).value();
    ASSERT_TRUE(database.execute("INSERT INTO item(id) VALUES(1)"));
  }
  EXPECT_EQ(database.query_number("SELECT count(*) FROM item"), 0);
  Transaction transaction = Transaction::begin(database).value();
  ASSERT_TRUE(database.execute("INSERT INTO item(id) VALUES(1)"));
  ASSERT_TRUE(transaction.commit());
  EXPECT_EQ(open().query_number("SELECT count(*) FROM item"), 1);
}

TEST_F(DatabaseTest, NamesConstraintsAsConflict) {
  Database database = open_with_table();
  Statement insert = database.prepare("INSERT INTO item(id, name) VALUES(?, ?)").value();
  ASSERT_TRUE(insert.run(1, std::string_view("same")));
  const auto again = insert.run(2, std::string_view("same"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
  EXPECT_EQ(again.error().message.find("same"), std::string::npos) << "bound values stay out of messages";
  EXPECT_TRUE(insert.run(2, std::string_view("other"))) << "the statement is still good";
}

TEST_F(DatabaseTest, NamesAFullFile) {
  Database database = open_with_table();
  ASSERT_TRUE(database.execute("PRAGMA max_page_count = 8"));
  Statement insert = database.prepare("INSERT INTO item(data) VALUES(?)").value();
  const Bytes large(65'536);
  const auto result = insert.run(ByteView(large));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kStorageFull);
}

TEST_F(DatabaseTest, RefusesWhatIsNoDatabase) {
  std::ofstream(folder_ / "store.db") << std::string(4'096, 'x');
  const auto opened = Database::open(folder_ / "store.db", {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kCorruptData);
}

TEST_F(DatabaseTest, RefusesAMissingFileWhenReadOnly) {
  const auto opened = Database::open(folder_ / "absent.db", {.read_only = true});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
}

constexpr std::array<const char*, 2> kSteps = {"CREATE TABLE first(id INTEGER)",
                                               "CREATE TABLE second(id INTEGER)"};
constexpr Schema kSchema{.name = "test", .application_id = 77, .steps = kSteps};
constexpr Schema kOlder{.name = "test", .application_id = 77, .steps = std::span(kSteps).first(1)};

TEST_F(DatabaseTest, MigratesStepByStep) {
  Database database = open();
  ASSERT_TRUE(migrate(database, kOlder));
  EXPECT_FALSE(check_version(database, kSchema));
  ASSERT_TRUE(migrate(database, kSchema));
  ASSERT_TRUE(migrate(database, kSchema)) << "again changes nothing";
  EXPECT_TRUE(check_version(database, kSchema));
  EXPECT_EQ(database.query_number("SELECT count(*) FROM second"), 0);
}

TEST_F(DatabaseTest, RefusesNewerAndForeignFiles) {
  Database database = open();
  ASSERT_TRUE(migrate(database, kSchema));
  EXPECT_EQ(migrate(database, kOlder).error().code, ErrorCode::kUnsupported);
  constexpr Schema kForeign{.name = "other", .application_id = 78, .steps = kSteps};
  EXPECT_EQ(migrate(database, kForeign).error().code, ErrorCode::kCorruptData);
}

}  // namespace
}  // namespace crossline::sqlite
