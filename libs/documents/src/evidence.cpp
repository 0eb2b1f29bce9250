#include "evidence.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/documents/check_digit.hpp"
#include "field_check.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace crossline::documents {
namespace {

constexpr std::size_t kSameLetters = 4;  // no name repeats a letter that often: fillers were misread

std::string_view label_of(FieldName field) {
  switch (field) {
    case FieldName::kZone:
      return "zone";
    case FieldName::kDocumentCode:
      return "document code";
    case FieldName::kIssuer:
      return "issuer";
    case FieldName::kName:
      return "name";
    case FieldName::kNumber:
      return "document number";
    case FieldName::kNationality:
      return "nationality";
    case FieldName::kBirthDate:
      return "birth date";
    case FieldName::kSex:
      return "sex";
    case FieldName::kExpiryDate:
      return "expiry date";
    case FieldName::kOptional:
      return "optional data";
    case FieldName::kOptional2:
      return "optional data of the second line";
    case FieldName::kGivenName:
      return "given names";
    case FieldName::kComposite:
      return "whole zone";
  }
  CROSSLINE_ASSERT(false);
}

// The length of the field from its first to its last character, a long document number included.
std::size_t written_length(const ZoneLayout& layout, const FieldLayout& field, std::string_view text) {
  if (field.field != FieldName::kNumber || layout.format != MrzFormat::kTd1) return field.length;
  const auto number = long_number(layout, text);
  return number ? field.length + 1 + number->rest.size() : field.length;
}

std::string written(const ZoneLayout& layout, const FieldLayout& field, std::string_view zone) {
  std::string value(zone.substr(field.offset, written_length(layout, field, zone)));
  if (field.field == FieldName::kNumber && layout.format == MrzFormat::kTd2) {
    if (const auto number = long_number(layout, zone)) value.append(1, kFiller).append(number->rest);
  }
  std::erase(value, kNotDelivered);
  return value;
}

bool has_misread_fillers(std::string_view name) {
  for (std::size_t i = 0; i + kSameLetters <= name.size(); ++i) {
    if (name[i] != kFiller &&
        name.substr(i, kSameLetters).find_first_not_of(name[i]) == std::string_view::npos)
      return true;
  }
  return false;
}

bool contains(const std::vector<FieldName>& fields, FieldName field) {
  return std::ranges::find(fields, field) != fields.end();
}

bool was_repaired(const Reading& reading, FieldName field) {
  return std::ranges::find(reading.repairs, field, &Repair::field) != reading.repairs.end();
}

FieldStatus status_of(const Reading& reading, const FieldLayout& field, const FieldCheck& check) {
  if (contains(reading.missing, field.field)) return FieldStatus::kMissing;
  if (contains(reading.ambiguous, field.field)) return FieldStatus::kAmbiguous;
  if (check.status != FieldStatus::kOk) return check.status;
  if (field.alphabet == Alphabet::kNameLetters && has_misread_fillers(field.of(reading.text)))
    return FieldStatus::kLayoutError;
  return was_repaired(reading, field.field) ? FieldStatus::kRepaired : FieldStatus::kOk;
}

FieldEvidence evidence_for(const Reading& reading, const FieldLayout& field) {
  const ZoneLayout& layout = *reading.layout;
  const FieldCheck check = check_field(layout, reading.text, field);
  return {.field = field.field,
          .position = layout.position(field.offset, written_length(layout, field, reading.text)),
          .raw = written(layout, field, reading.as_read),
          .value = written(layout, field, reading.text),
          .status = status_of(reading, field, check),
          .digit_read = check.digit_read,
          .digit_computed = check.digit_computed};
}

FieldEvidence composite_evidence(const Reading& reading) {
  const ZoneLayout& layout = *reading.layout;
  const FieldCheck check = check_composite(layout, reading.text);
  FieldEvidence evidence{.field = FieldName::kComposite,
                         .position = layout.position(layout.composite_offset, 1),
                         .raw = std::string(1, reading.as_read[layout.composite_offset]),
                         .value = std::string(1, reading.text[layout.composite_offset]),
                         .status = check.status,
                         .digit_read = check.digit_read,
                         .digit_computed = check.digit_computed};
  std::erase(evidence.raw, kNotDelivered);
  if (check.status == FieldStatus::kOk && was_repaired(reading, FieldName::kComposite)) {
    evidence.status = FieldStatus::kRepaired;
  }
  return evidence;
}

std::string place_of(const Position& position) {
  if (position.first == position.last)
    return fmt::format("line {}, column {}", position.line, position.first);
  return fmt::format("line {}, columns {} to {}", position.line, position.first, position.last);
}

std::string digit_message(const FieldEvidence& evidence) {
  const std::string_view computed =
      evidence.digit_computed ? std::string_view(&*evidence.digit_computed, 1) : std::string_view("nothing");
  const std::string which = evidence.field == FieldName::kComposite
                                ? std::string("composite check digit")
                                : fmt::format("check digit of the {}", label_of(evidence.field));
  return fmt::format("{}: read {}, computed {}", which, evidence.digit_read.value_or(kUnknownCharacter),
                     computed);
}

std::string layout_message(const FieldEvidence& evidence) {
  if (evidence.field == FieldName::kZone) {
    return fmt::format(
        "every filler '<' arrives as '{}': set the layout of the keyboard or of the reader right",
        evidence.raw);
  }
  return fmt::format("{}: one letter is repeated where fillers belong, scan again ({})",
                     label_of(evidence.field), place_of(evidence.position));
}

}  // namespace

