#include "crossline/sqlite/checkpointer.hpp"

#include "crossline/base/bytes.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>

namespace crossline::sqlite {
namespace {

constexpr std::uintmax_t kPageBytes = 4'096;

class CheckpointerTest : public ::testing::Test {
 protected:
  CheckpointerTest() : writer_(Database::open(path_, {.checkpoint_pages = 0}).value()) {
    EXPECT_TRUE(writer_.execute("CREATE TABLE item(id INTEGER PRIMARY KEY, data BLOB)"));
  }

  // One commit of about `pages` pages.
  void commit(int pages) {
    const std::string insert = fmt::format("INSERT INTO item(data) VALUES(zeroblob({}))", pages * 4'000);
    ASSERT_TRUE(writer_.execute(insert.c_str()));
  }
  [[nodiscard]] std::uintmax_t file_pages() const { return std::filesystem::file_size(path_) / kPageBytes; }
  [[nodiscard]] std::uintmax_t log_pages() const {
    return std::filesystem::file_size(path_.string() + "-wal") / kPageBytes;
  }
  // Whether the file has got at least `pages` within a long while.
  [[nodiscard]] bool file_reaches(std::uintmax_t pages) const {
    for (int i = 0; i < 2'000 && file_pages() < pages; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return file_pages() >= pages;
  }

  // Grows each time the log begins anew (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
  [[nodiscard]] std::uint32_t log_sequence() const {
    std::ifstream log(path_.string() + "-wal", std::ios::binary);
    std::array<char, 16> header{};
    EXPECT_TRUE(log.read(header.data(), header.size()));
    return load_u32_be(as_bytes(std::string_view(header.data() + 12, 4)).data());
  }

  testing::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "store.db";
  Database writer_;
};

TEST_F(CheckpointerTest, MovesTheLogWhileTheWriterGoesOn) {
  const auto checkpointer = Checkpointer::start(path_, writer_).value();
  commit(Checkpointer::kPages / 2);
  const std::uintmax_t before = file_pages();
  EXPECT_LT(before, 100u) << "a log below the limit stays where it is";
  commit(Checkpointer::kPages);
  EXPECT_TRUE(file_reaches(static_cast<std::uintmax_t>(Checkpointer::kPages)));
  EXPECT_EQ(writer_.query_number("SELECT count(*) FROM item"), 2);
}

TEST_F(CheckpointerTest, TheLogBeginsAnewHoweverFastCommitsCome) {
  const auto checkpointer = Checkpointer::start(path_, writer_).value();
  constexpr int kCommit = 400;
  for (int pages = 0; pages < 6 * Checkpointer::kMostPages; pages += kCommit) {
    commit(kCommit);
    // What is committed while the other thread still moves comes on top.
    ASSERT_LE(log_pages(), static_cast<std::uintmax_t>(3 * Checkpointer::kMostPages));
  }
}

TEST_F(CheckpointerTest, ASmallRestIsMovedByACommitSoThatTheLogBeginsAnew) {
  const auto checkpointer = Checkpointer::start(path_, writer_).value();
  const std::uint32_t before = log_sequence();
  commit(Checkpointer::kPages);
  for (int i = 0; i < 2'000 && log_sequence() == before; ++i) {
    commit(1);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_GT(log_sequence(), before);
  EXPECT_LT(log_pages(), static_cast<std::uintmax_t>(Checkpointer::kMostPages));
}

TEST_F(CheckpointerTest, LeavesTheWriterAloneAfterItsEnd) {
  {
    const auto checkpointer = Checkpointer::start(path_, writer_).value();
  }
  commit(2 * Checkpointer::kPages);
  EXPECT_EQ(writer_.query_number("SELECT count(*) FROM item"), 1);
}

TEST_F(CheckpointerTest, AReaderThatLooksAtAnOldStateKeepsNobody) {
  const auto checkpointer = Checkpointer::start(path_, writer_).value();
  commit(1);
  Database reader = Database::open(path_, {.read_only = true}).value();
  ASSERT_TRUE(reader.execute("BEGIN"));
  EXPECT_EQ(reader.query_number("SELECT count(*) FROM item"), 1);
  for (int i = 0; i < 8; ++i) commit(Checkpointer::kPages);
  EXPECT_EQ(reader.query_number("SELECT count(*) FROM item"), 1) << "it sees what it began with";
  ASSERT_TRUE(reader.execute("COMMIT"));
  EXPECT_EQ(reader.query_number("SELECT count(*) FROM item"), 9);
}

}  // namespace
}  // namespace crossline::sqlite
