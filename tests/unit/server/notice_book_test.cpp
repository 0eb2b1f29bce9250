#include "crossline/server/notice_book.hpp"

#include "tests/support/server/signing_agent.hpp"

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

using movement::NoticeStep;
using testing::traveller;

class NoticeBookTest : public ::testing::Test {
 protected:
  bool take(std::uint32_t number, NoticeStep step, const char* party) {
    ++next_;
    const movement::NoticeAct act{traveller(number), step, party, "list of 1 October"};
    return book.take(act, UtcMillis{1'000 * static_cast<std::int64_t>(next_)}, LedgerIndex(next_));
  }
  NoticeBook book;

 private:
  std::uint64_t next_ = 0;
};

TEST_F(NoticeBookTest, KeepsTheEntryOfEachStep) {
  EXPECT_TRUE(take(1, NoticeStep::kGiven, "A"));
  EXPECT_TRUE(take(1, NoticeStep::kObjected, "B"));
  EXPECT_TRUE(take(1, NoticeStep::kRejected, "G"));
  EXPECT_TRUE(take(1, NoticeStep::kApproved, "G"));
  const StandingNotice* notice = book.find(traveller(1));
  ASSERT_NE(notice, nullptr);
  EXPECT_EQ(notice->given, LedgerIndex(1));
  EXPECT_EQ(notice->objected, LedgerIndex(2));
  EXPECT_EQ(notice->ruled, LedgerIndex(4)) << "the last ruling counts";
  EXPECT_EQ(notice->state.party, 'A');
  EXPECT_EQ(notice->state.ruled_at, UtcMillis{4'000});
}

TEST_F(NoticeBookTest, LeavesOutWhatIsNotThePartysToTake) {
  EXPECT_FALSE(take(1, NoticeStep::kObjected, "B")) << "nobody gave notice";
  EXPECT_TRUE(take(1, NoticeStep::kGiven, "A"));
  EXPECT_FALSE(take(1, NoticeStep::kApproved, "A"));
  EXPECT_FALSE(take(1, NoticeStep::kWithdrawn, "B"));
  EXPECT_EQ(book.find(traveller(1))->ruled, std::nullopt);
}

TEST_F(NoticeBookTest, ForgetsWhatWasWithdrawnAndBeginsAnew) {
  take(1, NoticeStep::kGiven, "A");
  take(1, NoticeStep::kObjected, "B");
  EXPECT_TRUE(take(1, NoticeStep::kWithdrawn, "A"));
  EXPECT_EQ(book.find(traveller(1)), nullptr);
  EXPECT_EQ(book.size(), 0u);
  take(1, NoticeStep::kGiven, "A");
  take(1, NoticeStep::kObjected, "B");
  EXPECT_TRUE(take(1, NoticeStep::kGiven, "A"));
  EXPECT_EQ(book.find(traveller(1))->objected, std::nullopt);
  EXPECT_EQ(book.size(), 1u);
}

TEST_F(NoticeBookTest, PagesFromTheLastGiven) {
  for (std::uint32_t number = 1; number <= 4; ++number) take(number, NoticeStep::kGiven, "A");
  take(1, NoticeStep::kObjected, "B");
  const auto first = book.page(std::nullopt, 2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].subject, traveller(4)) << "a step does not move a notice";
  const auto rest = book.page(first[1].given, 9);
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].subject, traveller(2));
  EXPECT_EQ(rest[1].subject, traveller(1));
}

}  // namespace
}  // namespace crossline::server
