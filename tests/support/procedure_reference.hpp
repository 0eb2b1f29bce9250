// A second, slow and obvious evaluator of sealed procedures, written from docs/procedure-language.md. It
// walks the JSON and compares strings; it shares nothing with the shipping one but Facts and the
// enumerations.
#pragma once

#include "crossline/procedure/decision.hpp"
#include "crossline/procedure/facts.hpp"

#include <algorithm>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace crossline::testing {

using nlohmann::json;
// Kleene: true, false, or nothing for unknown.
using Maybe = std::optional<bool>;

inline Maybe maybe_and(Maybe a, Maybe b) {
  if (a == false || b == false) return false;
  if (!a || !b) return std::nullopt;
  return true;
}
inline Maybe maybe_or(Maybe a, Maybe b) {
  if (a == true || b == true) return true;
  if (!a || !b) return std::nullopt;
  return false;
}
inline Maybe maybe_not(Maybe a) {
  return a ? Maybe(!*a) : std::nullopt;
}

struct ReferenceClause {
  std::string article;
  std::string kind;
  std::string outcome;
  std::string relief;
  friend bool operator==(const ReferenceClause&, const ReferenceClause&) = default;
};
inline void PrintTo(const ReferenceClause& clause, std::ostream* out) {
  *out << clause.article << ' ' << clause.kind << ' ' << clause.outcome << ' ' << clause.relief;
}
struct ReferenceDecision {
  std::string verdict;
  std::string basis;
  std::vector<ReferenceClause> clauses;
  std::set<std::string> duties;
};

class ReferenceEvaluator {
 public:
  ReferenceEvaluator(const json& sealed, const procedure::Facts& facts, UtcMillis instant)
      : sealed_(sealed), facts_(facts), instant_(instant) {}

  ReferenceDecision decide() const {
    std::vector<Judged> judged;
    for (const json& article : sealed_.at("article")) judge(article, judged);
    const bool expired = instant_s() >= sealed_.at("in_force").at("until");
    if (expired)
      for (Judged& one : judged)
        if (!one.article->value("survives_expiry", false)) one.relief = "expired";
    for (const Judged& grant : judged)
      if (grant.kind == "exempt" && grant.applies == true && grant.relief == "none")
        for (const std::string lifted : grant.article->at("exempts")) relieve(judged, lifted, "exempted");
    for (const procedure::Override& act : facts_.overrides)
      for (const json& article : sealed_.at("article"))
        if (article.at("id") == std::string(act.article) && article.contains("override") &&
            in_effect(act, article.at("override")))
          relieve(judged, article.at("id"), "overridden");

    ReferenceDecision out;
    int admission = 2;  // allow 0, refer 1, refuse 2
    int demands = 0;
    for (const Judged& one : judged) {
      out.clauses.push_back({one.article->at("id"), one.kind, word(one.outcome), one.relief});
      if (one.relief != "none") continue;
      if (one.kind == "admit")
        admission = std::min(admission, one.outcome);
      else
        demands = std::max(demands, one.outcome);
      if (one.kind == "duty" && one.applies != false)
        for (const std::string duty : one.article->at("duty")) out.duties.insert(duty);
    }
    if (facts_.returning.known && facts_.returning.value) {
      out.verdict = "allow", out.basis = "return";
    } else if (instant_s() < sealed_.at("in_force").at("from") || (expired && admission == 2)) {
      out.verdict = "refuse", out.basis = "not_in_force";
    } else if (admission == 2 || admission > demands) {
      out.verdict = word(admission), out.basis = "not_admitted";
    } else {
      out.verdict = word(std::max(admission, demands)), out.basis = "clauses";
    }
    return out;
  }

 private:
  struct Judged {
    const json* article;
    std::string kind;
    Maybe applies;
    int outcome = 0;
    bool reported = false;
    std::string relief = "none";
  };

