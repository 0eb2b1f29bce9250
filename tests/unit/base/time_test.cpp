#include "crossline/base/time.hpp"

#include <gtest/gtest.h>

namespace crossline {
namespace {

TEST(FormatUtc, WritesRfc3339) {
  EXPECT_EQ(format_utc({0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_utc({1'790'841'600'000}), "2026-10-01T08:00:00Z");
  EXPECT_EQ(format_utc({1'790'841'600'250}), "2026-10-01T08:00:00.250Z");
  EXPECT_EQ(format_utc({951'782'399'999}), "2000-02-28T23:59:59.999Z");
  EXPECT_EQ(format_utc({951'782'400'000}), "2000-02-29T00:00:00Z");
}

TEST(FormatUtc, WritesInstantsBefore1970) {
  EXPECT_EQ(format_utc({-1}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_utc({-1'000}), "1969-12-31T23:59:59Z");
}

TEST(UtcMillis, OrdersAndMoves) {
  EXPECT_LT(UtcMillis{1}, UtcMillis{2});
  EXPECT_EQ(UtcMillis{5}.plus(-7), UtcMillis{-2});
}

}  // namespace
}  // namespace crossline
