// Check digits of the machine readable zone (ICAO Doc 9303-3 section 4.9): weights 7, 3, 1, modulus 10.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace crossline::documents {

inline constexpr char kFiller = '<';

[[nodiscard]] constexpr bool is_mrz_digit(char c) {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_mrz_letter(char c) {
  return c >= 'A' && c <= 'Z';
}

// What a character counts for: digits 0 to 9, letters A to Z 10 to 35, the filler 0; -1 for any other.
[[nodiscard]] constexpr int mrz_value(char c) {
  if (is_mrz_digit(c)) return c - '0';
  if (is_mrz_letter(c)) return c - 'A' + 10;
  return c == kFiller ? 0 : -1;
}

// Adds up pieces of a zone as one run of characters.
class CheckDigitSum {
 public:
  constexpr CheckDigitSum& add(std::string_view piece) {
    for (const char c : piece) {
      const int value = mrz_value(c);
      readable_ = readable_ && value >= 0;
      sum_ += value * kWeights[position_++ % kWeights.size()];
    }
    return *this;
  }
  // The digit '0' to '9'; nothing when a character was not of the zone.
  [[nodiscard]] constexpr std::optional<char> digit() const {
    if (!readable_) return std::nullopt;
    return static_cast<char>('0' + sum_ % 10);
  }

 private:
  static constexpr std::array<int, 3> kWeights{7, 3, 1};
  int sum_ = 0;
  std::size_t position_ = 0;
  bool readable_ = true;
};

[[nodiscard]] constexpr std::optional<char> check_digit(std::string_view text) {
  return CheckDigitSum().add(text).digit();
}

// Two characters of equal value modulo 10 may be exchanged anywhere and no check digit sees it: the weights
// have no common factor with 10. K and the filler, 0 and A, 8 and S are such pairs; 0 and O, 8 and B are not.
[[nodiscard]] constexpr bool in_one_blind_class(char a, char b) {
  return mrz_value(a) >= 0 && mrz_value(b) >= 0 && mrz_value(a) % 10 == mrz_value(b) % 10;
}

// The anchors of the standard's examples.
static_assert(check_digit("520727") == '3');
static_assert(check_digit("AB2134<<<") == '5');
static_assert(check_digit("L898902C3") == '6');
static_assert(check_digit("D23145890734") == '9');
static_assert(check_digit("740812") == '2');
static_assert(check_digit("<<<<<<") == '0');
static_assert(check_digit("?") == std::nullopt);

}  // namespace crossline::documents
