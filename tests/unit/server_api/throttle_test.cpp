#include "crossline/accounts/throttle.hpp"

#include "tests/support/seeded_random.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::accounts {
namespace {

constexpr Throttle::Rate kRate{.burst = 3, .interval_ms = 1'000};

TEST(Throttle, GivesTheBurstThenOneAttemptAnInterval) {
  testing::SeededRandom random(1);
  Throttle throttle(kRate, random);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle.take("a", 5'000), 0u);
  EXPECT_EQ(throttle.take("a", 5'000), 1'000u);
  EXPECT_EQ(throttle.take("a", 5'999), 1u);
  EXPECT_EQ(throttle.take("a", 6'000), 0u);
  EXPECT_EQ(throttle.take("a", 6'000), 1'000u);
}

TEST(Throttle, RefillsUpToTheBurstAndNoFurther) {
  testing::SeededRandom random(1);
  Throttle throttle(kRate, random);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle.take("a", 0), 0u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle.take("a", 1'000'000), 0u);
  EXPECT_NE(throttle.take("a", 1'000'000), 0u);
}

TEST(Throttle, ForgivesOneKeyAndNotAnother) {
  testing::SeededRandom random(1);
  Throttle throttle(kRate, random);
  for (int i = 0; i < 3; ++i) {
    (void)throttle.take("a", 0);
    (void)throttle.take("b", 0);
  }
  throttle.forgive("a");
  EXPECT_EQ(throttle.take("a", 0), 0u);
  EXPECT_NE(throttle.take("b", 0), 0u);
}

TEST(Throttle, IsNotEmptiedByAFloodOfOtherKeys) {
  testing::SeededRandom random(1);
  Throttle throttle(kRate, random);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(throttle.take("a", 0), 0u);
  for (std::size_t i = 0; i < 4 * Throttle::kBuckets; ++i)
    (void)throttle.take("flood" + std::to_string(i), 0);
  EXPECT_NE(throttle.take("a", 0), 0u);
}

}  // namespace
}  // namespace crossline::accounts
