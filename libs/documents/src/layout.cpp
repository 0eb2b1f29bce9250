#include "layout.hpp"

#include "crossline/base/assert.hpp"

#include <algorithm>
#include <array>

namespace crossline::documents {
namespace {

using enum FieldName;
using enum Alphabet;

constexpr std::array kTd1Fields{
    FieldLayout{kDocumentCode, kCode, 0, 2},        FieldLayout{kIssuer, kLetters, 2, 3},
    FieldLayout{kNumber, kAlphanumeric, 5, 9, 14},  FieldLayout{kOptional, kAlphanumeric, 15, 15},
    FieldLayout{kBirthDate, kDate, 30, 6, 36},      FieldLayout{kSex, kSexLetter, 37, 1},
    FieldLayout{kExpiryDate, kDate, 38, 6, 44},     FieldLayout{kNationality, kLetters, 45, 3},
    FieldLayout{kOptional2, kAlphanumeric, 48, 11}, FieldLayout{kName, kNameLetters, 60, 30}};
constexpr std::array kTd1Composite{Piece{5, 25}, Piece{30, 7}, Piece{38, 7}, Piece{48, 11}};

// The second line of every two-line format but the French begins alike.
template <std::size_t kWidth, std::size_t kOptionalLength, std::size_t kOptionalDigit>
constexpr std::array kTwoLineFields{
    FieldLayout{kDocumentCode, kCode, 0, 2},
    FieldLayout{kIssuer, kLetters, 2, 3},
    FieldLayout{kName, kNameLetters, 5, kWidth - 5},
    FieldLayout{kNumber, kAlphanumeric, kWidth, 9, kWidth + 9},
    FieldLayout{kNationality, kLetters, kWidth + 10, 3},
    FieldLayout{kBirthDate, kDate, kWidth + 13, 6, kWidth + 19},
    FieldLayout{kSex, kSexLetter, kWidth + 20, 1},
    FieldLayout{kExpiryDate, kDate, kWidth + 21, 6, kWidth + 27},
    FieldLayout{kOptional, kAlphanumeric, kWidth + 28, kOptionalLength, kOptionalDigit}};
constexpr std::array kTd2Composite{Piece{36, 10}, Piece{49, 7}, Piece{57, 14}};
constexpr std::array kTd3Composite{Piece{44, 10}, Piece{57, 7}, Piece{65, 22}};

constexpr std::array kFrenchFields{
    FieldLayout{kDocumentCode, kCode, 0, 2},         FieldLayout{kIssuer, kLetters, 2, 3},
    FieldLayout{kName, kNameLetters, 5, 25},         FieldLayout{kOptional, kAlphanumeric, 30, 6},
    FieldLayout{kNumber, kAlphanumeric, 36, 12, 48}, FieldLayout{kGivenName, Alphabet::kNameLetters, 49, 14},
    FieldLayout{kBirthDate, kDate, 63, 6, 69},       FieldLayout{kSex, kSexLetter, 70, 1}};
constexpr std::array kFrenchComposite{Piece{0, 71}};

constexpr std::array kLayouts{
    ZoneLayout{MrzFormat::kTd1, 3, 30, kTd1Fields, kTd1Composite, 59},
    ZoneLayout{MrzFormat::kTd2, 2, 36, kTwoLineFields<36, 7, kNoDigit>, kTd2Composite, 71},
    ZoneLayout{MrzFormat::kTd3, 2, 44, kTwoLineFields<44, 14, 86>, kTd3Composite, 87},
    ZoneLayout{MrzFormat::kMrvA, 2, 44, kTwoLineFields<44, 16, kNoDigit>, {}, kNoDigit},
    ZoneLayout{MrzFormat::kMrvB, 2, 36, kTwoLineFields<36, 8, kNoDigit>, {}, kNoDigit},
    ZoneLayout{MrzFormat::kFrenchId, 2, 36, kFrenchFields, kFrenchComposite, 71}};

bool covers(std::size_t offset, std::size_t length, std::size_t place) {
  return place >= offset && place < offset + length;
}

}  // namespace

const FieldLayout* ZoneLayout::find(FieldName field) const {
  const auto found = std::ranges::find(fields, field, &FieldLayout::field);
  return found == fields.end() ? nullptr : &*found;
}

FieldName ZoneLayout::field_at(std::size_t offset) const {
  for (const FieldLayout& field : fields) {
    if (covers(field.offset, field.length, offset) || field.digit_offset == offset) return field.field;
  }
  CROSSLINE_ASSERT(offset == composite_offset);
  return kComposite;
}

bool ZoneLayout::is_checked(std::size_t offset) const {
  return is_digit_place(offset) || std::ranges::any_of(fields, [&](const FieldLayout& field) {
           return field.digit_offset != kNoDigit && covers(field.offset, field.length, offset);
         });
}

bool ZoneLayout::is_digit_place(std::size_t offset) const {
  return offset == composite_offset ||
         std::ranges::any_of(fields, [&](const FieldLayout& field) { return field.digit_offset == offset; });
}

Position ZoneLayout::position(std::size_t offset, std::size_t length) const {
  const std::size_t column = offset % width;
  return {.line = static_cast<int>(offset / width) + 1,
          .first = static_cast<int>(column) + 1,
          .last = static_cast<int>(column + length)};
}

const ZoneLayout& layout_of(MrzFormat format) {
  const auto found = std::ranges::find(kLayouts, format, &ZoneLayout::format);
  CROSSLINE_ASSERT(found != kLayouts.end());
  return *found;
}

}  // namespace crossline::documents
