// Facts that are tables or lists of something.
#include "fact_json.hpp"
#include "fact_reader.hpp"
#include "local_time.hpp"

#include <algorithm>
#include <iterator>

namespace crossline::procedure {

// A table of facts by the names of one kind, each over what the sheet has of that name already.
template <class T, class Row>
Result<void> FactSheet::Reader::read_named(const Json& value, NameSpace space,
                                           const std::vector<std::string_view>& known, std::vector<Row>& rows,
                                           std::string_view Row::* name_of_row, Fact<T> Row::* fact_of_row,
                                           Result<void> (*fact_from)(const Json&, Fact<T>&)) {
  if (!value.is_object()) return fail(ErrorCode::kMalformed, "{} is not a table", value.dump());
  for (const auto& [name, given] : value.items()) {
    CROSSLINE_CHECK_OK(fact_json::check_known(space, name, known));
    Fact<T> fact;
    CROSSLINE_CHECK_OK(fact_from(given, fact));
    auto row = std::ranges::find(rows, name, name_of_row);
    if (row == rows.end()) {
      row = rows.insert(row, Row{});
      (*row).*name_of_row = sheet_.keep(name);
    }
    (*row).*fact_of_row = fact;
  }
  return {};
}

Result<void> FactSheet::Reader::read_lists(const Json& value) {
  return read_named<bool>(
      value, NameSpace::kList, fact_json::declared_names(edition_.procedure().lists), sheet_.lists_,
      &ListFact::list, &ListFact::on,
      [](const Json& on, Fact<bool>& fact) { return fact_json::flag(on, fact, Source::kReplica); });
}

Result<void> FactSheet::Reader::read_quotas(const Json& value) {
  return read_named<std::int64_t>(
      value, NameSpace::kQuota, fact_json::declared_names(edition_.procedure().quotas), sheet_.quotas_,
      &QuotaFact::quota, &QuotaFact::left, [](const Json& left, Fact<std::int64_t>& fact) {
        return fact_json::integer(left, fact, Source::kServer);
      });
}

Result<void> FactSheet::Reader::read_permit(const Json& value) {
  Permit permit{.kind = {}, .valid_from = {INT64_MIN}, .valid_until = {INT64_MAX}};
  const auto member = [&](std::string_view key, const Json& v) {
    return key == "kind" ? keep_text(v, permit.kind)
                         : keep_time(v, key == "from" ? permit.valid_from : permit.valid_until);
  };
  CROSSLINE_CHECK_OK(fact_json::members(value, {"kind", "from", "until"}, member));
  if (!value.contains("kind")) return fail(ErrorCode::kMalformed, "'kind' is missing");
  CROSSLINE_CHECK_OK(fact_json::check_known(NameSpace::kPermit, permit.kind,
                                            fact_json::declared_names(edition_.procedure().permits)));
  sheet_.permits_.push_back(permit);
  return {};
}

Result<void> FactSheet::Reader::read_permits(const Json& value) {
  sheet_.permits_.clear();
  facts_.permits = {};
  CROSSLINE_TRY(const bool known,
                fact_json::elements(value, [this](const Json& one) { return read_permit(one); }));
  if (known) facts_.permits = {sheet_.permits_, Source::kReplica};
  return {};
}

Result<void> FactSheet::Reader::read_stay(const Json& value, std::vector<Stay>& stays) {
  if (!value.is_array() || value.size() != 2)
    return fail(ErrorCode::kMalformed, "{} is not a pair of times", value.dump());
  Stay stay{.entered = {}, .left = kStillPresent};
  CROSSLINE_CHECK_OK(keep_time(value[0], stay.entered));
  if (value[1] != "present") CROSSLINE_CHECK_OK(keep_time(value[1], stay.left));
  stays.push_back(stay);
  return {};
}

Result<void> FactSheet::Reader::read_stays(const Json& value, Fact<std::span<const Stay>>& out,
                                           std::vector<Stay>& stays) {
  stays.clear();
  out = {};
  CROSSLINE_TRY(const bool known,
                fact_json::elements(value, [&](const Json& one) { return read_stay(one, stays); }));
  std::ranges::sort(stays, {}, &Stay::entered);
  if (known) out = {stays, Source::kReplica};
  return {};
}

Result<void> FactSheet::Reader::counts(const Json& value, CrossingCounts& out, Source source) {
  out = {};
  if (value == fact_json::kUnknown) return {};
  return fact_json::members(value, {"today", "this_week", "this_month"}, [&](const auto& key, const Json& v) {
    return fact_json::integer(v,
                              key == "today"       ? out.today
                              : key == "this_week" ? out.this_week
                                                   : out.this_month,
                              source);
  });
}

Result<void> FactSheet::Reader::read_ruling(const Json& value, Notice& notice) {
  CROSSLINE_TRY(const std::string word, fact_json::text(value));
  if (word != "pending" && word != "approved" && word != "rejected")
    return fail(ErrorCode::kMalformed, "'{}' is not pending, approved or rejected", word);
  notice.ruling = word == "approved"   ? Notice::Ruling::kApproved
                  : word == "rejected" ? Notice::Ruling::kRejected
                                       : Notice::Ruling::kPending;
  return {};
}

Result<void> FactSheet::Reader::read_notice(const Json& value) {
  facts_.notice = {};
  if (value == fact_json::kUnknown) return {};
  Notice notice{.notified_at = kNeverNotified, .objected_at = {}, .ruled_at = {}};
  const auto member = [&](std::string_view key, const Json& v) {
    if (key == "ruling") return read_ruling(v, notice);
    if (key == "objected_at") notice.objection = Notice::Objection::kRaised;
    return keep_time(v, key == "notified_at"   ? notice.notified_at
                        : key == "objected_at" ? notice.objected_at
                                               : notice.ruled_at);
  };
  if (value != "none")
    CROSSLINE_CHECK_OK(
        fact_json::members(value, {"notified_at", "objected_at", "ruling", "ruled_at"}, member));
  facts_.notice = {notice, Source::kServer};
  return {};
}

Result<void> FactSheet::Reader::read_carried(const Json& value, Goods& goods) {
  const auto member = [&](std::string_view key, const Json& v) -> Result<void> {
    if (key == "unit") return keep_text(v, goods.unit);
    if (key == "amount") return fact_json::whole(v, goods.amount);
    return fact_json::integer(v,
                              key == "today"       ? goods.earlier.today
                              : key == "this_week" ? goods.earlier.this_week
                                                   : goods.earlier.this_month,
                              Source::kReplica);
  };
  if (value.is_number_integer()) return fact_json::whole(value, goods.amount);
  return fact_json::members(value, {"amount", "unit", "today", "this_week", "this_month"}, member);
}

Result<void> FactSheet::Reader::read_goods(const Json& value) {
  sheet_.goods_.clear();
  facts_.goods = {};
  if (value == fact_json::kUnknown) return {};
  if (!value.is_object()) return fail(ErrorCode::kMalformed, "not a table of goods");
  const auto& declared = edition_.procedure().goods;
  const auto known = fact_json::declared_names(declared);
  for (const auto& [name, carried] : value.items()) {
    CROSSLINE_CHECK_OK(fact_json::check_known(NameSpace::kGoods, name, known));
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

Result<Convoy> FactSheet::Reader::convoy_of(const Json& value) {
  Convoy convoy;
  const auto member = [&](std::string_view key, const Json& v) -> Result<void> {
    if (key == "vehicles") return fact_json::whole(v, convoy.vehicles);
    if (key == "persons") return fact_json::whole(v, convoy.persons);
    if (!v.is_boolean()) return fail(ErrorCode::kMalformed, "{} is not true or false", v.dump());
    convoy.escorted = v.get<bool>();
    return {};
  };
  CROSSLINE_CHECK_OK(fact_json::members(value, {"vehicles", "persons", "escorted"}, member));
  return convoy;
}

Result<void> FactSheet::Reader::read_convoy(const Json& value) {
  const bool plain = value.is_object() && !value.contains("value");
  return fact_json::fact(plain ? Json{{"value", value}} : value, facts_.convoy, Source::kOfficer, convoy_of);
}

Result<void> FactSheet::Reader::read_declared(const Json& value) {
  if (!value.is_object()) return fail(ErrorCode::kMalformed, "not a table of declared facts");
  for (const auto& [name, given] : value.items()) {
    const auto& kinds = edition_.procedure().declared;
    CROSSLINE_CHECK_OK(fact_json::check_known(NameSpace::kFact, name, fact_json::declared_names(kinds)));
    const auto kind = std::ranges::find(kinds, name, &DeclaredKind::name);
    Fact<DeclaredValue> read;
    const auto convert = [&](const Json& v) { return declared_value(v, *kind); };
    CROSSLINE_CHECK_OK(fact_json::fact(given, read, Source::kOfficer, convert));
    sheet_.declared_.push_back({sheet_.keep(name), read});
  }
  return {};
}

Result<DeclaredValue> FactSheet::Reader::declared_value(const Json& value, const DeclaredKind& kind) {
  switch (kind.type) {
    case DeclaredKind::Type::kBool:
      if (value.is_boolean()) return DeclaredValue{.number = value.get<bool>() ? 1 : 0, .word = {}};
      break;
    case DeclaredKind::Type::kInt:
      if (value.is_number_integer()) return DeclaredValue{.number = value.get<std::int64_t>(), .word = {}};
      break;
    case DeclaredKind::Type::kEnum:
      if (value.is_string() && std::ranges::find(kind.values, value.get<std::string>()) != kind.values.end())
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

Result<void> FactSheet::Reader::check_article(std::string_view id) const {
  if (std::ranges::find(edition_.articles(), id, &Article::id) != edition_.articles().end()) return {};
  std::vector<std::string_view> known;
  for (const Article& article : edition_.articles()) known.push_back(article.id);
  return fail(ErrorCode::kMalformed, "there is no article '{}'; there are {}", id, fmt::join(known, ", "));
}

// Roles that overrides ask for, or `other` of a party: somebody with a role that no override asks for.
Result<void> FactSheet::Reader::check_roles(const std::vector<std::string_view>& roles) const {
  std::vector<std::string> known;
  for (const Article& article : edition_.articles()) {
    if (article.override_terms) std::ranges::copy(article.override_terms->roles, std::back_inserter(known));
  }
  for (const auto& [party, name] : edition_.procedure().parties) known.push_back(party + ".other");
  for (const std::string_view role : roles)
    CROSSLINE_CHECK_OK(fact_json::check_known(NameSpace::kRole, role, {known.begin(), known.end()}));
  return {};
}

Result<void> FactSheet::Reader::read_override(const Json& value) {
  Override act{.article = {}, .granted_at = {}, .signer_roles = {}};
  auto& signers = sheet_.signers_.emplace_back();
  const auto signer = [&](const Json& role) { return keep_text(role, signers.emplace_back()); };
  const auto member = [&](std::string_view key, const Json& v) -> Result<void> {
    if (key == "article") return keep_text(v, act.article);
    if (key == "granted_at") return keep_time(v, act.granted_at);
    CROSSLINE_TRY(const bool listed, fact_json::elements(v, signer));
    if (!listed) return fail(ErrorCode::kMalformed, "'signers' is an array of roles");
    return {};
  };
  CROSSLINE_CHECK_OK(fact_json::members(value, {"article", "granted_at", "signers"}, member));
  if (!value.contains("article")) return fail(ErrorCode::kMalformed, "'article' is missing");
  CROSSLINE_CHECK_OK(check_article(act.article));
  CROSSLINE_CHECK_OK(check_roles(signers));
  act.signer_roles = signers;
  sheet_.overrides_.push_back(act);
  return {};
}

Result<void> FactSheet::Reader::read_overrides(const Json& value) {
  sheet_.overrides_.clear();
  CROSSLINE_TRY(const bool known,
                fact_json::elements(value, [this](const Json& one) { return read_override(one); }));
  if (!known) return fail(ErrorCode::kMalformed, "overrides are never unknown; leave them out");
  return {};
}

}  // namespace crossline::procedure
