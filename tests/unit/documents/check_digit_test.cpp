#include "crossline/documents/check_digit.hpp"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace crossline::documents {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";

TEST(CheckDigit, HasTheValuesOfTheStandardsExamples) {
  EXPECT_EQ(check_digit("520727"), '3');
  EXPECT_EQ(check_digit("AB2134<<<"), '5');
  EXPECT_EQ(check_digit("L898902C3"), '6');
  EXPECT_EQ(check_digit("D23145890734"), '9');
  EXPECT_EQ(check_digit("740812"), '2');
  EXPECT_EQ(check_digit("<<<<<<"), '0');
  EXPECT_EQ(check_digit(""), '0');
}

TEST(CheckDigit, IsNothingWhereACharacterIsNotOfTheZone) {
  EXPECT_EQ(check_digit("74?812"), std::nullopt);
  EXPECT_EQ(check_digit("74 812"), std::nullopt);
  EXPECT_EQ(check_digit("l898902c3"), std::nullopt);
}

TEST(CheckDigit, CarriesItsWeightsOnFromPieceToPiece) {
  EXPECT_EQ(CheckDigitSum().add("D2").add("").add("3145890").add("734").digit(), '9');
}

TEST(CheckDigit, MissesASubstitutionExactlyWithinABlindClass) {
  const std::string text = "L898902C3";
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : kAlphabet) {
      std::string changed = text;
      changed[i] = c;
      EXPECT_EQ(check_digit(changed) == check_digit(text), in_one_blind_class(c, text[i])) << changed;
    }
  }
}

TEST(CheckDigit, BlindClassesAreTheTenOfTheDocumentation) {
  const std::array<std::string_view, 10> classes{"0AKU<", "1BLV", "2CMW", "3DNX", "4EOY",
                                                 "5FPZ",  "6GQ",  "7HR",  "8IS",  "9JT"};
  const auto class_of = [&](char c) {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (classes[i].find(c) != std::string_view::npos) return i;
    }
    return classes.size();
  };
  for (const char a : kAlphabet) {
    for (const char b : kAlphabet) EXPECT_EQ(in_one_blind_class(a, b), class_of(a) == class_of(b)) << a << b;
  }
}

}  // namespace
}  // namespace crossline::documents
