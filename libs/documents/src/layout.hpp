// Where the fields of each format stand (Doc 9303 parts 4 to 7; the old French card after its decree).
// The zone is held as one string, line after line, and a place is an offset into it from 0.
#pragma once

#include "crossline/documents/kinds.hpp"
#include "crossline/documents/mrz.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace crossline::documents {

// What a field may hold, the filler always included.
enum class Alphabet : std::uint8_t {
  kCode,          // a letter, then anything
  kLetters,       // issuer, nationality
  kNameLetters,   // letters; on Russian internal passports digits as well
  kSexLetter,     // F, M, X
  kDate,          // digits
  kAlphanumeric,  // numbers and optional data
};

inline constexpr std::size_t kNoDigit = SIZE_MAX;

struct FieldLayout {
  FieldName field;
  Alphabet alphabet;
  std::size_t offset;
  std::size_t length;
  std::size_t digit_offset = kNoDigit;

  [[nodiscard]] std::string_view of(std::string_view zone) const { return zone.substr(offset, length); }
};

struct Piece {
  std::size_t offset;
  std::size_t length;
};

struct ZoneLayout {
  MrzFormat format;
  std::size_t lines;
  std::size_t width;
  std::span<const FieldLayout> fields;
  std::span<const Piece> composite;  // empty: the format has no composite
  std::size_t composite_offset = kNoDigit;

  [[nodiscard]] std::size_t size() const { return lines * width; }
  [[nodiscard]] bool has_composite() const { return composite_offset != kNoDigit; }
  // The field's layout, or null when the format has no such field.
  [[nodiscard]] const FieldLayout* find(FieldName field) const;
  // The field whose value or check digit stands at `offset`; kComposite for the last digit.
  [[nodiscard]] FieldName field_at(std::size_t offset) const;
  // Whether a check digit other than the composite covers `offset`, or any check digit stands there.
  [[nodiscard]] bool is_checked(std::size_t offset) const;
  [[nodiscard]] bool is_digit_place(std::size_t offset) const;
  [[nodiscard]] Position position(std::size_t offset, std::size_t length) const;
};

[[nodiscard]] const ZoneLayout& layout_of(MrzFormat format);

}  // namespace crossline::documents
