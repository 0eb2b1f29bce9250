#include "vocabulary.hpp"

#include "crossline/base/assert.hpp"

#include <algorithm>
#include <array>

namespace crossline::procedure {
namespace {

using enum PredicateKind;

constexpr std::int64_t kMaxDays = 36'500;
constexpr std::int64_t kMaxYears = 150;

constexpr std::array kWords{
    Word{kCategory, "category", Shape::kNames, NameSpace::kCategory},
    Word{kDirection, "direction", Shape::kNames, NameSpace::kDirection},
    Word{kCheckpoint, "checkpoint", Shape::kNames, NameSpace::kCheckpoint},
    Word{kTowardSide, "toward_side", Shape::kNames, NameSpace::kSide},
    Word{kSideOfResidence, "side_of_residence", Shape::kNames, NameSpace::kSide},
    Word{kDocumentKind, "document_kind", Shape::kNames, NameSpace::kDocumentKind},
    Word{kDocumentIssuer, "document_issuer", Shape::kNames, NameSpace::kIssuer},
    Word{kDocumentValidDays, "document_valid_days", Shape::kNumber, NameSpace::kNone, 0, kMaxDays},
    Word{kDocumentReadable, "document_readable", Shape::kFlag},
    Word{kAgeUnder, "age_under", Shape::kNumber, NameSpace::kNone, 1, kMaxYears},
    Word{kAgeAtLeast, "age_at_least", Shape::kNumber, NameSpace::kNone, 1, kMaxYears},
    Word{kSex, "sex", Shape::kNames, NameSpace::kSex},
    Word{kAccompaniedBy, "accompanied_by", Shape::kNames, NameSpace::kRelation},
    Word{kCompanionsAtMost, "companions_at_most", Shape::kNumber, NameSpace::kNone, 0, 1'000},
    Word{kWithinHours, "within_hours", Shape::kNames, NameSpace::kHours},
    Word{kClosed, "closed", Shape::kFlag},
    Word{kAlternates, "alternates", Shape::kFlag},
    Word{kOnList, "on_list", Shape::kNames, NameSpace::kList},
    Word{kNotOnList, "not_on_list", Shape::kNames, NameSpace::kList},
};

constexpr std::array<std::string_view, 2> kDirections{"entry", "exit"};
constexpr std::array<std::string_view, 2> kSides{"A", "B"};
constexpr std::array<std::string_view, 3> kSexes{"female", "male", "unspecified"};
constexpr std::array<std::string_view, kRelations> kRelationNames{
    "parent", "guardian", "spouse", "child", "relative", "caregiver", "patient", "escort"};
// As crossline::documents names them.
constexpr std::array<std::string_view, 11> kDocumentKinds{"passport",
                                                          "id_card",
                                                          "residence_permit",
                                                          "visa",
                                                          "laissez_passer",
                                                          "refugee_travel_document",
                                                          "stateless_travel_document",
                                                          "emergency_travel_document",
                                                          "diplomatic_passport",
                                                          "official_passport",
                                                          "other"};

}  // namespace

std::span<const Word> words() {
  return kWords;
}

const Word& word_of(PredicateKind kind) {
  const Word& word = kWords[static_cast<std::size_t>(kind)];
  CROSSLINE_ASSERT(word.kind == kind);
  return word;
}

const Word* find_word(std::string_view key) {
  const auto found = std::ranges::find(kWords, key, &Word::key);
  return found == kWords.end() ? nullptr : &*found;
}

std::string_view name_of(PredicateKind kind) {
  return word_of(kind).key;
}

std::string_view name_of(IfUnknown if_unknown) {
  constexpr std::array<std::string_view, 3> names{"allow_and_report", "refer", "refuse"};
  return names[static_cast<std::size_t>(if_unknown)];
}

std::span<const std::string_view> closed_names(NameSpace space) {
  switch (space) {
    case NameSpace::kDirection:
      return kDirections;
    case NameSpace::kSide:
      return kSides;
    case NameSpace::kDocumentKind:
      return kDocumentKinds;
    case NameSpace::kSex:
      return kSexes;
    case NameSpace::kRelation:
      return kRelationNames;
    default:
      return {};
  }
}

std::string_view noun_of(NameSpace space) {
  switch (space) {
    case NameSpace::kNone:
      return "name";
    case NameSpace::kDirection:
      return "direction";
    case NameSpace::kSide:
      return "side";
    case NameSpace::kDocumentKind:
      return "document kind";
    case NameSpace::kIssuer:
      return "issuer";
    case NameSpace::kSex:
      return "sex";
    case NameSpace::kRelation:
      return "relation";
    case NameSpace::kCategory:
      return "category";
    case NameSpace::kCheckpoint:
      return "checkpoint";
    case NameSpace::kHours:
      return "hours";
    case NameSpace::kList:
      return "list";
  }
  return "name";
}

}  // namespace crossline::procedure
