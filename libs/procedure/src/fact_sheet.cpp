#include "crossline/procedure/fact_sheet.hpp"

#include "crossline/base/text.hpp"
#include "local_time.hpp"
#include "strict_json.hpp"
#include "vocabulary.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace crossline::procedure {
namespace {

constexpr std::string_view kUnknown = "unknown";
constexpr std::int64_t kOrdinaryAge = 30;
constexpr std::int64_t kOrdinaryValidityDays = 365;
constexpr std::int64_t kDay_s = 86'400;

template <class Enum>
constexpr Enum last_of();
template <>
constexpr Side last_of<Side>() {
  return Side::kB;
}
template <>
constexpr PostSide last_of<PostSide>() {
  return PostSide::kJoint;
}
template <>
constexpr Direction last_of<Direction>() {
  return Direction::kExit;
}
template <>
constexpr Sex last_of<Sex>() {
  return Sex::kUnspecified;
}
template <>
constexpr Source last_of<Source>() {
  return Source::kAgent;
}
template <>
constexpr Relation last_of<Relation>() {
  return Relation::kEscort;
}

template <class Enum>
Result<Enum> enum_of(const Json& value) {
  std::string known;
  for (int i = 0; i <= static_cast<int>(last_of<Enum>()); ++i) {
    const std::string_view name = name_of(static_cast<Enum>(i));
    if (value.is_string() && value.get_ref<const std::string&>() == name) return static_cast<Enum>(i);
    known += fmt::format("{}'{}'", i == 0 ? "" : ", ", name);
  }
  return fail(ErrorCode::kMalformed, "{} is not one of {}", value.dump(), known);
}

}  // namespace

// Reads one key after another into the sheet.
class FactSheet::Reader {
 public:
  explicit Reader(FactSheet& sheet) : sheet_(sheet), facts_(sheet.facts_) {}

  Result<void> read(std::string_view key, const Json& value) {
    struct Entry {
      std::string_view key;
      std::function<Result<void>(const Json&)> read;
    };
    const std::array entries{
        Entry{"at", [&](const Json& v) { return read_at(v); }},
        Entry{"direction", [&](const Json& v) { return enumerated(v, facts_.direction, Source::kAgent); }},
        Entry{"checkpoint", [&](const Json& v) { return named(v, facts_.checkpoint, Source::kAgent); }},
        Entry{"post_side", [&](const Json& v) { return enumerated(v, facts_.post_side, Source::kAgent); }},
        Entry{"toward_side", [&](const Json& v) { return enumerated(v, facts_.toward, Source::kAgent); }},
        Entry{"side_of_residence",
              [&](const Json& v) { return enumerated(v, facts_.side_of_residence, Source::kDocument); }},
        Entry{"category", [&](const Json& v) { return named(v, facts_.category, Source::kOfficer); }},
        Entry{"sex", [&](const Json& v) { return enumerated(v, facts_.sex, Source::kDocument); }},
        Entry{"document_kind",
              [&](const Json& v) { return named(v, facts_.document_kind, Source::kDocument); }},
        Entry{"document_issuer",
              [&](const Json& v) { return named(v, facts_.document_issuer, Source::kDocument); }},
        Entry{"document_days_left",
              [&](const Json& v) { return integer(v, facts_.document_days_left, Source::kDocument); }},
        Entry{"document_readable",
              [&](const Json& v) { return flag(v, facts_.document_readable, Source::kDocument); }},
        Entry{"age", [&](const Json& v) { return integer(v, facts_.age_years, Source::kDocument); }},
        Entry{"companions", [&](const Json& v) { return integer(v, facts_.companions, Source::kOfficer); }},
        Entry{"accompanied_by",
              [&](const Json& v) { return fact(v, facts_.accompanied_by, Source::kOfficer, relations_of); }},
        Entry{"closed", [&](const Json& v) { return flag(v, facts_.closed, Source::kReplica); }},
        Entry{"alternates", [&](const Json& v) { return flag(v, facts_.alternates, Source::kReplica); }},
        Entry{"returning", [&](const Json& v) { return flag(v, facts_.returning, Source::kReplica); }},
        Entry{"lists", [&](const Json& v) { return read_lists(v); }},
    };
    const auto found = std::ranges::find(entries, key, &Entry::key);
    if (found != entries.end()) return found->read(value);
    std::vector<std::string_view> known;
    for (const Entry& entry : entries) known.push_back(entry.key);
    const auto nearest = nearest_name(key, known);
    return nearest ? Result<void>(
                         fail(ErrorCode::kMalformed, "unknown fact '{}'; did you mean '{}'?", key, *nearest))
                   : Result<void>(fail(ErrorCode::kMalformed, "unknown fact '{}'", key));
  }

