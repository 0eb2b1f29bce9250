#include "crossline/procedure/fact_sheet.hpp"

#include "crossline/base/text.hpp"
#include "local_time.hpp"
#include "strict_json.hpp"
#include "time_units.hpp"
#include "vocabulary.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>
#include <iterator>

namespace crossline::procedure {
namespace {

constexpr std::string_view kUnknown = "unknown";
constexpr std::int64_t kOrdinaryAge = 30;
constexpr std::int64_t kOrdinaryValidityDays = 365;

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
constexpr Mode last_of<Mode>() {
  return Mode::kVehicle;
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

template <class T>
std::vector<std::string_view> declared_names(const std::vector<T>& declared) {
  std::vector<std::string_view> names;
  for (const T& one : declared) names.push_back(one.name);
  return names;
}

std::string other_than(const std::vector<std::string_view>& names) {
  std::string other = "other";
  while (std::ranges::find(names, other) != names.end()) other += 'x';
  return other;
}

// A slip of the pen must not pass as a name that nothing refers to. `known` are those that the procedure
// declares, or that the language has.
Result<void> check_known(NameSpace space, std::string_view name, const std::vector<std::string_view>& known) {
  if (std::ranges::find(known, name) != known.end()) return {};
  if (const auto nearest = nearest_name(name, known))
    return fail(ErrorCode::kMalformed, "unknown {} '{}'; did you mean '{}'?", noun_of(space), name, *nearest);
  if (!closed_names(space).empty())
    return fail(ErrorCode::kMalformed, "unknown {} '{}'; there are {}", noun_of(space), name,
                fmt::join(known, ", "));
  return fail(ErrorCode::kMalformed, "the procedure declares no {} '{}'", noun_of(space), name);
}

}  // namespace

std::string other_category(const Edition& edition) {
  return other_than(declared_names(edition.categories()));
}

std::string other_checkpoint(const Edition& edition) {
  return other_than(declared_names(edition.checkpoints()));
}

std::optional<std::string> other_document_kind(std::span<const std::string> named) {
  const auto kinds = closed_names(NameSpace::kDocumentKind);
  // "other" is the last of them.
  for (auto kind = kinds.rbegin(); kind != kinds.rend(); ++kind)
    if (std::ranges::find(named, *kind) == named.end()) return std::string(*kind);
  return std::nullopt;
}

std::string other_issuer(std::span<const std::string> named) {
  std::string code = "UTO";
  while (std::ranges::find(named, code) != named.end()) {
    // The next code, as an odometer turns.
    for (std::size_t place = code.size(); place-- > 0;) {
      const bool turns_over = code[place] == 'Z';
      code[place] = turns_over ? 'A' : static_cast<char>(code[place] + 1);
      if (!turns_over) break;
    }
  }
  return code;
}

// Reads one key after another into the sheet.
class FactSheet::Reader {
 public:
  Reader(FactSheet& sheet, const Edition& edition) : sheet_(sheet), facts_(sheet.facts_), edition_(edition) {}

