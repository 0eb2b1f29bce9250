// What every ViewStore keeps to, run on the one on disk and the one in memory.
#include "crossline/server/ports.hpp"
#include "crossline/server/sqlite_views.hpp"
#include "tests/support/server/memory_view_store.hpp"
#include "tests/support/store_disk.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

ViewRow row(ViewKind kind, std::string key, std::optional<std::string> value) {
  return {kind, std::move(key), std::move(value)};
}

class ViewStoreContract : public ::testing::TestWithParam<testing::MakeDisk<ViewStore>> {
 protected:
  ViewStore& store() { return disk_->store(); }
  void restart() { disk_->restart(); }
  std::vector<ViewRow> rows() {
    std::vector<ViewRow> all;
    const auto loaded = store().load([&all](const ViewRow& one) {
      all.push_back(one);
      return Result<void>();
    });
    EXPECT_TRUE(loaded);
    return all;
  }
  std::unique_ptr<testing::StoreDisk<ViewStore>> disk_ = GetParam()();
};

TEST_P(ViewStoreContract, IsEmptyWhenNew) {
  EXPECT_EQ(store().position().value(), LedgerIndex(0));
  EXPECT_TRUE(rows().empty());
}

TEST_P(ViewStoreContract, GivesBackEveryRowByKindAndKey) {
  const std::string zero("\0k", 2);
  ASSERT_TRUE(store().save(
      LedgerIndex(7),
      std::array{row(ViewKind::kCell, "b", "2"), row(ViewKind::kSubject, zero, std::string("\0", 1)),
                 row(ViewKind::kCell, "a", ""), row(ViewKind::kEdition, "", "e")}));
  restart();
  EXPECT_EQ(store().position().value(), LedgerIndex(7));
  EXPECT_EQ(rows(),
            (std::vector{row(ViewKind::kSubject, zero, std::string("\0", 1)), row(ViewKind::kCell, "a", ""),
                         row(ViewKind::kCell, "b", "2"), row(ViewKind::kEdition, "", "e")}));
}

TEST_P(ViewStoreContract, ReplacesAndRemoves) {
  ASSERT_TRUE(store().save(LedgerIndex(1),
                           std::array{row(ViewKind::kCell, "a", "1"), row(ViewKind::kArticle, "a", "1")}));
  ASSERT_TRUE(store().save(
      LedgerIndex(2), std::array{row(ViewKind::kCell, "a", "2"), row(ViewKind::kArticle, "a", std::nullopt),
                                 row(ViewKind::kArticle, "never there", std::nullopt)}));
  restart();
  EXPECT_EQ(rows(), (std::vector{row(ViewKind::kCell, "a", "2")}));
  ASSERT_TRUE(store().save(LedgerIndex(3), {})) << "the position moves without a row";
  EXPECT_EQ(store().position().value(), LedgerIndex(3));
}

TEST_P(ViewStoreContract, StopsAtAReaderThatFails) {
  ASSERT_TRUE(store().save(LedgerIndex(1),
                           std::array{row(ViewKind::kCell, "a", "1"), row(ViewKind::kCell, "b", "1")}));
  int taken = 0;
  const auto loaded = store().load([&taken](const ViewRow&) -> Result<void> {
    ++taken;
    return fail(ErrorCode::kCorruptData, "no such row");
  });
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::kCorruptData);
  EXPECT_EQ(taken, 1);
}

TEST_P(ViewStoreContract, ForgetsEverything) {
  ASSERT_TRUE(store().save(LedgerIndex(9), std::array{row(ViewKind::kCell, "a", "1")}));
  ASSERT_TRUE(store().clear());
  restart();
  EXPECT_EQ(store().position().value(), LedgerIndex(0));
  EXPECT_TRUE(rows().empty());
  ASSERT_TRUE(store().save(LedgerIndex(1), std::array{row(ViewKind::kCell, "a", "1")}));
  EXPECT_EQ(rows().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Stores, ViewStoreContract,
                         ::testing::Values(&testing::disk_of_files<ViewStore, SqliteViews>,
                                           &testing::disk_in_memory<ViewStore, testing::MemoryViewStore>),
                         [](const auto& one) { return one.index == 0 ? "Sqlite" : "Memory"; });

// On disk alone: views can be folded again, so a file that cannot be read is no reason not to start.
TEST(SqliteViewsOnly, ReplacesADamagedFile) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder / "views.db")
      << "this is no database, whatever its name says; long enough to be read as a header";
  const auto opened = SqliteViews::open(folder / "views.db");
  ASSERT_TRUE(opened) << opened.error().to_string();
  EXPECT_EQ((*opened)->position().value(), LedgerIndex(0));
}

}  // namespace
}  // namespace crossline::server
