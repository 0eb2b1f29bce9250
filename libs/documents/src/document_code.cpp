#include "document_code.hpp"

#include <algorithm>
#include <array>

namespace crossline::documents {
namespace {

// Organisations whose travel document is a laissez-passer, whatever its second letter.
constexpr std::array<std::string_view, 11> kOrganisations{"EUE", "UNA", "UNO", "XBA", "XCC", "XCE",
                                                          "XCO", "XEC", "XES", "XMP", "XPO"};

char second_of(std::string_view code) {
  return code.size() > 1 ? code[1] : '\0';
}

DocumentKind kind_of_book(char second, std::string_view issuer) {
  switch (second) {
    case 'D':
      return DocumentKind::kDiplomaticPassport;
    case 'O':
      return DocumentKind::kOfficialPassport;
    case 'E':
    case 'U':
      return DocumentKind::kEmergencyTravelDocument;
    case 'R':
      return DocumentKind::kRefugeeTravelDocument;
    case 'S':
      return DocumentKind::kStatelessTravelDocument;
    case 'L':
      return DocumentKind::kLaissezPasser;
    case 'T':  // alien's and other travel documents
    case 'M':
      return DocumentKind::kOther;
    case 'N':  // the Russian internal passport is an identity document at home
      if (issuer == "RUS") return DocumentKind::kIdCard;
      [[fallthrough]];
    default:
      return std::ranges::binary_search(kOrganisations, issuer) ? DocumentKind::kLaissezPasser
                                                                : DocumentKind::kPassport;
  }
}

DocumentKind kind_of_card(char first, char second, std::string_view issuer) {
  const bool american_permit = first == 'C' && (second == '1' || second == '2') && issuer == "USA";
  const bool german_permit = first == 'A' && second == 'T' && issuer == "D";
  if (second == 'R' || american_permit || german_permit) return DocumentKind::kResidencePermit;
  return first == 'I' ? DocumentKind::kIdCard : DocumentKind::kOther;
}

}  // namespace

DocumentKind kind_of(std::string_view code, std::string_view issuer) {
  if (code.empty()) return DocumentKind::kOther;
  switch (code.front()) {
    case 'V':
      return DocumentKind::kVisa;
    case 'P':
      return kind_of_book(second_of(code), issuer);
    case 'A':
    case 'C':
    case 'I':
      return kind_of_card(code.front(), second_of(code), issuer);
    default:
      return DocumentKind::kOther;
  }
}

bool is_usual_code(MrzFormat format, std::string_view code) {
  constexpr std::string_view kPassportSeconds = "PEDORTSLM";
  if (code.empty()) return false;
  const char second = second_of(code);
  switch (format) {
    case MrzFormat::kTd3:
      return code[0] == 'P' && (second == '\0' || kPassportSeconds.find(second) != std::string_view::npos);
    case MrzFormat::kTd2:
      if (code == "PU") return true;
      [[fallthrough]];
    case MrzFormat::kTd1:
      return (code[0] == 'A' || code[0] == 'C' || code[0] == 'I') && second != 'V' && code != "AI";
    case MrzFormat::kMrvA:
    case MrzFormat::kMrvB:
      return code[0] == 'V';
    case MrzFormat::kFrenchId:
      return code == "ID";
  }
  return false;
}

}  // namespace crossline::documents
