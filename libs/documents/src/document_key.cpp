#include "crossline/base/assert.hpp"
#include "crossline/documents/check_digit.hpp"
#include "crossline/documents/mrz.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace crossline::documents {
namespace {

char class_of(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::kIdCard:
    case DocumentKind::kResidencePermit:
      return 'I';
    case DocumentKind::kVisa:
      return 'V';
    case DocumentKind::kOther:
      return 'O';
    case DocumentKind::kPassport:
    case DocumentKind::kLaissezPasser:
    case DocumentKind::kRefugeeTravelDocument:
    case DocumentKind::kStatelessTravelDocument:
    case DocumentKind::kEmergencyTravelDocument:
    case DocumentKind::kDiplomaticPassport:
    case DocumentKind::kOfficialPassport:
      return 'P';
  }
  CROSSLINE_ASSERT(false);
}

// Letters in upper case and digits; everything else is dropped.
std::string normalised(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (is_mrz_letter(upper) || is_mrz_digit(upper)) out += upper;
  }
  return out;
}

}  // namespace

std::string document_key(std::string_view issuer, DocumentKind kind, std::string_view number) {
  std::string code = normalised(issuer);
  if (code == "DEU") code = "D";  // what a clerk types for what the document prints
  return fmt::format("{}|{}|{}", code, class_of(kind), normalised(number));
}

std::string document_key(const Mrz& mrz) {
  return document_key(mrz.issuer, mrz.kind, mrz.number);
}

}  // namespace crossline::documents
