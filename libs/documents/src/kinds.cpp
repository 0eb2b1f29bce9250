#include "crossline/documents/kinds.hpp"

#include "crossline/base/assert.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crossline::documents {
namespace {

template <class Enum>
using Name = std::pair<Enum, std::string_view>;

constexpr std::array kFormats{
    Name<MrzFormat>{MrzFormat::kTd1, "td1"},    Name<MrzFormat>{MrzFormat::kTd2, "td2"},
    Name<MrzFormat>{MrzFormat::kTd3, "td3"},    Name<MrzFormat>{MrzFormat::kMrvA, "mrv_a"},
    Name<MrzFormat>{MrzFormat::kMrvB, "mrv_b"}, Name<MrzFormat>{MrzFormat::kFrenchId, "french_id"}};

constexpr std::array kKinds{
    Name<DocumentKind>{DocumentKind::kPassport, "passport"},
    Name<DocumentKind>{DocumentKind::kIdCard, "id_card"},
    Name<DocumentKind>{DocumentKind::kResidencePermit, "residence_permit"},
    Name<DocumentKind>{DocumentKind::kVisa, "visa"},
    Name<DocumentKind>{DocumentKind::kLaissezPasser, "laissez_passer"},
    Name<DocumentKind>{DocumentKind::kRefugeeTravelDocument, "refugee_travel_document"},
    Name<DocumentKind>{DocumentKind::kStatelessTravelDocument, "stateless_travel_document"},
    Name<DocumentKind>{DocumentKind::kEmergencyTravelDocument, "emergency_travel_document"},
    Name<DocumentKind>{DocumentKind::kDiplomaticPassport, "diplomatic_passport"},
    Name<DocumentKind>{DocumentKind::kOfficialPassport, "official_passport"},
    Name<DocumentKind>{DocumentKind::kOther, "other"}};

constexpr std::array kSexes{Name<Sex>{Sex::kFemale, "female"}, Name<Sex>{Sex::kMale, "male"},
                            Name<Sex>{Sex::kUnspecified, "unspecified"}};

constexpr std::array kSpellings{
    Name<NumberSpelling>{NumberSpelling::kPlain, "plain"},
    Name<NumberSpelling>{NumberSpelling::kLong, "long"},
    Name<NumberSpelling>{NumberSpelling::kLongFillerCounted, "long_filler_counted"},
    Name<NumberSpelling>{NumberSpelling::kLongEither, "long_either"}};

constexpr std::array kFields{Name<FieldName>{FieldName::kZone, "zone"},
                             Name<FieldName>{FieldName::kDocumentCode, "document_code"},
                             Name<FieldName>{FieldName::kIssuer, "issuer"},
                             Name<FieldName>{FieldName::kName, "name"},
                             Name<FieldName>{FieldName::kNumber, "number"},
                             Name<FieldName>{FieldName::kNationality, "nationality"},
                             Name<FieldName>{FieldName::kBirthDate, "birth_date"},
                             Name<FieldName>{FieldName::kSex, "sex"},
                             Name<FieldName>{FieldName::kExpiryDate, "expiry_date"},
                             Name<FieldName>{FieldName::kOptional, "optional"},
                             Name<FieldName>{FieldName::kOptional2, "optional2"},
                             Name<FieldName>{FieldName::kGivenName, "given_name"},
                             Name<FieldName>{FieldName::kComposite, "composite"}};

constexpr std::array kStatuses{Name<FieldStatus>{FieldStatus::kOk, "ok"},
                               Name<FieldStatus>{FieldStatus::kRepaired, "repaired"},
                               Name<FieldStatus>{FieldStatus::kMissing, "missing"},
                               Name<FieldStatus>{FieldStatus::kAmbiguous, "ambiguous"},
                               Name<FieldStatus>{FieldStatus::kWrongCheckDigit, "wrong_check_digit"},
                               Name<FieldStatus>{FieldStatus::kImpossibleDate, "impossible_date"},
                               Name<FieldStatus>{FieldStatus::kUnreadable, "unreadable"},
                               Name<FieldStatus>{FieldStatus::kLayoutError, "layout_error"}};

constexpr std::array kWarnings{
    Name<WarningCode>{WarningCode::kUnknownCode, "unknown_code"},
    Name<WarningCode>{WarningCode::kUserAssignedCode, "user_assigned_code"},
    Name<WarningCode>{WarningCode::kUnusualDocumentCode, "unusual_document_code"},
    Name<WarningCode>{WarningCode::kCenturyAmbiguous, "century_ambiguous"},
    Name<WarningCode>{WarningCode::kNamesTruncated, "names_truncated"},
    Name<WarningCode>{WarningCode::kNamesCyrillicDigits, "names_cyrillic_digits"},
    Name<WarningCode>{WarningCode::kSexNotInStandard, "sex_not_in_standard"},
    Name<WarningCode>{WarningCode::kLongNumberFillerCounted, "long_number_filler_counted"},
    Name<WarningCode>{WarningCode::kFillerAsCheckDigit, "filler_as_check_digit"},
    Name<WarningCode>{WarningCode::kLowerCase, "lower_case"}};

template <class Table, class Enum>
std::string_view look_up(const Table& table, Enum value) {
  const auto found = std::ranges::find(table, value, &Table::value_type::first);
  CROSSLINE_ASSERT(found != table.end());
  return found->second;
}

template <class Enum, std::size_t kSize>
std::optional<Enum> reverse(const std::array<Name<Enum>, kSize>& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Name<Enum>::second);
  if (found == table.end()) return std::nullopt;
  return found->first;
}

}  // namespace

std::string_view name_of(MrzFormat format) {
  return look_up(kFormats, format);
}
std::string_view name_of(DocumentKind kind) {
  return look_up(kKinds, kind);
}
std::string_view name_of(Sex sex) {
  return look_up(kSexes, sex);
}
std::string_view name_of(NumberSpelling spelling) {
  return look_up(kSpellings, spelling);
}
std::string_view name_of(FieldName field) {
  return look_up(kFields, field);
}
std::string_view name_of(FieldStatus status) {
  return look_up(kStatuses, status);
}
std::string_view name_of(WarningCode code) {
  return look_up(kWarnings, code);
}

std::optional<DocumentKind> document_kind_from(std::string_view name) {
  return reverse(kKinds, name);
}
std::optional<Sex> sex_from(std::string_view name) {
  return reverse(kSexes, name);
}

}  // namespace crossline::documents
