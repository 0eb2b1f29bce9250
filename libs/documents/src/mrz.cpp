#include "crossline/documents/mrz.hpp"

#include "centuries.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/documents/check_digit.hpp"
#include "crossline/documents/codes.hpp"
#include "crossline/documents/framing.hpp"
#include "document_code.hpp"
#include "evidence.hpp"
#include "field_check.hpp"
#include "names.hpp"
#include "repair.hpp"
#include "zone.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace crossline::documents {
namespace {

std::string without_trailing_fillers(std::string_view field) {
  return std::string(field.substr(0, field.find_last_not_of(kFiller) + 1));
}

// The value of a field in a zone of full length; empty when the format has no such field.
std::string value_of(const Reading& reading, FieldName field) {
  const FieldLayout* layout = reading.layout->find(field);
  return layout == nullptr ? std::string() : std::string(layout->of(reading.text));
}

void read_number(const Reading& reading, Mrz& mrz) {
  mrz.number = without_trailing_fillers(value_of(reading, FieldName::kNumber));
  mrz.optional = without_trailing_fillers(value_of(reading, FieldName::kOptional));
  mrz.optional2 = without_trailing_fillers(value_of(reading, FieldName::kOptional2));
  const auto number = long_number(*reading.layout, reading.text);
  if (!number) return;
  mrz.number = fmt::format("{}{}", number->principal, number->rest);
  mrz.number_spelling = number->spelling;
  mrz.optional.erase(0, number->rest.size() + 1);  // the rest and its digit
  mrz.optional.erase(0, 1);                        // the filler that ends them
  if (number->spelling == NumberSpelling::kLongFillerCounted) {
    mrz.warnings.push_back(
        {WarningCode::kLongNumberFillerCounted, FieldName::kNumber,
         "the check digit of the long document number counts the filler, as older cards do"});
  }
}

void read_names(const Reading& reading, Mrz& mrz) {
  const std::string name = value_of(reading, FieldName::kName);
  const std::string given = value_of(reading, FieldName::kGivenName);
  if (given.empty()) {
    Names names = split_names(name);
    mrz.primary_names = std::move(names.primary);
    mrz.secondary_names = std::move(names.secondary);
  } else {
    mrz.primary_names = join_components(name);
    mrz.secondary_names = join_components(given);
  }
  mrz.names_truncated = name.back() != kFiller || (!given.empty() && given.back() != kFiller);
  if (mrz.names_truncated) {
    mrz.warnings.push_back(
        {WarningCode::kNamesTruncated, FieldName::kName, "the name fills its field: treat it as cut off"});
  }
  if (has_cyrillic_digits(reading.text)) {
    mrz.primary_names_cyrillic = cyrillic_from_digits(mrz.primary_names);
    mrz.secondary_names_cyrillic = cyrillic_from_digits(mrz.secondary_names);
    mrz.warnings.push_back(
        {WarningCode::kNamesCyrillicDigits, FieldName::kName,
         "Russian internal passport: digits and Q in the name stand for Cyrillic letters"});
  }
}

void read_code(FieldName field, std::string_view label, const std::string& code, Mrz& mrz) {
  switch (code_status(code)) {
    case CodeStatus::kAssigned:
    case CodeStatus::kIcaoSpecial:
      return;
    case CodeStatus::kUserAssigned:
      mrz.warnings.push_back({WarningCode::kUserAssignedCode, field,
                              fmt::format("{} {} is a code for private use", label, code)});
      return;
    case CodeStatus::kUnknown:
      mrz.warnings.push_back(
          {WarningCode::kUnknownCode, field, fmt::format("{} {} is in no list of codes", label, code)});
  }
}

void read_sex(const Reading& reading, Mrz& mrz) {
  const std::string sex = value_of(reading, FieldName::kSex);
  if (sex == "F") mrz.sex = Sex::kFemale;
  if (sex == "M") mrz.sex = Sex::kMale;
  if (sex == "X") {
    mrz.warnings.push_back({WarningCode::kSexNotInStandard, FieldName::kSex,
                            "sex X belongs in the visual zone only: taken as unspecified"});
  }
}

void read_dates(const Reading& reading, CivilDate today, Mrz& mrz) {
  mrz.birth = birth_date(value_of(reading, FieldName::kBirthDate), today);
  mrz.expiry = expiry_date(value_of(reading, FieldName::kExpiryDate), today);
  if (mrz.birth.other_century) {
    mrz.warnings.push_back({WarningCode::kCenturyAmbiguous, FieldName::kBirthDate,
                            fmt::format("born {} or {}: compare with the person", to_iso(mrz.birth.date),
                                        to_iso(*mrz.birth.other_century))});
  }
  for (const FieldEvidence& evidence : mrz.fields) {
    const bool date = evidence.field == FieldName::kBirthDate || evidence.field == FieldName::kExpiryDate;
    if (date && evidence.status == FieldStatus::kOk && evidence.digit_read == kFiller) {
      mrz.warnings.push_back({WarningCode::kFillerAsCheckDigit, evidence.field,
                              "a filler stands for the check digit of a blank date"});
    }
  }
}

Mrz interpret(Reading reading, const Zone& zone, bool frame_checksum_wrong, CivilDate today) {
  Mrz mrz;
  mrz.format = reading.layout->format;
  mrz.fields = evidence_of(reading, zone, frame_checksum_wrong);
  mrz.document_code = without_trailing_fillers(value_of(reading, FieldName::kDocumentCode));
  mrz.issuer = without_trailing_fillers(value_of(reading, FieldName::kIssuer));
  mrz.nationality = mrz.format == MrzFormat::kFrenchId
                        ? mrz.issuer  // issued to citizens only
                        : without_trailing_fillers(value_of(reading, FieldName::kNationality));
  mrz.kind = kind_of(mrz.document_code, mrz.issuer);
  if (!is_usual_code(mrz.format, mrz.document_code)) {
    mrz.warnings.push_back(
        {WarningCode::kUnusualDocumentCode, FieldName::kDocumentCode,
         fmt::format("document code {} is unusual for this size of document", mrz.document_code)});
  }
  read_code(FieldName::kIssuer, "issuer", mrz.issuer, mrz);
  if (mrz.format != MrzFormat::kFrenchId)
    read_code(FieldName::kNationality, "nationality", mrz.nationality, mrz);
  read_number(reading, mrz);
  read_names(reading, mrz);
  read_sex(reading, mrz);
  read_dates(reading, today, mrz);
  if (zone.lower_case) {
    mrz.warnings.push_back(
        {WarningCode::kLowerCase, FieldName::kZone, "the reader delivers lower case: is caps lock on?"});
  }
  for (std::size_t line = 0; line < reading.layout->lines; ++line) {
    mrz.lines.push_back(reading.text.substr(line * reading.layout->width, reading.layout->width));
  }
  mrz.repairs = std::move(reading.repairs);
  return mrz;
}

}  // namespace

bool Mrz::valid() const {
  return std::ranges::all_of(fields,
                             [](const FieldEvidence& field) { return field.status == FieldStatus::kOk; });
}

bool Mrz::repaired() const {
  return !valid() && std::ranges::all_of(fields, [](const FieldEvidence& field) {
    return field.status == FieldStatus::kOk || field.status == FieldStatus::kRepaired;
  });
}

const FieldEvidence* Mrz::find(FieldName field) const {
  const auto found = std::ranges::find(fields, field, &FieldEvidence::field);
  return found == fields.end() ? nullptr : &*found;
}

Result<Mrz> read_mrz(std::string_view scan, const ReadOptions& options) {
  if (scan.size() > limits::kMaxScanBytes) {
    return fail(ErrorCode::kMalformed, "not a machine readable zone: {} bytes, at most {} are read",
                scan.size(), limits::kMaxScanBytes);
  }
  const Delivery delivery = unframe(scan, {.prefix = options.prefix, .suffix = options.suffix});
  CROSSLINE_TRY(const Zone zone, assemble(delivery.lines));
  return interpret(options.repair ? repair(zone) : pad(zone), zone, delivery.frame_checksum_wrong,
                   options.today);
}

}  // namespace crossline::documents
