#include "crossline/base/text.hpp"

#include <array>

#include <gtest/gtest.h>

namespace crossline {
namespace {

TEST(Split, KeepsEmptyPieces) {
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
  EXPECT_EQ(split("a", ','), (std::vector<std::string_view>{"a"}));
  EXPECT_EQ(split(",a,,b,", ','), (std::vector<std::string_view>{"", "a", "", "b", ""}));
}

TEST(ParseU64, ReadsDecimalNumbers) {
  EXPECT_EQ(parse_u64("0"), 0u);
  EXPECT_EQ(parse_u64("20852163"), 20852163u);
  EXPECT_EQ(parse_u64("18446744073709551615"), 18446744073709551615u);
}

TEST(ParseU64, RefusesEverythingElse) {
  for (const std::string_view text :
       {"", "-1", "+1", "00", "01", " 1", "1 ", "1.0", "1e3", "0x1", "a", "18446744073709551616",
        "99999999999999999999", "184467440737095516150"}) {
    EXPECT_EQ(parse_u64(text), std::nullopt) << text;
  }
}

TEST(Utf8, AcceptsTheFirstAndLastCodePointOfEachLength) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {""sv, "\0"sv, "\x7f"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv,
                                      "\xef\xbf\xbf"sv, "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv,
                                      "\xed\x9f\xbf"sv, "\xee\x80\x80"sv, "Հայ Ərazi Граница"sv}) {
    EXPECT_TRUE(is_utf8(text)) << testing::PrintToString(std::string(text));
  }
}

// After Markus Kuhn's list of what a decoder must refuse.
TEST(Utf8, RefusesMalformedSequences) {
  const std::string_view refused[] = {
      "\x80",
      "\xbf",
      "a\x80",  // continuation without a lead
      "\xc2",
      "\xe0\xa0",
      "\xf0\x90\x80",
      "\xc2 ",
      "\xe0\xa0 ",  // cut short
      "\xc0\x80",
      "\xc1\xbf",
      "\xe0\x80\x80",
      "\xe0\x9f\xbf",
      "\xf0\x80\x80\x80",
      "\xf0\x8f\xbf\xbf",  // overlong
      "\xed\xa0\x80",
      "\xed\xbf\xbf",
      "\xed\xa0\x80\xed\xb0\x80",  // surrogates
      "\xf4\x90\x80\x80",
      "\xf5\x80\x80\x80",
      "\xf8\x88\x80\x80\x80",
      "\xfe",
      "\xff",  // beyond U+10FFFF
  };
  for (const std::string_view text : refused)
    EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(std::string(text));
}

constexpr std::array<std::string_view, 5> kKnown = {"category", "direction", "checkpoint", "age_under",
                                                    "on_list"};

TEST(NearestName, FindsASlipOfTheFinger) {
  EXPECT_EQ(nearest_name("catgory", kKnown), "category");
  EXPECT_EQ(nearest_name("diretcion", kKnown), "direction");
  EXPECT_EQ(nearest_name("onlist", kKnown), "on_list");
  EXPECT_EQ(nearest_name("on_list", kKnown), "on_list");
}

TEST(NearestName, CountsTwoSwappedLettersOnce) {
  constexpr std::array<std::string_view, 2> kShort = {"mrz", "pki"};
  EXPECT_EQ(nearest_name("mzr", kShort), "mrz");
  EXPECT_EQ(nearest_name("pik", kShort), "pki");
  EXPECT_EQ(nearest_name("zrm", kShort), std::nullopt);
}

TEST(NearestName, FindsNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("weapons", kKnown), std::nullopt);
  EXPECT_EQ(nearest_name("", kKnown), std::nullopt);
  EXPECT_EQ(nearest_name("category", {}), std::nullopt);
  EXPECT_EQ(nearest_name(std::string(10'000, 'c'), kKnown), std::nullopt);
}

TEST(NearestName, PrefersTheFirstOfEquallyNearNames) {
  constexpr std::array<std::string_view, 2> kPair = {"abcx", "abcy"};
  EXPECT_EQ(nearest_name("abcz", kPair), "abcx");
}

}  // namespace
}  // namespace crossline
