// What every AccountStore keeps to, run on the one on disk and the one in memory.
#include "crossline/accounts/account_store.hpp"

#include "crossline/accounts/sqlite_accounts.hpp"
#include "tests/support/server/memory_accounts.hpp"

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace crossline::accounts {
namespace {

using std::filesystem::path;

class Folder {
 public:
  Folder() : path_(::testing::TempDir() + "accounts-XXXXXX") {
    std::string name = path_.string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] path file() const { return path_ / "accounts.db"; }

 private:
  path path_;
};

std::unique_ptr<AccountStore> open_sqlite(const path& file) {
  auto store = SqliteAccounts::open(file);
  EXPECT_TRUE(store) << store.error().to_string();
  return *std::move(store);
}
std::unique_ptr<AccountStore> open_memory(const path&) {
  return std::make_unique<testing::MemoryAccounts>();
}

Account account(std::string name) {
  return {.name = std::move(name),
          .party = Party::kB,
          .role = Role::kSupervisor,
          .language = "ru",
          .password_hash = "$argon2id$...",
          .disabled = false,
          .created_at = {1'000},
          .password_set_at = {2'000}};
}

Session session(std::uint8_t token, std::string of, std::int64_t used_at_ms) {
  Session session{{}, std::move(of), {used_at_ms}, {used_at_ms}};
  session.token_hash.bytes.fill(token);
  return session;
}

using Open = std::unique_ptr<AccountStore> (*)(const path&);

class AccountStoreContract : public ::testing::TestWithParam<Open> {
 protected:
  Folder folder_;
  std::unique_ptr<AccountStore> store_ = GetParam()(folder_.file());
};

INSTANTIATE_TEST_SUITE_P(Stores, AccountStoreContract, ::testing::Values(&open_sqlite, &open_memory),
                         [](const auto& store) { return store.param == &open_sqlite ? "Sqlite" : "Memory"; });

TEST_P(AccountStoreContract, FindsWhatWasAdded) {
  ASSERT_TRUE(store_->add(account("b.supervisor")));
  EXPECT_EQ(**store_->find("b.supervisor"), account("b.supervisor"));
  EXPECT_EQ(*store_->find("b.superviso"), std::nullopt);
  EXPECT_EQ(*store_->find(""), std::nullopt);
}

TEST_P(AccountStoreContract, NeverGivesANameTwice) {
  Account disabled = account("b.supervisor");
  disabled.disabled = true;
  ASSERT_TRUE(store_->add(disabled));
  const auto again = store_->add(account("b.supervisor"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
  EXPECT_TRUE((*store_->find("b.supervisor"))->disabled);
}

TEST_P(AccountStoreContract, ListsByName) {
  for (const char* name : {"cc", "aa", "bb"}) ASSERT_TRUE(store_->add(account(name)));
  const auto all = store_->list();
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ(all->at(0).name, "aa");
  EXPECT_EQ(all->at(2).name, "cc");
}

TEST_P(AccountStoreContract, UpdatesAnAccountAndEndsItsSessions) {
  ASSERT_TRUE(store_->add(account("aa")));
  ASSERT_TRUE(store_->add(account("bb")));
  ASSERT_TRUE(store_->add_session(session(1, "aa", 10), 8));
  ASSERT_TRUE(store_->add_session(session(2, "bb", 10), 8));
  Account changed = account("aa");
  changed.role = Role::kAuditor;
  changed.disabled = true;
  ASSERT_TRUE(store_->update(changed));
  EXPECT_EQ(**store_->find("aa"), changed);
  EXPECT_EQ(*store_->find_session(session(1, "", 0).token_hash), std::nullopt);
  EXPECT_NE(*store_->find_session(session(2, "", 0).token_hash), std::nullopt);
}

TEST_P(AccountStoreContract, UpdatesOnlyWhatThereIs) {
  const auto updated = store_->update(account("aa"));
  ASSERT_FALSE(updated);
  EXPECT_EQ(updated.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(*store_->find("aa"), std::nullopt);
}

TEST_P(AccountStoreContract, KeepsSessionsUntilTheyEnd) {
  ASSERT_TRUE(store_->add(account("aa")));
  const Session kept = session(7, "aa", 10);
  ASSERT_TRUE(store_->add_session(kept, 8));
  EXPECT_EQ(**store_->find_session(kept.token_hash), kept);
  ASSERT_TRUE(store_->touch_session(kept.token_hash, {20}));
  EXPECT_EQ((*store_->find_session(kept.token_hash))->used_at, UtcMillis{20});
  ASSERT_TRUE(store_->end_session(kept.token_hash));
  EXPECT_EQ(*store_->find_session(kept.token_hash), std::nullopt);
  EXPECT_TRUE(store_->end_session(kept.token_hash));
  EXPECT_TRUE(store_->touch_session(kept.token_hash, {30}));
  EXPECT_EQ(*store_->find_session(kept.token_hash), std::nullopt);
}

TEST_P(AccountStoreContract, RefusesSessionsOfNobodyAndTheSameTokenTwice) {
  EXPECT_EQ(store_->add_session(session(1, "aa", 10), 8).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(store_->add(account("aa")));
  ASSERT_TRUE(store_->add_session(session(1, "aa", 10), 8));
  EXPECT_EQ(store_->add_session(session(1, "aa", 20), 8).error().code, ErrorCode::kConflict);
}

TEST_P(AccountStoreContract, LetsTheLeastRecentlyUsedSessionGiveWay) {
  ASSERT_TRUE(store_->add(account("aa")));
  ASSERT_TRUE(store_->add(account("bb")));
  ASSERT_TRUE(store_->add_session(session(9, "bb", 1), 2));
  ASSERT_TRUE(store_->add_session(session(1, "aa", 10), 2));
  ASSERT_TRUE(store_->add_session(session(2, "aa", 20), 2));
  ASSERT_TRUE(store_->touch_session(session(1, "", 0).token_hash, {30}));
  ASSERT_TRUE(store_->add_session(session(3, "aa", 40), 2));
  EXPECT_NE(*store_->find_session(session(1, "", 0).token_hash), std::nullopt);
  EXPECT_EQ(*store_->find_session(session(2, "", 0).token_hash), std::nullopt);
  EXPECT_NE(*store_->find_session(session(9, "", 0).token_hash), std::nullopt);
}

TEST_P(AccountStoreContract, EndsSessionsThatStartedOrWereUsedTooLongAgo) {
  ASSERT_TRUE(store_->add(account("aa")));
  for (std::uint8_t token = 1; token <= 3; ++token) {
    ASSERT_TRUE(store_->add_session(session(token, "aa", 10 * token), 8));
  }
  ASSERT_TRUE(store_->touch_session(session(1, "", 0).token_hash, {100}));
  EXPECT_EQ(*store_->end_sessions_before({15}, {0}), 1u);
  EXPECT_EQ(*store_->end_sessions_before({0}, {30}), 1u);
  EXPECT_NE(*store_->find_session(session(3, "", 0).token_hash), std::nullopt);
}

TEST(SqliteAccounts, RemembersAcrossOpenings) {
  const Folder folder;
  ASSERT_TRUE(open_sqlite(folder.file())->add(account("aa")));
  EXPECT_EQ(**open_sqlite(folder.file())->find("aa"), account("aa"));
}

TEST(SqliteAccounts, SeesWhatAnotherConnectionChanged) {
  const Folder folder;
  const auto server = open_sqlite(folder.file());
  const auto command_line = open_sqlite(folder.file());
  ASSERT_TRUE(command_line->add(account("aa")));
  EXPECT_EQ(**server->find("aa"), account("aa"));
}

TEST(SqliteAccounts, AreReadableByTheirOwnerAlone) {
  const Folder folder;
  const auto store = open_sqlite(folder.file());
  ASSERT_TRUE(store->add(account("aa")));
  using std::filesystem::perms;
  for (const auto& entry : std::filesystem::directory_iterator(folder.file().parent_path())) {
    EXPECT_EQ(entry.status().permissions(), perms::owner_read | perms::owner_write) << entry.path();
  }
}

}  // namespace
}  // namespace crossline::accounts
