// From the lines of a delivery to a zone of a known format, before any field is judged.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/documents/framing.hpp"
#include "layout.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace crossline::documents {

inline constexpr char kUnknownCharacter = '?';  // stands for a character that could not be read
inline constexpr char kNotDelivered = '\0';     // stands in the zone as read where a character is missing

// Characters that were not delivered: `count` of them somewhere in [first, last) of the whole zone.
struct Gap {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t count = 0;
};

struct Zone {
  const ZoneLayout* layout = nullptr;
  std::string as_read;    // upper case; shorter than the layout by the sum of the gaps
  std::string text;       // the same with '?' for what is outside the alphabet, fillers restored
  std::vector<Gap> gaps;  // in order
  bool lower_case = false;
  std::optional<char> filler_arrives_as;  // what the keyboard's layout makes of '<'
};

// At most two characters may be missing. kMalformed tells lines and lengths, never content.
Result<Zone> assemble(const std::vector<std::string>& lines);

}  // namespace crossline::documents
