// The shape of a load: a day of a table of real crossings.
#include "tools/load/volumes.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::tools {
namespace {

constexpr std::string_view kHead = "Total,Date,Control Point,Arrival / Departure\n";

std::string table(std::string_view rows) {
  return std::string(kHead).append(rows);
}

TEST(Volumes, TakesTheBusiestDayWhenNoneIsNamed) {
  const auto rows =
      read_volumes(table("10,01-01-2021,Bridge,Arrival\r\n"
                         "20,02-01-2021,Bridge,Arrival\r\n"
                         "5,02-01-2021,Valley,Departure\r\n"));
  ASSERT_TRUE(rows) << rows.error().message;
  const auto busiest = rows_of_day(*rows, "");
  ASSERT_TRUE(busiest);
  ASSERT_EQ(busiest->size(), 2u);
  EXPECT_EQ(busiest->front().total, 20u);
  EXPECT_FALSE(busiest->back().arrival);
  const auto named = rows_of_day(*rows, "01-01-2021");
  ASSERT_TRUE(named);
  EXPECT_EQ(named->size(), 1u);
}

TEST(Volumes, ReadsBehindAByteOrderMark) {
  EXPECT_TRUE(
      read_volumes("\xEF\xBB\xBF"
                   "Date,Control Point,Arrival / Departure,Total\n"
                   "01-01-2021,Bridge,Arrival,10\n"));
}

TEST(Volumes, NamesTheLineThatIsWrong) {
  EXPECT_EQ(read_volumes("Date,Total\n").error().message, "line 1: there is no column 'Control Point'");
  for (const auto& [row, words] :
       {std::pair<std::string_view, std::string_view>{"10,01-01-2021,Bridge\n", "line 2: 3 columns"},
        {"10,01-01-2021,Bridge,Away\n", "line 2: neither Arrival nor Departure"},
        {"ten,01-01-2021,Bridge,Arrival\n", "line 2: the total"},
        {"-1,01-01-2021,Bridge,Arrival\n", "line 2: the total"}}) {
    const auto read = read_volumes(table(row));
    ASSERT_FALSE(read) << row;
    EXPECT_TRUE(read.error().message.starts_with(words)) << read.error().message;
  }
}

TEST(Volumes, HasNoShapeWhereNobodyCrossed) {
  const auto rows = read_volumes(table("0,01-01-2021,Bridge,Arrival\n"));
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows_of_day(*rows, "").error().message, "nobody crossed on 01-01-2021");
  EXPECT_EQ(rows_of_day(*rows, "03-01-2021").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(rows_of_day({}, "").error().message, "the file holds no day");
}

}  // namespace
}  // namespace crossline::tools
