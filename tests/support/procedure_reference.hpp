// A second, slow and obvious evaluator of sealed procedures, written from docs/procedure-language.md. It
// walks the JSON and compares strings; it shares nothing with the shipping one but Facts and the
// enumerations.
#pragma once

#include "crossline/procedure/decision.hpp"
#include "crossline/procedure/facts.hpp"

#include <algorithm>
#include <optional>
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
  friend bool operator==(const ReferenceClause&, const ReferenceClause&) = default;
};
struct ReferenceDecision {
  std::string verdict;
  std::string basis;
  std::vector<ReferenceClause> clauses;
};

class ReferenceEvaluator {
 public:
  ReferenceEvaluator(const json& sealed, const procedure::Facts& facts, UtcMillis instant)
      : sealed_(sealed), facts_(facts), instant_(instant) {}

  ReferenceDecision decide() const {
    ReferenceDecision out;
    int admission = 2;  // allow 0, refer 1, refuse 2
    int demands = 0;
    for (const json& article : sealed_.at("article")) {
      const Maybe applies = all(article.value("applies_to", json::object()));
      for (const std::string kind : {"admit", "require", "prohibit"}) {
        if (!article.contains(kind)) continue;
        const Maybe conditions = all(article.at(kind));
        const int outcome = kind == "admit"     ? admit(article, applies, conditions)
                            : kind == "require" ? demand(article, applies, conditions)
                                                : demand(article, applies, maybe_not(conditions));
        out.clauses.push_back({article.at("id"), kind, word(outcome)});
        if (kind == "admit")
          admission = std::min(admission, outcome);
        else
          demands = std::max(demands, outcome);
      }
    }
    const std::int64_t now_s = instant_s();
    if (facts_.returning.known && facts_.returning.value) {
      out.verdict = "allow", out.basis = "return";
    } else if (now_s < sealed_.at("in_force").at("from") || now_s >= sealed_.at("in_force").at("until")) {
      out.verdict = "refuse", out.basis = "not_in_force";
    } else if (admission == 2 || admission > demands) {
      out.verdict = word(admission), out.basis = "not_admitted";
    } else {
      out.verdict = word(std::max(admission, demands)), out.basis = "clauses";
    }
    return out;
  }

 private:
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

  Maybe on_any(const json& names) const {
    Maybe result = false;
    for (const std::string name : names) {
      Maybe on = std::nullopt;
      for (const procedure::ListFact& copy : facts_.lists)
        if (copy.list == name && copy.on.known) on = copy.on.value;
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
    throw std::logic_error("the reference does not know " + key);
  }

  const json& sealed_;
  const procedure::Facts& facts_;
  UtcMillis instant_;
};

}  // namespace crossline::testing
