// What a letter outside A to Z becomes in the zone.
#pragma once

#include "crossline/documents/transliteration.hpp"

#include <optional>
#include <string_view>

namespace crossline::documents {

// The spellings allowed for an upper-case letter, the recommended one first, separated by '|'; empty for what
// is not written at all. Nothing for a letter in no table. `initial`: the letter begins a component.
//
// Beyond the standard: U+0403 and U+040B, where its table prints other glyphs (U+0492, U+04BA); the Romanian
// letters with comma below; the Azerbaijani schwa; Armenian after BGN/PCGN 1981.
[[nodiscard]] std::optional<std::string_view> spellings_of(char32_t letter, Language language, bool initial);

// Of the letters in the tables; any other character is returned as it is.
[[nodiscard]] char32_t to_upper(char32_t c);

}  // namespace crossline::documents
