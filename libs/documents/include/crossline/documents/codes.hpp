// Codes of states, organisations and special nationalities as a document prints them (ICAO Doc 9303-3
// section 5: ISO 3166-1 alpha-3 with changes).
#pragma once

#include <cstdint>
#include <string_view>

namespace crossline::documents {

enum class CodeStatus : std::uint8_t {
  kAssigned,      // an ISO 3166-1 alpha-3 code that ICAO uses
  kIcaoSpecial,   // D, GBD, RKS, UNO, XOM, XXA, UTO and the like, and the deprecated ANT and NTZ
  kUserAssigned,  // ISO's private ranges AAA-AAZ, QMA-QZZ, XAA-XZZ, ZZA-ZZZ where ICAO has not assigned
  kUnknown,
};

// `code` is one to three upper-case letters without fillers. A document with an unknown code is read
// all the same; the reader adds a warning with the code as printed.
[[nodiscard]] CodeStatus code_status(std::string_view code);
[[nodiscard]] std::string_view name_of(CodeStatus status);

}  // namespace crossline::documents
