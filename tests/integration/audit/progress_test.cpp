#include "tools/support/progress.hpp"

#include <gtest/gtest.h>

namespace crossline::tools {
namespace {

TEST(ProgressLine, ShowsShareCountRateAndTimeLeft) {
  EXPECT_EQ(progress_line(420'000, 1'000'000, 420'000, 2.0, "entries"),
            " 42%  [##########..............]  420,000 of 1,000,000 entries  210,000/s  3 s left");
}
TEST(ProgressLine, CountsTheRateFromWhereItBegan) {
  EXPECT_EQ(progress_line(900, 1'000, 100, 10.0, "entries"),
            " 90%  [#####################...]  900 of 1,000 entries  10/s  10 s left");
}
TEST(ProgressLine, SaysNoRateBeforeThereIsOne) {
  EXPECT_EQ(progress_line(0, 10, 0, 0.0, "tiles"), "  0%  [........................]  0 of 10 tiles");
}
TEST(ProgressLine, EndsFull) {
  EXPECT_EQ(progress_line(10, 10, 10, 1.0, "tiles"),
            "100%  [########################]  10 of 10 tiles  10/s");
}
TEST(ProgressLine, OfNothingIsDone) {
  EXPECT_EQ(progress_line(0, 0, 0, 1.0, "tiles"), "100%  [########################]  0 of 0 tiles");
}

TEST(Progress, SumsUpWhatWasDoneInWhichTime) {
  EXPECT_EQ(progress_sum(1'000'001, 3.125, "entries"), "1,000,001 entries in 3.1 s, 320,000/s");
  EXPECT_EQ(progress_sum(0, 0.0, "tiles"), "0 tiles in 0.0 s");
}

TEST(Grouped, PutsACommaBeforeEveryThreeDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(12'345'678), "12,345,678");
}

}  // namespace
}  // namespace crossline::tools
