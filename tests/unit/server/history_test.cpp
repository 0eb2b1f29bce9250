#include "crossline/server/history.hpp"

#include "tests/support/server/server_core.hpp"

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

using movement::Direction;
using testing::passing;
using testing::ServerCore;
using testing::SigningAgent;
using testing::traveller;

class HistoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    SigningAgent a = testing::bridge_a();
    for (std::uint32_t i = 0; i < 12; ++i) {
      a.record(passing(traveller(i % 3), i % 2 == 0 ? Direction::kExit : Direction::kEntry),
               server.clock.now());
    }
    server.submit_new(a);
    newest = std::get<Reports>(server.ask(Inquiry{{traveller(1)}})).subjects[0].last_entry.value();
  }
  ServerCore server;
  LedgerIndex newest;
};

TEST_F(HistoryTest, WalksTheChainNewestFirst) {
  const HistoryPage page = history(server.ledger, traveller(1), newest, 100).value();
  ASSERT_EQ(page.records.size(), 4u);
  EXPECT_FALSE(page.next.has_value());
  for (const HistoryRecord& record : page.records) EXPECT_EQ(subject_of(record.event), traveller(1));
  for (std::size_t i = 1; i < page.records.size(); ++i)
    EXPECT_LT(page.records[i].index, page.records[i - 1].index);
}

TEST_F(HistoryTest, GoesOnWhereThePageEnded) {
  const HistoryPage first = history(server.ledger, traveller(1), newest, 3).value();
  ASSERT_EQ(first.records.size(), 3u);
  ASSERT_TRUE(first.next.has_value());
  const HistoryPage second = history(server.ledger, traveller(1), *first.next, 3).value();
  EXPECT_EQ(second.records.size(), 1u);
  EXPECT_FALSE(second.next.has_value());
}

TEST_F(HistoryTest, RefusesToStartAtSomebodyElse) {
  EXPECT_EQ(history(server.ledger, traveller(2), newest, 3).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(history(server.ledger, traveller(1), LedgerIndex(0), 3).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(history(server.ledger, traveller(1), LedgerIndex(999), 3).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace crossline::server