  Result<void> read(std::string_view key, const Json& value) {
    struct Entry {
      std::string_view key;
      std::function<Result<void>(const Json&)> read;
    };
    const std::array entries{
        Entry{"at", [&](const Json& v) { return read_at(v); }},
        Entry{"direction", [&](const Json& v) { return enumerated(v, facts_.direction, Source::kAgent); }},
        Entry{"checkpoint", [&](const Json& v) { return read_checkpoint(v); }},
        Entry{"post_side", [&](const Json& v) { return enumerated(v, facts_.post_side, Source::kAgent); }},
        Entry{"toward_side", [&](const Json& v) { return enumerated(v, facts_.toward, Source::kAgent); }},
        Entry{"side_of_residence",
              [&](const Json& v) { return enumerated(v, facts_.side_of_residence, Source::kDocument); }},
        Entry{"category", [&](const Json& v) { return read_category(v); }},
        Entry{"sex", [&](const Json& v) { return enumerated(v, facts_.sex, Source::kDocument); }},
        Entry{"document_kind",
              [&](const Json& v) { return fact(v, facts_.document_kind, Source::kDocument, kind_of); }},
        Entry{"document_issuer",
              [&](const Json& v) {
                return fact(v, facts_.document_issuer, Source::kDocument,
                            [&](const Json& code) { return issuer_of(code); });
              }},
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
        Entry{"mode", [&](const Json& v) { return enumerated(v, facts_.mode, Source::kOfficer); }},
        Entry{"weapons", [&](const Json& v) { return flag(v, facts_.weapons, Source::kOfficer); }},
        Entry{"arms_handed_over",
              [&](const Json& v) { return flag(v, facts_.arms_handed_over, Source::kOfficer); }},
        Entry{"permits", [&](const Json& v) { return read_permits(v); }},
        Entry{"stays_on_a",
              [&](const Json& v) { return read_stays(v, facts_.stays_on_a, sheet_.stays_on_a_); }},
        Entry{"stays_on_b",
              [&](const Json& v) { return read_stays(v, facts_.stays_on_b, sheet_.stays_on_b_); }},
        Entry{"crossings", [&](const Json& v) { return counts(v, facts_.crossings, Source::kReplica); }},
        Entry{"quotas", [&](const Json& v) { return read_quotas(v); }},
        Entry{"notice", [&](const Json& v) { return read_notice(v); }},
        Entry{"goods", [&](const Json& v) { return read_goods(v); }},
        Entry{"convoy", [&](const Json& v) { return read_convoy(v); }},
        Entry{"facts", [&](const Json& v) { return read_declared(v); }},
        Entry{"overrides", [&](const Json& v) { return read_overrides(v); }},
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
  static Result<std::string_view> kind_of(const Json& value) {
    CROSSLINE_TRY(const std::string name, text(value));
    const auto known = closed_names(NameSpace::kDocumentKind);
    CROSSLINE_CHECK_OK(check_known(NameSpace::kDocumentKind, name, {known.begin(), known.end()}));
    return *std::ranges::find(known, name);
  }
  Result<std::string_view> issuer_of(const Json& value) {
    CROSSLINE_TRY(const std::string code, text(value));
    if (!is_issuer(code))
      return fail(ErrorCode::kMalformed, "'{}' is not an issuer: one to three capital letters", code);
    return sheet_.keep(code);
  }
  // One of `known`, or `other`, which is none of them.
  Result<void> declared_or_other(const Json& value, Fact<std::string_view>& out, Source source,
                                 NameSpace space, std::vector<std::string_view> known,
                                 std::string_view other) {
    known.push_back(other);
    return fact(value, out, source, [&](const Json& v) -> Result<std::string_view> {
      CROSSLINE_TRY(const std::string name, text(v));
      CROSSLINE_CHECK_OK(check_known(space, name, known));
      return sheet_.keep(name);
    });
  }
  Result<void> read_category(const Json& value) {
    return declared_or_other(value, facts_.category, Source::kOfficer, NameSpace::kCategory,
                             declared_names(edition_.categories()), other_category(edition_));
  }
  Result<void> read_checkpoint(const Json& value) {
    return declared_or_other(value, facts_.checkpoint, Source::kAgent, NameSpace::kCheckpoint,
                             declared_names(edition_.checkpoints()), other_checkpoint(edition_));
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
    const auto known = declared_names(edition_.procedure().lists);
    for (const auto& [name, on] : value.items()) {
      CROSSLINE_CHECK_OK(check_known(NameSpace::kList, name, known));
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

  Result<UtcMillis> time(const Json& value) {
    std::string text = value.is_string() ? value.get<std::string>() : std::string();
    const bool utc = text.ends_with('Z');
    if (utc) text.pop_back();
    const auto seconds = parse_local_time(text);
    if (!seconds)
      return fail(ErrorCode::kMalformed, "{} is not a time such as \"2026-10-01T12:00:00\"", value.dump());
    return utc ? UtcMillis{*seconds * 1000} : edition_.instant_of(*seconds);
  }
  Result<void> read_at(const Json& value) {
    CROSSLINE_TRY(sheet_.at_, time(value));
    return {};
  }

  // Calls `read(key, member)` for each member of an object and refuses a key that is not one of `keys`.
  template <class Read>
  static Result<void> members(const Json& value, std::initializer_list<std::string_view> keys, Read read) {
    if (!value.is_object()) return fail(ErrorCode::kMalformed, "{} is not a table", value.dump());
    for (const auto& [key, member] : value.items()) {
      if (std::ranges::find(keys, key) == keys.end())
        return fail(ErrorCode::kMalformed, "unknown key '{}'; known: {}", key, fmt::join(keys, ", "));
      CROSSLINE_CHECK_OK(read(key, member));
    }
    return {};
  }
  // The elements of an array, or "unknown", which leaves the fact unknown.
  template <class Read>
  static Result<bool> elements(const Json& value, Read read) {
    if (value == kUnknown) return false;
    if (!value.is_array()) return fail(ErrorCode::kMalformed, "{} is not an array", value.dump());
    for (const Json& element : value) CROSSLINE_CHECK_OK(read(element));
    return true;
  }
  static Result<std::string> text(const Json& value) {
    if (!value.is_string()) return fail(ErrorCode::kMalformed, "{} is not a string", value.dump());
    return value.get<std::string>();
  }
  Result<void> keep_text(const Json& value, std::string_view& out) {
    CROSSLINE_TRY(const std::string read, text(value));
    out = sheet_.keep(read);
    return {};
  }
  Result<void> keep_time(const Json& value, UtcMillis& out) {
    CROSSLINE_TRY(out, time(value));
    return {};
  }
  static Result<void> whole(const Json& value, std::int64_t& out) {
    if (!value.is_number_integer()) return fail(ErrorCode::kMalformed, "{} is not an integer", value.dump());
    out = value.get<std::int64_t>();
    return {};
  }

  Result<void> read_permit(const Json& value) {
    Permit permit{.kind = {}, .valid_from = {INT64_MIN}, .valid_until = {INT64_MAX}};
    const auto member = [&](std::string_view key, const Json& v) {
      return key == "kind" ? keep_text(v, permit.kind)
                           : keep_time(v, key == "from" ? permit.valid_from : permit.valid_until);
    };
    CROSSLINE_CHECK_OK(members(value, {"kind", "from", "until"}, member));
    if (!value.contains("kind")) return fail(ErrorCode::kMalformed, "'kind' is missing");
    CROSSLINE_CHECK_OK(
        check_known(NameSpace::kPermit, permit.kind, declared_names(edition_.procedure().permits)));
    sheet_.permits_.push_back(permit);
    return {};
  }
  Result<void> read_permits(const Json& value) {
    sheet_.permits_.clear();
    facts_.permits = {};
    CROSSLINE_TRY(const bool known, elements(value, [this](const Json& one) { return read_permit(one); }));
    if (known) facts_.permits = {sheet_.permits_, Source::kReplica};
    return {};
  }

  Result<void> read_stay(const Json& value, std::vector<Stay>& stays) {
    if (!value.is_array() || value.size() != 2)
      return fail(ErrorCode::kMalformed, "{} is not a pair of times", value.dump());
    Stay stay{.entered = {}, .left = kStillPresent};
    CROSSLINE_CHECK_OK(keep_time(value[0], stay.entered));
    if (value[1] != "present") CROSSLINE_CHECK_OK(keep_time(value[1], stay.left));
    stays.push_back(stay);
    return {};
  }
  Result<void> read_stays(const Json& value, Fact<std::span<const Stay>>& out, std::vector<Stay>& stays) {
    stays.clear();
    out = {};
    CROSSLINE_TRY(const bool known, elements(value, [&](const Json& one) { return read_stay(one, stays); }));
    std::ranges::sort(stays, {}, &Stay::entered);
    if (known) out = {stays, Source::kReplica};
    return {};
  }

  Result<void> counts(const Json& value, CrossingCounts& out, Source source) {
    out = {};
    if (value == kUnknown) return {};
    return members(value, {"today", "this_week", "this_month"}, [&](const auto& key, const Json& v) {
      return integer(v,
                     key == "today"       ? out.today
                     : key == "this_week" ? out.this_week
                                          : out.this_month,
                     source);
    });
  }

  Result<void> read_quotas(const Json& value) {
    if (!value.is_object()) return fail(ErrorCode::kMalformed, "not a table of quotas");
    const auto known = declared_names(edition_.procedure().quotas);
    for (const auto& [name, left] : value.items()) {
      CROSSLINE_CHECK_OK(check_known(NameSpace::kQuota, name, known));
      Fact<std::int64_t> fact;
      CROSSLINE_CHECK_OK(integer(left, fact, Source::kServer));
      const auto before = std::ranges::find(sheet_.quotas_, name, &QuotaFact::quota);
      if (before != sheet_.quotas_.end())
        before->left = fact;
      else
        sheet_.quotas_.push_back({sheet_.keep(name), fact});
    }
    return {};
  }

  static Result<void> read_ruling(const Json& value, Notice& notice) {
    CROSSLINE_TRY(const std::string word, text(value));
    if (word != "pending" && word != "approved" && word != "rejected")
      return fail(ErrorCode::kMalformed, "'{}' is not pending, approved or rejected", word);
    notice.ruling = word == "approved"   ? Notice::Ruling::kApproved
                    : word == "rejected" ? Notice::Ruling::kRejected
                                         : Notice::Ruling::kPending;
    return {};
  }
  Result<void> read_notice(const Json& value) {
    facts_.notice = {};
    if (value == kUnknown) return {};
    Notice notice{.notified_at = kNeverNotified, .objected_at = {}, .ruled_at = {}};
    const auto member = [&](std::string_view key, const Json& v) {
      if (key == "ruling") return read_ruling(v, notice);
      if (key == "objected_at") notice.objection = Notice::Objection::kRaised;
      return keep_time(v, key == "notified_at"   ? notice.notified_at
                          : key == "objected_at" ? notice.objected_at
                                                 : notice.ruled_at);
    };
    if (value != "none")
      CROSSLINE_CHECK_OK(members(value, {"notified_at", "objected_at", "ruling", "ruled_at"}, member));
    facts_.notice = {notice, Source::kServer};
    return {};
  }

  Result<void> read_carried(const Json& value, Goods& goods) {
    const auto member = [&](std::string_view key, const Json& v) -> Result<void> {
      if (key == "unit") return keep_text(v, goods.unit);
      if (key == "amount") return whole(v, goods.amount);
      return integer(v,
                     key == "today"       ? goods.earlier.today
                     : key == "this_week" ? goods.earlier.this_week
                                          : goods.earlier.this_month,
                     Source::kReplica);
    };
    if (value.is_number_integer()) return whole(value, goods.amount);
    return members(value, {"amount", "unit", "today", "this_week", "this_month"}, member);
  }
  Result<void> read_goods(const Json& value) {
    sheet_.goods_.clear();
    facts_.goods = {};
    if (value == kUnknown) return {};
    if (!value.is_object()) return fail(ErrorCode::kMalformed, "not a table of goods");
    const auto& declared = edition_.procedure().goods;
    const auto known = declared_names(declared);
    for (const auto& [name, carried] : value.items()) {
      CROSSLINE_CHECK_OK(check_known(NameSpace::kGoods, name, known));
      const Fact<std::int64_t> none{0, Source::kReplica};
      Goods goods{.kind = sheet_.keep(name),
                  .unit = sheet_.keep(std::ranges::find(declared, name, &GoodsKind::name)->unit),
                  .amount = 0,
                  .earlier = {.today = none, .this_week = none, .this_month = none}};
      CROSSLINE_CHECK_OK(read_carried(carried, goods));
      sheet_.goods_.push_back(goods);
    }
    facts_.goods = {sheet_.goods_, Source::kOfficer};
    return {};
  }

  static Result<Convoy> convoy_of(const Json& value) {
    Convoy convoy;
    const auto member = [&](std::string_view key, const Json& v) -> Result<void> {
      if (key == "vehicles") return whole(v, convoy.vehicles);
      if (key == "persons") return whole(v, convoy.persons);
      if (!v.is_boolean()) return fail(ErrorCode::kMalformed, "{} is not true or false", v.dump());
      convoy.escorted = v.get<bool>();
      return {};
    };
    CROSSLINE_CHECK_OK(members(value, {"vehicles", "persons", "escorted"}, member));
    return convoy;
  }
  Result<void> read_convoy(const Json& value) {
    const bool plain = value.is_object() && !value.contains("value");
    return fact(plain ? Json{{"value", value}} : value, facts_.convoy, Source::kOfficer, convoy_of);
  }

  Result<void> read_declared(const Json& value) {
    if (!value.is_object()) return fail(ErrorCode::kMalformed, "not a table of declared facts");
    for (const auto& [name, given] : value.items()) {
      const auto& kinds = edition_.procedure().declared;
      CROSSLINE_CHECK_OK(check_known(NameSpace::kFact, name, declared_names(kinds)));
      const auto kind = std::ranges::find(kinds, name, &DeclaredKind::name);
      Fact<DeclaredValue> read;
      const auto convert = [&](const Json& v) { return declared_value(v, *kind); };
      CROSSLINE_CHECK_OK(fact(given, read, Source::kOfficer, convert));
      sheet_.declared_.push_back({sheet_.keep(name), read});
    }
    return {};
  }

  Result<DeclaredValue> declared_value(const Json& value, const DeclaredKind& kind) {
    switch (kind.type) {
      case DeclaredKind::Type::kBool:
        if (value.is_boolean()) return DeclaredValue{.number = value.get<bool>() ? 1 : 0, .word = {}};
        break;
      case DeclaredKind::Type::kInt:
        if (value.is_number_integer()) return DeclaredValue{.number = value.get<std::int64_t>(), .word = {}};
        break;
      case DeclaredKind::Type::kEnum:
        if (value.is_string() &&
            std::ranges::find(kind.values, value.get<std::string>()) != kind.values.end())
          return DeclaredValue{.number = 0, .word = sheet_.keep(value.get<std::string>())};
        break;
      case DeclaredKind::Type::kDate:
        if (const auto day = value.is_string() ? parse_date(value.get<std::string>()) : std::nullopt)
          return DeclaredValue{.number = *day, .word = {}};
        break;
    }
    return fail(ErrorCode::kMalformed, "{} is no value of '{}', which is {}", value.dump(), kind.name,
                name_of(kind.type));
  }

  Result<void> check_article(std::string_view id) const {
    if (std::ranges::find(edition_.articles(), id, &Article::id) != edition_.articles().end()) return {};
    std::vector<std::string_view> known;
    for (const Article& article : edition_.articles()) known.push_back(article.id);
    return fail(ErrorCode::kMalformed, "there is no article '{}'; there are {}", id, fmt::join(known, ", "));
  }
  // Roles that overrides ask for, or `other` of a party: somebody with a role that no override asks for.
  Result<void> check_roles(const std::vector<std::string_view>& roles) const {
    std::vector<std::string> known;
    for (const Article& article : edition_.articles()) {
      if (article.override_terms) std::ranges::copy(article.override_terms->roles, std::back_inserter(known));
    }
    for (const auto& [party, name] : edition_.procedure().parties) known.push_back(party + ".other");
    for (const std::string_view role : roles)
      CROSSLINE_CHECK_OK(check_known(NameSpace::kRole, role, {known.begin(), known.end()}));
    return {};
  }
  Result<void> read_override(const Json& value) {
    Override act{.article = {}, .granted_at = {}, .signer_roles = {}};
    auto& signers = sheet_.signers_.emplace_back();
    const auto signer = [&](const Json& role) { return keep_text(role, signers.emplace_back()); };
    const auto member = [&](std::string_view key, const Json& v) -> Result<void> {
      if (key == "article") return keep_text(v, act.article);
      if (key == "granted_at") return keep_time(v, act.granted_at);
      CROSSLINE_TRY(const bool listed, elements(v, signer));
      if (!listed) return fail(ErrorCode::kMalformed, "'signers' is an array of roles");
      return {};
    };
    CROSSLINE_CHECK_OK(members(value, {"article", "granted_at", "signers"}, member));
    if (!value.contains("article")) return fail(ErrorCode::kMalformed, "'article' is missing");
    CROSSLINE_CHECK_OK(check_article(act.article));
    CROSSLINE_CHECK_OK(check_roles(signers));
    act.signer_roles = signers;
    sheet_.overrides_.push_back(act);
    return {};
  }
  Result<void> read_overrides(const Json& value) {
    sheet_.overrides_.clear();
    CROSSLINE_TRY(const bool known, elements(value, [this](const Json& one) { return read_override(one); }));
    if (!known) return fail(ErrorCode::kMalformed, "overrides are never unknown; leave them out");
    return {};
  }

  FactSheet& sheet_;
  Facts& facts_;
  const Edition& edition_;
};

Result<void> FactSheet::read(std::string_view json, const Edition& edition) {
  CROSSLINE_TRY(const Json tree, parse_strict(as_bytes(json)));
  if (!tree.is_object()) return fail(ErrorCode::kMalformed, "facts are one JSON object");
  Reader reader(*this, edition);
  for (const auto& [key, value] : tree.items())
    if (auto read = reader.read(key, value); !read) return std::unexpected(std::move(read.error()).at(key));
  return {};
}

Result<FactSheet> FactSheet::parse(std::string_view json, const Edition& edition) {
  FactSheet sheet;
  CROSSLINE_CHECK_OK(sheet.read(json, edition));
  return sheet;
}

Result<FactSheet> FactSheet::parse_case(std::string_view json, const Edition& edition) {
  FactSheet sheet;
  sheet.assume_ordinary(edition);
  CROSSLINE_TRY(const Json tree, parse_strict(as_bytes(json)));
  CROSSLINE_CHECK_OK(sheet.read(json, edition));
  Facts& facts = sheet.facts_;
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

void FactSheet::assume_ordinary(const Edition& edition) {
  facts_.direction = {Direction::kEntry, Source::kAgent};
  facts_.post_side = {PostSide::kA, Source::kAgent};
  if (!edition.checkpoints().empty())
    facts_.checkpoint = {keep(edition.checkpoints().front().name), Source::kAgent};
  facts_.returning = {false, Source::kReplica};
  facts_.mode = {Mode::kOnFoot, Source::kOfficer};
  facts_.convoy = {Convoy{}, Source::kOfficer};
  facts_.document_kind = {"passport", Source::kDocument};
  facts_.document_days_left = {kOrdinaryValidityDays, Source::kDocument};
  facts_.document_readable = {true, Source::kDocument};
  facts_.age_years = {kOrdinaryAge, Source::kDocument};
  facts_.sex = {Sex::kUnspecified, Source::kDocument};
  facts_.accompanied_by = {RelationSet{}, Source::kOfficer};
  facts_.companions = {0, Source::kOfficer};
  facts_.closed = {false, Source::kReplica};
  facts_.alternates = {true, Source::kReplica};
  for (const List& list : edition.procedure().lists)
    lists_.push_back({keep(list.name), {false, Source::kReplica}});
  facts_.permits = {permits_, Source::kReplica};
  facts_.stays_on_a = {stays_on_a_, Source::kReplica};
  facts_.stays_on_b = {stays_on_b_, Source::kReplica};
  const Fact<std::int64_t> none{0, Source::kReplica};
  facts_.crossings = {.today = none, .this_week = none, .this_month = none};
  for (const Quota& quota : edition.procedure().quotas)
    quotas_.push_back({keep(quota.name), {quota.per_day, Source::kServer}});
  facts_.notice = {Notice{.notified_at = kNeverNotified, .objected_at = {}, .ruled_at = {}}, Source::kServer};
  facts_.goods = {goods_, Source::kOfficer};
  facts_.weapons = {false, Source::kOfficer};
  facts_.arms_handed_over = {false, Source::kOfficer};
  at_ = edition.instant_of(edition.local_day(edition.from()) * kDay_s + kDay_s / 2);
}

Facts FactSheet::facts() const {
  Facts facts = facts_;
  facts.lists = lists_;
  facts.quotas = quotas_;
  facts.declared = declared_;
  facts.overrides = overrides_;
  if (facts.permits.known) facts.permits.value = permits_;
  if (facts.stays_on_a.known) facts.stays_on_a.value = stays_on_a_;
  if (facts.stays_on_b.known) facts.stays_on_b.value = stays_on_b_;
  if (facts.goods.known) facts.goods.value = goods_;
  return facts;
}

}  // namespace crossline::procedure
