// Writes a machine readable zone: the inverse of read_mrz(), for specimens, tests and load.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/documents/kinds.hpp"

#include <string>
#include <string_view>

namespace crossline::documents {

// All text in the alphabet of the zone (A to Z, 0 to 9); names may have blanks between components.
struct MrzFields {
  MrzFormat format = MrzFormat::kTd3;
  std::string document_code = "P";
  std::string issuer{};
  std::string number{};  // longer than nine characters only in TD1 (to 22) and TD2 (to 14)
  NumberSpelling number_spelling = NumberSpelling::kPlain;  // kLongFillerCounted: the older reading
  std::string primary_names{};
  std::string secondary_names{};
  std::string nationality{};
  Sex sex = Sex::kUnspecified;
  std::string birth_yymmdd{};   // '<' for unknown parts; empty: all unknown
  std::string expiry_yymmdd{};  // empty: without end
  std::string optional{};
  std::string optional2{};  // TD1 only
};

// Lines separated by '\n', none at the end. Names too long are cut as name_field() does. kInvalidArgument
// names the field that has a character outside the alphabet or does not fit.
Result<std::string> make_mrz(const MrzFields& fields);

}  // namespace crossline::documents
