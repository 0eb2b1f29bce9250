#include "vocabulary.hpp"

#include "crossline/base/assert.hpp"

#include <algorithm>
#include <array>

namespace crossline::procedure {
namespace {

using enum PredicateKind;

constexpr std::int64_t kMaxDays = 36'500;
constexpr std::int64_t kMaxYears = 150;

constexpr std::int64_t kMaxAmount = 1'000'000'000'000;
constexpr std::int64_t kMaxHours = 24 * 366;

constexpr std::array kDates{Field{"from", Shape::kInstant}, Field{"until", Shape::kInstant}};
constexpr std::array kStay{
    Field{.key = "max_days", .least = 1, .most = kMaxDays},
    Field{.key = "in_any_days", .least = 1, .most = kMaxWindowDays},
};
constexpr std::array kAbsence{
    Field{.key = "side", .shape = Shape::kName, .names = NameSpace::kSide},
    Field{.key = "days", .least = 1, .most = kMaxDays},
};
constexpr std::array kCrossings{
    Field{.key = "n", .least = 1, .most = 10'000},
    Field{.key = "per", .shape = Shape::kName, .names = NameSpace::kPeriod},
};
constexpr std::array kNotice{
    Field{.key = "hours_before", .least = 0, .most = kMaxHours},
    Field{.key = "objection_within", .required = false, .least = 0, .most = kMaxHours},
    Field{.key = "decided", .shape = Shape::kFlag, .required = false},
};
constexpr std::array kAmount{
    Field{.key = "amount", .least = 0, .most = kMaxAmount},
    Field{.key = "per", .shape = Shape::kName, .names = NameSpace::kPeriod},
};
constexpr std::array kConvoyFields{
    Field{.key = "max_vehicles", .required = false, .least = 0, .most = 10'000},
    Field{.key = "max_persons", .required = false, .least = 0, .most = 100'000},
    Field{.key = "escort", .shape = Shape::kFlag, .required = false},
};

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
    Word{kMode, "mode", Shape::kNames, NameSpace::kMode},
    Word{.kind = kDateBetween, .key = "date_between", .shape = Shape::kTable, .fields = kDates},
    Word{kWithinSeason, "within_season", Shape::kNames, NameSpace::kSeason},
    Word{.kind = kStayOnSideA, .key = "stay_on_side_a", .shape = Shape::kTable, .fields = kStay},
    Word{.kind = kStayOnSideB, .key = "stay_on_side_b", .shape = Shape::kTable, .fields = kStay},
    Word{.kind = kAbsentForAtLeast, .key = "absent_for_at_least", .shape = Shape::kTable, .fields = kAbsence},
    Word{.kind = kCrossingsAtMost, .key = "crossings_at_most", .shape = Shape::kTable, .fields = kCrossings},
    Word{kQuota, "quota", Shape::kName, NameSpace::kQuota},
    Word{kPermit, "permit", Shape::kNames, NameSpace::kPermit},
    Word{.kind = kNotified, .key = "notified", .shape = Shape::kTable, .fields = kNotice},
    Word{.kind = kGoodsAtMost,
         .key = "goods_at_most",
         .shape = Shape::kKeyed,
         .names = NameSpace::kGoods,
         .fields = kAmount},
    Word{kGoodsForbidden, "goods_forbidden", Shape::kNames, NameSpace::kGoods},
    Word{kWeaponsNone, "weapons_none", Shape::kFlag},
    Word{kArmsHandedOver, "arms_handed_over", Shape::kFlag},
    Word{.kind = kConvoy, .key = "convoy", .shape = Shape::kTable, .fields = kConvoyFields},
    Word{.kind = kFact, .key = "fact", .shape = Shape::kFact, .names = NameSpace::kFact},
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

constexpr std::array<std::string_view, 2> kModes{"on_foot", "vehicle"};
constexpr std::array<std::string_view, 4> kPeriods{"crossing", "day", "week", "month"};
static_assert(kWords.size() == kPredicateKinds);

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

std::string_view name_of(DeclaredKind::Type type) {
  constexpr std::array<std::string_view, 4> names{"bool", "enum", "int", "date"};
  return names[static_cast<std::size_t>(type)];
}

std::int64_t Table::number(std::string_view key, std::int64_t otherwise) const {
  const auto found = values.find(key);
  const auto* value = found == values.end() ? nullptr : std::get_if<Number>(&found->second);
  return value == nullptr ? otherwise : value->value;
}

bool Table::flag(std::string_view key, bool otherwise) const {
  const auto found = values.find(key);
  const auto* value = found == values.end() ? nullptr : std::get_if<Flag>(&found->second);
  return value == nullptr ? otherwise : value->value;
}

const std::vector<std::string>* Table::names(std::string_view key) const {
  const auto found = values.find(key);
  const auto* value = found == values.end() ? nullptr : std::get_if<Names>(&found->second);
  return value == nullptr ? nullptr : &value->values;
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
    case NameSpace::kMode:
      return kModes;
    case NameSpace::kPeriod:
      return kPeriods;
    default:
      return {};
  }
}

bool is_issuer(std::string_view code) {
  const auto capital = [](char letter) { return letter >= 'A' && letter <= 'Z'; };
  return !code.empty() && code.size() <= 3 && std::ranges::all_of(code, capital);
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
    case NameSpace::kMode:
      return "mode";
    case NameSpace::kPeriod:
      return "period";
    case NameSpace::kSeason:
      return "season";
    case NameSpace::kPermit:
      return "permit";
    case NameSpace::kGoods:
      return "kind of goods";
    case NameSpace::kQuota:
      return "quota";
    case NameSpace::kDuty:
      return "duty";
    case NameSpace::kFact:
      return "declared fact";
    case NameSpace::kRole:
      return "role";
  }
  return "name";
}

}  // namespace crossline::procedure
