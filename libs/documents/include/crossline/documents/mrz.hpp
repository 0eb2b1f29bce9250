// Reads the machine readable zone of a travel document (ICAO Doc 9303 parts 3 to 8, and the old French
// identity card), with evidence for every field of what was read, what was expected and what failed.
//
// Pure: no clock, no I/O, no shared state; every function may be called from any thread. Values hold
// personal data: never log an Mrz, a field or one of its messages.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/documents/dates.hpp"
#include "crossline/documents/kinds.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::documents {

struct ReadOptions {
  CivilDate today;       // decides the centuries
  bool repair = true;    // try look-alike repair and missing characters; without it values are as read
  std::string prefix{};  // what this reader puts before and after a scan, removed when present
  std::string suffix{};
};

// Where a field stands: line from 1, columns from 1 to `last` inclusive, as Doc 9303 prints them.
struct Position {
  int line = 0;
  int first = 0;
  int last = 0;

  friend bool operator==(const Position&, const Position&) = default;
};

// What one field says for itself.
struct FieldEvidence {
  FieldName field = FieldName::kZone;
  Position position;  // of the value; its check digit stands behind it
  std::string raw;    // the characters as read, fillers and all
  std::string value;  // what they are taken for; differs from `raw` after a repair
  FieldStatus status = FieldStatus::kOk;
  std::optional<char> digit_read;      // the check digit as printed, for fields that have one
  std::optional<char> digit_computed;  // what the value as read asks for; nothing if it cannot be computed

  friend bool operator==(const FieldEvidence&, const FieldEvidence&) = default;
};
// One sentence for the officer: "check digit of the document number: read 7, computed 6".
[[nodiscard]] std::string message_of(const FieldEvidence& evidence);

// One character changed (or supplied: `read` is 0) by repair.
struct Repair {
  FieldName field = FieldName::kZone;
  int line = 0;
  int column = 0;
  char read = 0;
  char taken = 0;

  friend bool operator==(const Repair&, const Repair&) = default;
};

struct Warning {
  WarningCode code = WarningCode::kUnknownCode;
  FieldName field = FieldName::kZone;
  std::string text;  // for the officer, with the raw text it is about
};

struct MrzDate {
  std::string raw;                           // YYMMDD, '<' where unknown
  PartialDate date;                          // the likelier century; empty when unknown or impossible
  std::optional<PartialDate> other_century;  // birth dates only: a second reading within one lifetime
};

struct Mrz {
  MrzFormat format = MrzFormat::kTd3;
  std::string document_code;  // without fillers: "P", "PD", "ID", "V"
  DocumentKind kind = DocumentKind::kOther;
  std::string issuer;  // without fillers: "D", "UTO"
  std::string number;  // without trailing fillers
  NumberSpelling number_spelling = NumberSpelling::kPlain;
  std::string primary_names;           // components separated by one space
  std::string secondary_names;         // may be empty
  std::string primary_names_cyrillic;  // UTF-8, Russian internal passports only
  std::string secondary_names_cyrillic;
  bool names_truncated = false;
  std::string nationality;
  Sex sex = Sex::kUnspecified;
  MrzDate birth;
  MrzDate expiry;         // blank for documents without end, and for the French card, which prints none
  std::string optional;   // without trailing fillers and without the rest of a long document number
  std::string optional2;  // TD1 only
  std::vector<std::string> lines;     // the zone, repaired
  std::vector<FieldEvidence> fields;  // in the order of the format, the composite last
  std::vector<Repair> repairs;
  std::vector<Warning> warnings;

  // Every field is in order as read. Only such a document may be admitted without a look.
  [[nodiscard]] bool valid() const;
  // Not valid as read, but repairs put every field in order: to be shown as repaired and confirmed by eye.
  [[nodiscard]] bool repaired() const;
  // The evidence of one field; nothing when the format has no such field.
  [[nodiscard]] const FieldEvidence* find(FieldName field) const;
};

// Takes one delivery of a reader, with whatever framing (see framing.hpp). kMalformed when it is no zone at
// all: the message tells lines and lengths and never the content, so it may be logged.
Result<Mrz> read_mrz(std::string_view scan, const ReadOptions& options);

// The normalised key of a document from which pseudonyms are made: "<issuer>|<class>|<number>" in upper case
// without fillers or blanks, where class is one of P (passports and other travel documents in book or
// sheet form), I (cards and permits), V (visas). Equal for the zone and for a clerk's entry by hand.
[[nodiscard]] std::string document_key(const Mrz& mrz);
[[nodiscard]] std::string document_key(std::string_view issuer, DocumentKind kind, std::string_view number);

}  // namespace crossline::documents