  void judge(const json& article, std::vector<Judged>& out) const {
    const Maybe applies = all(article.value("applies_to", json::object()));
    for (const std::string kind : {"admit", "require", "prohibit"}) {
      if (!article.contains(kind)) continue;
      const Maybe conditions = all(article.at(kind));
      const Maybe holds = kind == "prohibit" ? maybe_not(conditions) : conditions;
      const int outcome = kind == "admit" ? admit(article, applies, holds) : demand(article, applies, holds);
      out.push_back({&article, kind, applies, outcome, !holds && outcome == 0 && applies != false, "none"});
    }
    if (article.contains("exempts")) out.push_back({&article, "exempt", applies, 0, false, "none"});
    if (article.contains("duty")) out.push_back({&article, "duty", applies, 0, false, "none"});
  }

  // Only a demand that counts against the person is relieved, and only once.
  static void relieve(std::vector<Judged>& judged, const std::string& article, const std::string& relief) {
    for (Judged& one : judged)
      if (one.article->at("id") == article && (one.kind == "require" || one.kind == "prohibit") &&
          one.relief == "none" && (one.outcome > 0 || one.reported))
        one.relief = relief;
  }

  bool in_effect(const procedure::Override& act, const json& terms) const {
    const std::int64_t end_ms = act.granted_at.ms + terms.at("valid_minutes").get<std::int64_t>() * 60'000;
    if (instant_.ms < act.granted_at.ms || instant_.ms >= end_ms) return false;
    std::int64_t signers = 0;
    std::set<std::string> roles;
    for (const std::string_view role : act.signer_roles)
      if (among(terms.at("roles"), role)) ++signers, roles.insert(std::string(role));
    const std::int64_t persons = terms.at("persons");
    const auto different = std::min(persons, static_cast<std::int64_t>(terms.at("roles").size()));
    return signers >= persons && static_cast<std::int64_t>(roles.size()) >= different;
  }

  // The declaration of this name in one of the document's arrays.
  const json& declaration(const char* what, std::string_view name) const {
    for (const json& one : sealed_.at(what))
      if (one.at("name") == std::string(name)) return one;
    throw std::logic_error("undeclared " + std::string(name));
  }

  std::int64_t local_day(UtcMillis instant) const {
    const auto floor = [](std::int64_t a, std::int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); };
    const std::int64_t utc_s = floor(instant.ms, 1000);
    std::int64_t offset = sealed_.at("offsets").at(0).at(1);
    for (const json& change : sealed_.at("offsets"))
      if (change.at(0) <= utc_s) offset = change.at(1);
    return floor(utc_s + offset, 86'400);
  }

  // Every day of presence, one by one.
  std::set<std::int64_t> days_of(std::span<const procedure::Stay> stays) const {
    std::set<std::int64_t> days;
    for (const procedure::Stay& stay : stays) {
      if (stay.entered > instant_) continue;
      const std::int64_t last = local_day(std::min(stay.left, instant_));
      days.insert(last);
      days.insert(local_day(stay.entered));
      for (std::int64_t day = local_day(stay.entered); day <= last; ++day) days.insert(day);
    }
    return days;
  }
  Maybe stayed(const procedure::Fact<std::span<const procedure::Stay>>& stays, const json& operand) const {
    if (!stays.known) return std::nullopt;
    const std::int64_t today = local_day(instant_);
    std::set<std::int64_t> days = days_of(stays.value);
    days.insert(today);
    std::int64_t used = 0;
    for (const std::int64_t day : days)
      if (day > today - operand.at("in_any_days").get<std::int64_t>() && day <= today) ++used;
    return used <= operand.at("max_days");
  }
  Maybe absent(const json& operand) const {
    const auto& stays = operand.at("side") == "A" ? facts_.stays_on_a : facts_.stays_on_b;
    if (!stays.known) return std::nullopt;
    const std::set<std::int64_t> days = days_of(stays.value);
    return days.empty() || local_day(instant_) - *days.rbegin() >= operand.at("days");
  }

