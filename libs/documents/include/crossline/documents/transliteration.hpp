// Names in the letters of the zone (Doc 9303-3 sections 4.6 and 6).
#pragma once

#include "crossline/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::documents {

// The language of a name where the standard makes a difference; all others are kOther.
enum class Language : std::uint8_t { kOther, kBelarusian, kBulgarian, kMacedonian, kSerbian, kUkrainian };

// A name in UTF-8, Latin, Cyrillic, Arabic or Armenian, as the zone spells it: A to Z, components separated
// by one blank. An apostrophe vanishes and joins; a hyphen, a comma and a blank separate; other punctuation
// vanishes. kMalformed when it is not UTF-8, kUnsupported for a letter of no table (the message names the
// code point).
//
// A proposal: what the document prints, or the clerk types, counts.
Result<std::string> transliterate(std::string_view name, Language language = Language::kOther);

// Every spelling the tables allow (Ä is AE or A), the recommended one first, at most limits::kMaxSpellings of
// them: for comparing with names on lists.
Result<std::vector<std::string>> spellings(std::string_view name, Language language = Language::kOther);

// The name field of a zone, `width` characters with fillers. Names too long are cut so that every component
// keeps at least its first letter and the last position holds one, which marks the name as cut (section 4.6).
// Components as transliterate() gives them.
[[nodiscard]] std::string name_field(std::string_view primary, std::string_view secondary, std::size_t width);

}  // namespace crossline::documents
