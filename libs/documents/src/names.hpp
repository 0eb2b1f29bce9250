// Names as the zone spells them (Doc 9303-3 section 4.6).
#pragma once

#include <string>
#include <string_view>

namespace crossline::documents {

struct Names {
  std::string primary;  // components separated by one space
  std::string secondary;
};

// Splits a name field at its first two fillers side by side; a field that begins with them has no primary.
[[nodiscard]] Names split_names(std::string_view field);
// Components of a field that holds one identifier.
[[nodiscard]] std::string join_components(std::string_view field);

// The Cyrillic spelling, in UTF-8, of a name on a Russian internal passport, where digits and some letters
// stand for what Latin lacks: "SERGEQ" is СЕРГЕЙ.
[[nodiscard]] std::string cyrillic_from_digits(std::string_view name);

}  // namespace crossline::documents
