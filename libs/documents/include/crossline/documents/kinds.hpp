// Closed vocabularies of a machine readable zone. Every name_of() is stable: it is used in JSON, in events
// and in the procedure language.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace crossline::documents {

// "td1", "td2", "td3", "mrv_a", "mrv_b", "french_id"
enum class MrzFormat : std::uint8_t { kTd1, kTd2, kTd3, kMrvA, kMrvB, kFrenchId };

// What the document is, decided by its code ("passport", "id_card", "residence_permit", ...).
enum class DocumentKind : std::uint8_t {
  kPassport,
  kIdCard,
  kResidencePermit,
  kVisa,
  kLaissezPasser,
  kRefugeeTravelDocument,
  kStatelessTravelDocument,
  kEmergencyTravelDocument,
  kDiplomaticPassport,
  kOfficialPassport,
  kOther,
};

// "female", "male", "unspecified"
enum class Sex : std::uint8_t { kFemale, kMale, kUnspecified };

// How a document number of more than nine characters had its check digit computed.
enum class NumberSpelling : std::uint8_t {
  kPlain,              // nine positions and their digit
  kLong,               // continued in the optional data, the filler not counted: Doc 9303-5 section 4.2.4
  kLongFillerCounted,  // continued, the filler counted as a position: older Belgian and Portuguese cards
  kLongEither,         // continued, and both ways give the printed digit
};

enum class FieldName : std::uint8_t {
  kZone,  // the zone as a whole: framing, keyboard layout
  kDocumentCode,
  kIssuer,
  kName,
  kNumber,
  kNationality,
  kBirthDate,
  kSex,
  kExpiryDate,
  kOptional,   // TD1 and TD2 optional data (TD1: first line), TD3 personal number, French ID office
  kOptional2,  // TD1 optional data of the second line
  kGivenName,  // French ID: given names have their own field
  kComposite,  // the check digit over all the others
};

enum class FieldStatus : std::uint8_t {
  kOk,
  kRepaired,         // changed to the one reading that its rule allows: to be confirmed by eye
  kMissing,          // a character of the line was not delivered, and which is not certain
  kAmbiguous,        // several repairs satisfy every digit: the officer must read it
  kWrongCheckDigit,  // the digit says something else
  kImpossibleDate,   // no such calendar date
  kUnreadable,       // characters that the field cannot hold
  kLayoutError,      // the reader's or keyboard's layout garbles characters
};

enum class WarningCode : std::uint8_t {
  kUnknownCode,          // issuer or nationality is in no list
  kUserAssignedCode,     // issuer or nationality from ISO's private ranges
  kUnusualDocumentCode,  // the document code is none that Doc 9303 gives for this format
  kCenturyAmbiguous,     // the birth date fits two centuries of one lifetime
  kNamesTruncated,       // the name field is full: it must be treated as cut off
  kNamesCyrillicDigits,  // Russian internal passport: digits and Q stand for Cyrillic letters
  kSexNotInStandard,     // X, which only the visual zone may hold
  kLongNumberFillerCounted,
  kFillerAsCheckDigit,  // a filler for the digit of a blank field
  kLowerCase,           // delivered in lower case: caps lock
};

[[nodiscard]] std::string_view name_of(MrzFormat format);
[[nodiscard]] std::string_view name_of(DocumentKind kind);
[[nodiscard]] std::string_view name_of(Sex sex);
[[nodiscard]] std::string_view name_of(NumberSpelling spelling);
[[nodiscard]] std::string_view name_of(FieldName field);
[[nodiscard]] std::string_view name_of(FieldStatus status);
[[nodiscard]] std::string_view name_of(WarningCode code);

[[nodiscard]] std::optional<DocumentKind> document_kind_from(std::string_view name);
[[nodiscard]] std::optional<Sex> sex_from(std::string_view name);

}  // namespace crossline::documents
