#include "crossline/zones/system_zones.hpp"

#include <gtest/gtest.h>

namespace crossline::zones {
namespace {

constexpr std::int64_t kStart_s = 1'767'225'600;  // 2026-01-01T00:00:00Z
constexpr std::int64_t kEnd_s = 1'798'761'600;    // 2027-01-01T00:00:00Z

TEST(SystemZones, KnowsAZoneWithoutSummerTime) {
  const auto offsets = SystemZones().offsets("Asia/Baku", kStart_s, kEnd_s);
  ASSERT_TRUE(offsets) << offsets.error().message;
  EXPECT_EQ(offsets->changes(), (std::vector<procedure::ZoneOffset>{{kStart_s, 4 * 3600}}));
}

TEST(SystemZones, KnowsBothChangesOfASummer) {
  const auto offsets = SystemZones().offsets("Europe/Kyiv", kStart_s, kEnd_s);
  if (!offsets && offsets.error().code == ErrorCode::kNotFound) {
    GTEST_SKIP() << offsets.error().message;
  }
  ASSERT_TRUE(offsets) << offsets.error().message;
  EXPECT_EQ(offsets->changes(), (std::vector<procedure::ZoneOffset>{
                                    {kStart_s, 7200}, {1'774'746'000, 10800}, {1'792'890'000, 7200}}));
}

TEST(SystemZones, NamesTheNearestZone) {
  const auto offsets = SystemZones().offsets("Asia/Bakku", kStart_s, kEnd_s);
  ASSERT_FALSE(offsets);
  EXPECT_EQ(offsets.error().code, ErrorCode::kNotFound);
  EXPECT_NE(offsets.error().message.find("Asia/Baku"), std::string::npos);
}

}  // namespace
}  // namespace crossline::zones