  static procedure::Fact<std::int64_t> counted(const procedure::CrossingCounts& counts,
                                               const std::string& per) {
    return per == "day" ? counts.today : per == "week" ? counts.this_week : counts.this_month;
  }

  Maybe quota(const json& operand) const {
    const json& quota = declaration("quota", operand.get<std::string>());
    Maybe counts = true;
    if (quota.contains("checkpoint"))
      counts = maybe_and(counts, named(facts_.checkpoint, quota["checkpoint"]));
    if (quota.contains("direction")) counts = maybe_and(counts, named(facts_.direction, quota["direction"]));
    if (quota.contains("category")) counts = maybe_and(counts, named(facts_.category, quota["category"]));
    Maybe room = std::nullopt;
    for (const procedure::QuotaFact& fact : facts_.quotas)
      if (operand == std::string(fact.quota)) room = at_least(fact.left, 1);
    return maybe_or(maybe_not(counts), room);
  }

  Maybe permitted(const json& kinds) const {
    if (!facts_.permits.known) return std::nullopt;
    for (const procedure::Permit& permit : facts_.permits.value)
      if (among(kinds, permit.kind) && permit.valid_from <= instant_ && instant_ < permit.valid_until)
        return true;
    return false;
  }

  Maybe notified(const json& operand) const {
    if (!facts_.notice.known) return std::nullopt;
    const procedure::Notice& notice = facts_.notice.value;
    constexpr std::int64_t kHour = 3'600'000;
    if (notice.notified_at == procedure::kNeverNotified) return false;
    if (instant_.ms < notice.notified_at.ms + operand.at("hours_before").get<std::int64_t>() * kHour)
      return false;
    bool objected = notice.objection == procedure::Notice::Objection::kRaised;
    if (objected && operand.contains("objection_within"))
      objected = notice.objected_at.ms <=
                 notice.notified_at.ms + operand.at("objection_within").get<std::int64_t>() * kHour;
    if (!objected && !operand.value("decided", false)) return true;
    if (notice.ruling == procedure::Notice::Ruling::kPending) return std::nullopt;
    return notice.ruling == procedure::Notice::Ruling::kApproved;
  }

  Maybe goods_at_most(const json& operand) const {
    Maybe result = true;
    for (const auto& [kind, bound] : operand.items())
      result = maybe_and(result, carried_at_most(kind, bound));
    return result;
  }
  Maybe carried_at_most(const std::string& kind, const json& bound) const {
    if (!facts_.goods.known) return std::nullopt;
    for (const procedure::Goods& goods : facts_.goods.value) {
      if (goods.kind != kind) continue;
      if (goods.amount == 0) return true;
      if (declaration("goods", kind).at("unit") != std::string(goods.unit)) return std::nullopt;
      if (goods.amount > bound.at("amount")) return false;
      if (bound.at("per") == "crossing") return true;
      const auto earlier = counted(goods.earlier, bound.at("per"));
      return earlier.known ? Maybe(earlier.value + goods.amount <= bound.at("amount")) : std::nullopt;
    }
    return true;
  }
  Maybe carries_none(const json& kinds) const {
    if (!facts_.goods.known) return std::nullopt;
    for (const procedure::Goods& goods : facts_.goods.value)
      if (goods.amount > 0 && among(kinds, goods.kind)) return false;
    return true;
  }

  Maybe convoy(const json& operand) const {
    if (!facts_.convoy.known) return std::nullopt;
    const procedure::Convoy& convoy = facts_.convoy.value;
    if (operand.contains("max_vehicles") && convoy.vehicles > operand["max_vehicles"]) return false;
    if (operand.contains("max_persons") && convoy.persons > operand["max_persons"]) return false;
    return !operand.value("escort", false) || convoy.escorted;
  }