 private:
  // "unknown", a plain value, or a table of value, source and age; `convert` makes the plain value a T.
  template <class T, class Convert>
  Result<void> fact(const Json& value, Fact<T>& out, Source source, Convert convert) {
    out = {};
    if (value == kUnknown) return {};
    if (!value.is_object()) {
      CROSSLINE_TRY(const T plain, convert(value));
      out = Fact<T>(plain, source);
      return {};
    }
    std::int64_t age_s = 0;
    for (auto item = value.begin(); item != value.end(); ++item) {
      const std::string& key = item.key();
      const Json& member = *item;
      if (key == "source") {
        CROSSLINE_TRY(source, enum_of<Source>(member));
      } else if (key == "age_s" && member.is_number_integer()) {
        age_s = member.get<std::int64_t>();
      } else if (key != "value") {
        return fail(ErrorCode::kMalformed, "'{}' is not one of 'value', 'source', 'age_s'", key);
      }
    }
    if (!value.contains("value")) return fail(ErrorCode::kMalformed, "'value' is missing");
    if (value["value"] == kUnknown) return {};
    CROSSLINE_TRY(const T plain, convert(value["value"]));
    out = Fact<T>(plain, source, age_s * 1000);
    return {};
  }

  template <class Enum>
  Result<void> enumerated(const Json& value, Fact<Enum>& out, Source source) {
    return fact(value, out, source, enum_of<Enum>);
  }
  Result<void> named(const Json& value, Fact<std::string_view>& out, Source source) {
    return fact(value, out, source, [this](const Json& v) -> Result<std::string_view> {
      if (!v.is_string()) return fail(ErrorCode::kMalformed, "{} is not a string", v.dump());
      return sheet_.keep(v.get_ref<const std::string&>());
    });
  }
  Result<void> integer(const Json& value, Fact<std::int64_t>& out, Source source) {
    return fact(value, out, source, [](const Json& v) -> Result<std::int64_t> {
      if (!v.is_number_integer()) return fail(ErrorCode::kMalformed, "{} is not an integer", v.dump());
      return v.get<std::int64_t>();
    });
  }
  Result<void> flag(const Json& value, Fact<bool>& out, Source source) {
    return fact(value, out, source, [](const Json& v) -> Result<bool> {
      if (!v.is_boolean()) return fail(ErrorCode::kMalformed, "{} is not true or false", v.dump());
      return v.get<bool>();
    });
  }

  static Result<RelationSet> relations_of(const Json& value) {
    RelationSet set;
    if (value == kNobody) return set;
    for (const Json& one : value.is_array() ? value : Json::array({value})) {
      CROSSLINE_TRY(const Relation relation, enum_of<Relation>(one));
      set.add(relation);
    }
    return set;
  }

  Result<void> read_lists(const Json& value) {
    if (!value.is_object()) return fail(ErrorCode::kMalformed, "not a table of lists");
    for (const auto& [name, on] : value.items()) {
      Fact<bool> held;
      CROSSLINE_CHECK_OK(flag(on, held, Source::kReplica));
      const auto before = std::ranges::find(sheet_.lists_, name, &ListFact::list);
      if (before != sheet_.lists_.end())
        before->on = held;
      else
        sheet_.lists_.push_back({sheet_.keep(name), held});
    }
    return {};
  }