std::vector<FieldEvidence> evidence_of(const Reading& reading, const Zone& zone, bool frame_checksum_wrong) {
  std::vector<FieldEvidence> fields;
  fields.reserve(reading.layout->fields.size() + 1);
  if (zone.filler_arrives_as) {
    FieldEvidence& garbled = fields.emplace_back();
    garbled.raw = *zone.filler_arrives_as;
    garbled.value = kFiller;
    garbled.status = FieldStatus::kLayoutError;
  }
  if (frame_checksum_wrong) fields.emplace_back().status = FieldStatus::kUnreadable;
  for (const FieldLayout& field : reading.layout->fields) fields.push_back(evidence_for(reading, field));
  if (reading.layout->has_composite()) fields.push_back(composite_evidence(reading));
  return fields;
}

std::string message_of(const FieldEvidence& evidence) {
  const std::string_view label = label_of(evidence.field);
  const std::string place = place_of(evidence.position);
  switch (evidence.status) {
    case FieldStatus::kOk:
      return fmt::format("{}: in order", label);
    case FieldStatus::kRepaired:
      return fmt::format("{}: read {}, taken for {}: compare with the document ({})", label, evidence.raw,
                         evidence.value, place);
    case FieldStatus::kMissing:
      if (evidence.raw.find_first_not_of(kFiller) == std::string::npos)
        return fmt::format("{}: blank ({})", label, place);
      return fmt::format("{}: the line lacks a character, scan again ({})", label, place);
    case FieldStatus::kAmbiguous:
      return fmt::format(
          "{}: read {}, and several readings satisfy the check digits: type what the document says ({})",
          label, evidence.raw, place);
    case FieldStatus::kWrongCheckDigit:
      return digit_message(evidence);
    case FieldStatus::kImpossibleDate:
      return fmt::format("{}: {} is no calendar date ({})", label, evidence.value, place);
    case FieldStatus::kUnreadable:
      if (evidence.field == FieldName::kZone)
        return "the reader's frame contradicts its check byte, scan again";
      return fmt::format("{}: {} cannot be read ({})", label, evidence.raw, place);
    case FieldStatus::kLayoutError:
      return layout_message(evidence);
  }
  CROSSLINE_ASSERT(false);
}

}  // namespace crossline::documents
