// Characters that optical readers take for one another.
#pragma once

#include "crossline/documents/check_digit.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace crossline::documents {

// Where only a letter or only a digit may stand, the class decides: 0 is O there, and O is 0.
inline constexpr std::array<std::pair<char, char>, 6> kDigitAndLetter{
    {{'0', 'O'}, {'1', 'I'}, {'2', 'Z'}, {'5', 'S'}, {'6', 'G'}, {'8', 'B'}}};

[[nodiscard]] constexpr std::optional<char> letter_like(char digit) {
  for (const auto& [number, letter] : kDigitAndLetter) {
    if (number == digit) return letter;
  }
  return std::nullopt;
}
[[nodiscard]] constexpr std::optional<char> digit_like(char letter) {
  for (const auto& [number, other] : kDigitAndLetter) {
    if (other == letter) return number;
  }
  return std::nullopt;
}

// Where both may stand, arithmetic decides, and only between characters that it can tell apart: 6 and G,
// 1 and L, 0 and U are of one blind class and must not be listed here. The table is short on purpose: each
// further pair makes more damaged numbers come out as another number with a right digit.
inline constexpr std::array<std::pair<char, char>, 5> kLookAlikes{
    {{'0', 'O'}, {'1', 'I'}, {'2', 'Z'}, {'5', 'S'}, {'8', 'B'}}};
static_assert(std::ranges::none_of(kLookAlikes,
                                   [](auto pair) { return in_one_blind_class(pair.first, pair.second); }));

}  // namespace crossline::documents
