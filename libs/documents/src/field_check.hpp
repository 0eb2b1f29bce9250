// Judges one field of a full-length zone as it stands: alphabet, check digit, calendar.
#pragma once

#include "layout.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace crossline::documents {

struct FieldCheck {
  FieldStatus status =
      FieldStatus::kOk;  // kOk, kMissing (blank), kWrongCheckDigit, kImpossibleDate, kUnreadable
  std::optional<char> digit_read;
  std::optional<char> digit_computed;
};

[[nodiscard]] FieldCheck check_field(const ZoneLayout& layout, std::string_view zone,
                                     const FieldLayout& field);
// Only for formats that have a composite.
[[nodiscard]] FieldCheck check_composite(const ZoneLayout& layout, std::string_view zone);

// A document number that does not fit its nine positions goes on in the optional data: a filler stands for
// the check digit, then come the rest, the digit and a filler (Doc 9303-5 section 4.2.4, Doc 9303-6).
struct LongNumber {
  std::string_view principal;  // nine characters
  std::string_view rest;       // at least one
  char digit;
  NumberSpelling spelling;  // kLong when the digit is wrong either way
};
[[nodiscard]] std::optional<LongNumber> long_number(const ZoneLayout& layout, std::string_view zone);

// Russian internal passports spell Cyrillic letters with digits in the name.
[[nodiscard]] bool has_cyrillic_digits(std::string_view zone);

// The parts of a YYMMDD that are known, in the years 2000 to 2099; nothing when it can be no date.
struct ShortDate {
  std::optional<int> year_of_century;
  std::optional<unsigned> month;
  std::optional<unsigned> day;
};
[[nodiscard]] std::optional<ShortDate> parse_yymmdd(std::string_view text);

}  // namespace crossline::documents
