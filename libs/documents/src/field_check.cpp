#include "field_check.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/documents/check_digit.hpp"
#include "zone.hpp"

#include <algorithm>
#include <chrono>

namespace crossline::documents {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kFiller) == std::string_view::npos;
}

bool spelled_in(Alphabet alphabet, std::string_view text, bool digits_in_names) {
  const auto letters = [](char c) { return is_mrz_letter(c) || c == kFiller; };
  const auto any = [](char c) { return mrz_value(c) >= 0; };
  switch (alphabet) {
    case Alphabet::kCode:
      return is_mrz_letter(text.front()) && any(text.back());
    case Alphabet::kLetters:
      return std::ranges::all_of(text, letters);
    case Alphabet::kNameLetters:
      return digits_in_names ? std::ranges::all_of(text, any) : std::ranges::all_of(text, letters);
    case Alphabet::kSexLetter:
      return text == "F" || text == "M" || text == "X" || text == "<";
    case Alphabet::kDate:
      return std::ranges::all_of(text, [](char c) { return is_mrz_digit(c) || c == kFiller; });
    case Alphabet::kAlphanumeric:
      return std::ranges::all_of(text, any);
  }
  CROSSLINE_ASSERT(false);
}

// Whether the field must say something. Sex, dates and optional data may be blank; a name may not.
bool must_be_given(FieldName field) {
  return field == FieldName::kDocumentCode || field == FieldName::kIssuer || field == FieldName::kName ||
         field == FieldName::kNumber || field == FieldName::kNationality;
}

// An unknown part is two fillers; half of a part is no part. Nothing when the text is neither.
template <class Number>
bool parse_part(std::string_view text, std::optional<Number>& part) {
  if (text == "<<") return true;
  if (!is_mrz_digit(text[0]) || !is_mrz_digit(text[1])) return false;
  part = static_cast<Number>((text[0] - '0') * 10 + (text[1] - '0'));
  return true;
}

bool is_possible(FieldName field, std::string_view text) {
  const auto date = parse_yymmdd(text);
  if (!date) return false;
  // Only a birth date may be known in part; an expiry date is whole or blank.
  return field != FieldName::kExpiryDate || is_blank(text) ||
         (date->year_of_century && date->month && date->day);
}

std::optional<char> digit_of(const LongNumber& number, bool filler_counted) {
  return CheckDigitSum().add(number.principal).add(filler_counted ? "<" : "").add(number.rest).digit();
}

// Reads the digit of a field and computes what it should be.
void compare_digit(const ZoneLayout& layout, std::string_view zone, const FieldLayout& field,
                   FieldCheck& check) {
  if (field.field == FieldName::kNumber) {
    if (const auto number = long_number(layout, zone)) {
      check.digit_read = number->digit;
      check.digit_computed = digit_of(*number, number->spelling == NumberSpelling::kLongFillerCounted);
      return;
    }
  }
  check.digit_read = zone[field.digit_offset];
  check.digit_computed = check_digit(field.of(zone));
}

bool digit_holds(const FieldCheck& check, std::string_view value) {
  // Doc 9303-4 allows the filler for a blank personal number; blank dates have it in practice.
  if (check.digit_read == kFiller && is_blank(value)) return true;
  return check.digit_read == check.digit_computed;
}

}  // namespace

FieldCheck check_field(const ZoneLayout& layout, std::string_view zone, const FieldLayout& field) {
  const std::string_view value = field.of(zone);
  FieldCheck check;
  if (field.digit_offset != kNoDigit) compare_digit(layout, zone, field, check);
  if (!spelled_in(field.alphabet, value, has_cyrillic_digits(zone)) ||
      check.digit_read == kUnknownCharacter) {
    check.status = FieldStatus::kUnreadable;
  } else if (field.digit_offset != kNoDigit && !digit_holds(check, value)) {
    check.status = FieldStatus::kWrongCheckDigit;
  } else if (field.alphabet == Alphabet::kDate && !is_possible(field.field, value)) {
    check.status = FieldStatus::kImpossibleDate;
  } else if (must_be_given(field.field) && is_blank(value)) {
    check.status = FieldStatus::kMissing;
  }
  return check;
}

FieldCheck check_composite(const ZoneLayout& layout, std::string_view zone) {
  CROSSLINE_ASSERT(layout.has_composite());
  CheckDigitSum covered;
  for (const Piece& piece : layout.composite) covered.add(zone.substr(piece.offset, piece.length));
  FieldCheck check{.digit_read = zone[layout.composite_offset], .digit_computed = covered.digit()};
  if (check.digit_read == kUnknownCharacter || !check.digit_computed) {
    check.status = FieldStatus::kUnreadable;
  } else if (check.digit_read != check.digit_computed) {
    check.status = FieldStatus::kWrongCheckDigit;
  }
  return check;
}

std::optional<LongNumber> long_number(const ZoneLayout& layout, std::string_view zone) {
  if (layout.format != MrzFormat::kTd1 && layout.format != MrzFormat::kTd2) return std::nullopt;
  const FieldLayout& number = *layout.find(FieldName::kNumber);
  if (zone[number.digit_offset] != kFiller || number.of(zone).find(kFiller) != std::string_view::npos)
    return std::nullopt;
  const std::string_view optional = layout.find(FieldName::kOptional)->of(zone);
  const std::size_t end = optional.find(kFiller);
  if (end == std::string_view::npos || end < 2) return std::nullopt;
  LongNumber found{number.of(zone), optional.substr(0, end - 1), optional[end - 1], NumberSpelling::kLong};
  const bool standard = found.digit == digit_of(found, false);
  const bool filler_counted = found.digit == digit_of(found, true);
  if (filler_counted)
    found.spelling = standard ? NumberSpelling::kLongEither : NumberSpelling::kLongFillerCounted;
  return found;
}

bool has_cyrillic_digits(std::string_view zone) {
  return zone.starts_with("PNRUS");
}

std::optional<ShortDate> parse_yymmdd(std::string_view text) {
  ShortDate date;
  if (text.size() != 6 || !parse_part(text.substr(0, 2), date.year_of_century) ||
      !parse_part(text.substr(2, 2), date.month) || !parse_part(text.substr(4, 2), date.day)) {
    return std::nullopt;
  }
  // Of the years that end in 00 only 2000 can be meant in this century and the last, and it has a 29
  // February.
  const std::chrono::year year(2000 + date.year_of_century.value_or(0));
  const auto written =
      year / std::chrono::month(date.month.value_or(1)) / std::chrono::day(date.day.value_or(1));
  if (!written.ok()) return std::nullopt;
  return date;
}

}  // namespace crossline::documents