  Maybe declared(const json& operand) const {
    Maybe result = true;
    for (const auto& [name, wanted] : operand.items()) result = maybe_and(result, recorded(name, wanted));
    return result;
  }
  Maybe recorded(const std::string& name, const json& wanted) const {
    const std::string type = declaration("fact", name).at("type");
    for (const procedure::DeclaredFact& fact : facts_.declared) {
      if (fact.name != name || !fact.value.known) continue;
      const procedure::DeclaredValue& value = fact.value.value;
      if (type == "bool") return (value.number == 1) == wanted;
      if (type == "enum") return among(wanted, value.word);
      if (type == "int")
        return (!wanted.contains("at_least") || value.number >= wanted["at_least"]) &&
               (!wanted.contains("at_most") || value.number <= wanted["at_most"]);
      return (!wanted.contains("from") || value.number >= wanted["from"]) &&
             (!wanted.contains("until") || value.number < wanted["until"]);
    }
    return std::nullopt;
  }

  bool within(const json& line) const {
    for (std::size_t i = 0; i + 1 < line.size(); i += 2)
      if (line[i] <= instant_s() && instant_s() < line[i + 1]) return true;
    return false;
  }
  Maybe in_season(const json& names) const {
    for (const std::string name : names)
      if (within(declaration("season", name).at("when"))) return true;
    return false;
  }

  static std::string word(int outcome) { return outcome == 0 ? "allow" : outcome == 1 ? "refer" : "refuse"; }
  static int number(const std::string& outcome) {
    return outcome == "refuse" ? 2 : outcome == "refer" ? 1 : 0;  // allow_and_report allows
  }
  std::int64_t instant_s() const {
    return instant_.ms >= 0 ? instant_.ms / 1000 : -((-instant_.ms + 999) / 1000);
  }

  static int admit(const json& article, Maybe applies, Maybe conditions) {
    if (applies != true || conditions == false) return 2;
    return conditions == true ? 0 : number(article.at("if_unknown"));
  }
  static int demand(const json& article, Maybe applies, Maybe holds) {
    if (applies == false || holds == true) return 0;
    return number(article.at(holds == false ? "otherwise" : "if_unknown"));
  }

  Maybe all(const json& conditions) const {
    Maybe result = true;
    for (const auto& [key, operand] : conditions.items()) result = maybe_and(result, holds(key, operand));
    return result;
  }