  Result<void> read_at(const Json& value) {
    std::string text = value.is_string() ? value.get<std::string>() : std::string();
    const bool utc = text.ends_with('Z');
    if (utc) text.pop_back();
    const auto seconds = parse_local_time(text);
    if (!seconds)
      return fail(ErrorCode::kMalformed, "{} is not a time such as \"2026-10-01T12:00:00\"", value.dump());
    sheet_.at_ = Moment{*seconds, utc};
    return {};
  }

  FactSheet& sheet_;
  Facts& facts_;
};

Result<void> FactSheet::read(std::string_view json) {
  CROSSLINE_TRY(const Json tree, parse_strict(as_bytes(json)));
  if (!tree.is_object()) return fail(ErrorCode::kMalformed, "facts are one JSON object");
  Reader reader(*this);
  for (const auto& [key, value] : tree.items())
    if (auto read = reader.read(key, value); !read) return std::unexpected(std::move(read.error()).at(key));
  return {};
}

Result<FactSheet> FactSheet::parse(std::string_view json) {
  FactSheet sheet;
  CROSSLINE_CHECK_OK(sheet.read(json));
  return sheet;
}

Result<FactSheet> FactSheet::parse_case(std::string_view json, const Edition& edition) {
  FactSheet sheet;
  Facts& facts = sheet.facts_;
  facts.direction = {Direction::kEntry, Source::kAgent};
  facts.post_side = {PostSide::kA, Source::kAgent};
  if (!edition.checkpoints().empty())
    facts.checkpoint = {sheet.keep(edition.checkpoints().front().name), Source::kAgent};
  facts.returning = {false, Source::kReplica};
  facts.document_kind = {"passport", Source::kDocument};
  facts.document_days_left = {kOrdinaryValidityDays, Source::kDocument};
  facts.document_readable = {true, Source::kDocument};
  facts.age_years = {kOrdinaryAge, Source::kDocument};
  facts.sex = {Sex::kUnspecified, Source::kDocument};
  facts.accompanied_by = {RelationSet{}, Source::kOfficer};
  facts.companions = {0, Source::kOfficer};
  facts.closed = {false, Source::kReplica};
  facts.alternates = {true, Source::kReplica};
  for (const List& list : edition.procedure().lists)
    sheet.lists_.push_back({sheet.keep(list.name), {false, Source::kReplica}});
  const std::int64_t noon_s = edition.local_day(edition.from()) * kDay_s + kDay_s / 2;
  sheet.at_ = Moment{noon_s, false};

  CROSSLINE_TRY(const Json tree, parse_strict(as_bytes(json)));
  CROSSLINE_CHECK_OK(sheet.read(json));
  if (!tree.contains("toward_side") && facts.direction.known && facts.post_side.known &&
      facts.post_side.value != PostSide::kJoint) {
    const bool toward_a =
        (facts.post_side.value == PostSide::kA) == (facts.direction.value == Direction::kEntry);
    facts.toward = {toward_a ? Side::kA : Side::kB, Source::kAgent};
  }
  const auto& categories = edition.categories();
  const auto category = facts.category.known
                            ? std::ranges::find(categories, facts.category.value, &Category::name)
                            : categories.end();
  if (category == categories.end()) return sheet;
  const auto& kinds = category->document_kinds;
  if (!tree.contains("document_kind") && !kinds.empty() &&
      std::ranges::find(kinds, "passport") == kinds.end())
    facts.document_kind = {sheet.keep(kinds.front()), Source::kDocument};
  if (!tree.contains("document_issuer") && !category->document_issuers.empty())
    facts.document_issuer = {sheet.keep(category->document_issuers.front()), Source::kDocument};
  if (!tree.contains("side_of_residence") && category->residence)
    facts.side_of_residence = {*category->residence, Source::kDocument};
  return sheet;
}

Facts FactSheet::facts() const {
  Facts facts = facts_;
  facts.lists = lists_;
  return facts;
}

std::optional<UtcMillis> FactSheet::instant(const Edition& edition) const {
  if (!at_) return std::nullopt;
  return at_->utc ? UtcMillis{at_->seconds * 1000} : edition.instant_of(at_->seconds);
}

}  // namespace crossline::procedure