  static bool among(const json& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(), [&](const json& one) { return one == std::string(name); });
  }
  template <class T>
  static Maybe named(const procedure::Fact<T>& fact, const json& names) {
    if (!fact.known) return std::nullopt;
    if constexpr (std::is_same_v<T, std::string_view>)
      return among(names, fact.value);
    else
      return among(names, procedure::name_of(fact.value));
  }
  static Maybe at_least(const procedure::Fact<std::int64_t>& fact, std::int64_t bound) {
    return fact.known ? Maybe(fact.value >= bound) : std::nullopt;
  }
  static Maybe equals(const procedure::Fact<bool>& fact, bool wanted) {
    return fact.known ? Maybe(fact.value == wanted) : std::nullopt;
  }

  bool too_old(const std::string& list, std::int64_t age_ms) const {
    const json& declared = declaration("list", list);
    return declared.contains("max_age_hours") &&
           age_ms > declared["max_age_hours"].get<std::int64_t>() * 3'600'000;
  }
  Maybe on_any(const json& names) const {
    Maybe result = false;
    for (const std::string name : names) {
      Maybe on = std::nullopt;
      for (const procedure::ListFact& copy : facts_.lists)
        if (copy.list == name && copy.on.known && !too_old(name, copy.on.age_ms)) on = copy.on.value;
      result = maybe_or(result, on);
    }
    return result;
  }

  Maybe accompanied(const json& operand) const {
    if (!facts_.accompanied_by.known) return std::nullopt;
    if (operand == "nobody") return facts_.accompanied_by.value.empty();
    for (std::size_t i = 0; i < procedure::kRelations; ++i) {
      const auto relation = static_cast<procedure::Relation>(i);
      if (facts_.accompanied_by.value.contains(relation) && among(operand, procedure::name_of(relation)))
        return true;
    }
    return false;
  }

  bool open(const std::string& hours) const {
    const std::string direction(procedure::name_of(facts_.direction.value));
    for (const json& one : sealed_.at("hours")) {
      if (one.at("name") != hours) continue;
      const auto line = one.at("open").at(direction).get<std::vector<std::int64_t>>();
      for (std::size_t i = 0; i + 1 < line.size(); i += 2)
        if (line[i] <= instant_s() && instant_s() < line[i + 1]) return true;
    }
    return false;
  }
  Maybe within_hours(const json& names) const {
    if (!facts_.direction.known) return std::nullopt;
    Maybe result = false;
    for (const std::string name : names) {
      if (name != "checkpoint") {
        result = maybe_or(result, open(name));
      } else if (!facts_.checkpoint.known) {
        result = maybe_or(result, std::nullopt);
      } else {
        for (const json& checkpoint : sealed_.value("checkpoint", json::array()))
          if (checkpoint.at("name") == std::string(facts_.checkpoint.value) && checkpoint.contains("hours"))
            result = maybe_or(result, open(checkpoint.at("hours")));
      }
    }
    return result;
  }

  Maybe holds(const std::string& key, const json& operand) const {
    if (key == "category") return named(facts_.category, operand);
    if (key == "direction") return named(facts_.direction, operand);
    if (key == "checkpoint") return named(facts_.checkpoint, operand);
    if (key == "toward_side") return named(facts_.toward, operand);
    if (key == "side_of_residence") return named(facts_.side_of_residence, operand);
    if (key == "document_kind") return named(facts_.document_kind, operand);
    if (key == "document_issuer") return named(facts_.document_issuer, operand);
    if (key == "sex") return named(facts_.sex, operand);
    if (key == "document_valid_days") return at_least(facts_.document_days_left, operand);
    if (key == "document_readable") return equals(facts_.document_readable, operand);
    if (key == "age_at_least") return at_least(facts_.age_years, operand);
    if (key == "age_under") return maybe_not(at_least(facts_.age_years, operand));
    if (key == "accompanied_by") return accompanied(operand);
    if (key == "companions_at_most")
      return maybe_not(at_least(facts_.companions, operand.get<std::int64_t>() + 1));
    if (key == "within_hours") return within_hours(operand);
    if (key == "closed") return equals(facts_.closed, operand);
    if (key == "alternates") return equals(facts_.alternates, operand);
    if (key == "on_list") return on_any(operand);
    if (key == "not_on_list") return maybe_not(on_any(operand));
    if (key == "mode") return named(facts_.mode, operand);
    if (key == "date_between") return operand.at("from") <= instant_s() && instant_s() < operand.at("until");
    if (key == "within_season") return in_season(operand);
    if (key == "stay_on_side_a") return stayed(facts_.stays_on_a, operand);
    if (key == "stay_on_side_b") return stayed(facts_.stays_on_b, operand);
    if (key == "absent_for_at_least") return absent(operand);
    if (key == "crossings_at_most")
      return maybe_not(at_least(counted(facts_.crossings, operand.at("per")), operand.at("n")));
    if (key == "quota") return quota(operand);
    if (key == "permit") return permitted(operand);
    if (key == "notified") return notified(operand);
    if (key == "goods_at_most") return goods_at_most(operand);
    if (key == "goods_forbidden") return carries_none(operand);
    if (key == "weapons_none") return equals(facts_.weapons, !operand.get<bool>());
    if (key == "arms_handed_over") return equals(facts_.arms_handed_over, operand);
    if (key == "convoy") return convoy(operand);
    if (key == "fact") return declared(operand);
    throw std::logic_error("the reference does not know " + key);
  }

  const json& sealed_;
  const procedure::Facts& facts_;
  UtcMillis instant_;
};

}  // namespace crossline::testing
