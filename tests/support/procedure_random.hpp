// Random procedures, as sealed trees, and random facts that come near their bounds. Reproducible by seed.
#pragma once

#include "crossline/procedure/facts.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace crossline::testing {

class ProcedureRandom {
 public:
  explicit ProcedureRandom(std::uint64_t seed) : random_(seed) {}

  static constexpr std::int64_t kFrom_s = 1'767'225'600;  // 2026-01-01T00:00:00Z
  static constexpr std::int64_t kUntil_s = kFrom_s + 1'000;
  static constexpr std::array<std::string_view, 3> kCategories{"c0", "c1", "c2"};
  static constexpr std::array<std::string_view, 3> kCheckpoints{"p0", "p1", "p2"};  // p2 is not declared
  static constexpr std::array<std::string_view, 3> kLists{"l0", "l1", "l2"};

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  nlohmann::json procedure() { return procedure_of(1 + below(12)); }
  nlohmann::json procedure_of(std::uint64_t articles) {
    using nlohmann::json;
    json out = {{"vocabulary", 1},
                {"procedure", "random"},
                {"edition", 1},
                {"in_force", {{"clock", "UTC"}, {"from", kFrom_s}, {"until", kUntil_s}}},
                {"offsets", json::array({{0, -200}, {kFrom_s + 500, -700}})},  // midnight twice
                {"parties", {{"A", "North"}, {"B", "South"}}}};
    for (const auto name : kCategories) out["category"].push_back({{"name", name}});
    for (const auto name : kLists) out["list"].push_back({{"name", name}});
    out["list"][0]["max_age_hours"] = 1;
    add_declarations(out);
    for (const std::string name : {"h0", "h1"})
      out["hours"].push_back({{"name", name},
                              {"entry", json::object()},
                              {"exit", json::object()},
                              {"open", {{"entry", timeline()}, {"exit", timeline()}}}});
    out["checkpoint"] = json::array({{{"name", "p0"}, {"hours", "h0"}}, {{"name", "p1"}, {"hours", "h1"}}});
    for (std::uint64_t i = 0; i < articles; ++i) out["article"].push_back(article(std::to_string(i), i == 0));
    for (json& one : out["article"]) add_exemptions(one, out["article"]);
    return out;
  }

  procedure::Facts facts() {
    procedure::Facts out;
    lists_.clear();
    for (const auto name : kLists)
      if (!one_in(6)) {
        lists_.push_back({name, flag(4)});
        lists_.back().on.age_ms = static_cast<std::int64_t>(below(3)) * 1'800'001;
      }
    out.lists = lists_;
    out.direction = pick<procedure::Direction>(2);
    out.checkpoint = name(kCheckpoints);
    out.toward = pick<procedure::Side>(2);
    out.side_of_residence = pick<procedure::Side>(2);
    out.category = name(std::array<std::string_view, 4>{"c0", "c1", "c2", "c9"});
    out.document_kind = name(std::array<std::string_view, 3>{"passport", "visa", "id_card"});
    out.document_issuer = name(std::array<std::string_view, 3>{"XAA", "XBB", "UTO"});
    out.sex = pick<procedure::Sex>(3);
    out.document_days_left = number(-1, 4);
    out.document_readable = flag(2);
    out.age_years = number(0, 5);
    out.companions = number(0, 4);
    out.closed = flag(2);
    out.alternates = flag(2);
    if (one_in(8)) out.returning = flag(2);
    out.mode = pick<procedure::Mode>(2);
    out.weapons = flag(2);
    out.arms_handed_over = flag(2);
    out.crossings = counts();
    add_records(out);
    add_acts(out);
    if (!one_in(6)) {
      procedure::RelationSet set;
      for (std::size_t i = 0; i < procedure::kRelations; ++i)
        if (one_in(5)) set.add(static_cast<procedure::Relation>(i));
      out.accompanied_by = {set, procedure::Source::kOfficer};
    }
    return out;
  }

  UtcMillis instant() {
    return {(kFrom_s - 5 + static_cast<std::int64_t>(below(1'010))) * 1000 +
            static_cast<std::int64_t>(below(3)) * 499};
  }

 private:
  template <std::size_t n>
  nlohmann::json subset(const std::array<std::string_view, n>& names) {
    nlohmann::json out = nlohmann::json::array();
    while (out.empty())
      for (const auto one : names)
        if (one_in(2)) out.push_back(one);
    std::sort(out.begin(), out.end());
    return out;
  }
  nlohmann::json timeline() {
    nlohmann::json out = nlohmann::json::array();
    std::int64_t at = kFrom_s;
    for (auto spans = below(4); spans > 0; --spans)
      for (int i = 0; i < 2; ++i) out.push_back(at += 1 + static_cast<std::int64_t>(below(150)));
    return out;
  }
  nlohmann::json operand(std::size_t word) {
    switch (word) {
      case 0:
        return subset(kCategories);
      case 1:
        return subset(std::array<std::string_view, 2>{"entry", "exit"});
      case 2:
        return subset(std::array<std::string_view, 2>{"p0", "p1"});
      case 3:
      case 4:
        return subset(std::array<std::string_view, 2>{"A", "B"});
      case 5:
        return subset(std::array<std::string_view, 2>{"passport", "visa"});
      case 6:
        return subset(std::array<std::string_view, 2>{"XAA", "XBB"});
      case 7:
        return below(4);
      case 8:
      case 15:
      case 16:
      case 31:
      case 32:
        return one_in(2);
      case 9:
      case 10:
        return 1 + below(4);
      case 11:
        return subset(std::array<std::string_view, 3>{"female", "male", "unspecified"});
      case 12:
        if (one_in(4)) return "nobody";
        return subset(std::array<std::string_view, 4>{"escort", "guardian", "parent", "patient"});
      case 13:
        return below(3);
      case 14:
        return subset(std::array<std::string_view, 3>{"checkpoint", "h0", "h1"});
      case 17:
      case 18:
        return subset(kLists);
      default:
        return table(word);
    }
  }
  static nlohmann::json object(std::initializer_list<std::pair<const char*, nlohmann::json>> members) {
    nlohmann::json out = nlohmann::json::object();
    for (const auto& [key, value] : members) out[key] = value;
    return out;
  }
  std::string period(bool crossing) {
    static constexpr std::array<std::string_view, 4> kPeriods{"day", "week", "month", "crossing"};
    return std::string(kPeriods[below(crossing ? 4 : 3)]);
  }
  nlohmann::json amount() { return object({{"amount", below(5)}, {"per", period(true)}}); }
  nlohmann::json table(std::size_t word) {
    using nlohmann::json;
    switch (word) {
      case 19:
        return subset(std::array<std::string_view, 2>{"on_foot", "vehicle"});
      case 20: {
        const std::int64_t from = kFrom_s + static_cast<std::int64_t>(below(800));
        return object({{"from", from}, {"until", from + 1 + static_cast<std::int64_t>(below(400))}});
      }
      case 21:
        return subset(std::array<std::string_view, 2>{"s0", "s1"});
      case 22:
      case 23:
        return object({{"max_days", 1 + below(3)}, {"in_any_days", 1 + below(5)}});
      case 24:
        return object({{"side", one_in(2) ? "A" : "B"}, {"days", 1 + below(3)}});
      case 25:
        return object({{"n", 1 + below(3)}, {"per", period(false)}});
      case 26:
        return one_in(2) ? "q0" : "q1";
      case 27:
        return subset(std::array<std::string_view, 2>{"k0", "k1"});
      case 28: {
        json out = object({{"hours_before", below(3)}});
        if (one_in(2)) out["objection_within"] = below(2);
        if (one_in(2)) out["decided"] = one_in(2);
        return out;
      }
      case 29: {
        json out = json::object();
        if (one_in(2)) out["g0"] = amount();
        if (out.empty() || one_in(2)) out["g1"] = amount();
        return out;
      }
      case 30:
        return subset(std::array<std::string_view, 2>{"g0", "g1"});
      case 33: {
        json out = object({{"max_vehicles", below(3)}});
        if (one_in(2)) out["max_persons"] = below(3);
        if (one_in(2)) out["escort"] = one_in(2);
        return out;
      }
      default: {
        json out = json::object();
        if (one_in(2)) out["f_bool"] = one_in(2);
        if (one_in(2)) out["f_enum"] = subset(std::array<std::string_view, 3>{"x", "y", "z"});
        if (one_in(2)) out["f_int"] = object({{one_in(2) ? "at_least" : "at_most", below(4)}});
        if (out.empty()) out["f_date"] = object({{one_in(2) ? "from" : "until", 20'000 + below(3)}});
        return out;
      }
    }
  }
  void add_declarations(nlohmann::json& out) {
    for (const std::string name : {"s0", "s1"})
      out["season"].push_back(
          object({{"name", name}, {"from", "01-01"}, {"until", "01-02"}, {"when", timeline()}}));
    for (const std::string name : {"k0", "k1"}) out["permit"].push_back(object({{"name", name}}));
    for (const std::string name : {"g0", "g1"})
      out["goods"].push_back(object({{"name", name}, {"unit", "kg"}}));
    for (const std::string name : {"d0", "d1"})
      out["duty"].push_back(object({{"name", name}, {"text", object({{"en", "x"}})}}));
    out["quota"].push_back(object({{"name", "q0"}, {"per_day", 3}}));
    out["quota"].push_back(object({{"name", "q1"}, {"per_day", 3}}));
    if (one_in(2)) out["quota"][0]["category"] = subset(kCategories);
    if (one_in(2)) out["quota"][0]["checkpoint"] = subset(std::array<std::string_view, 2>{"p0", "p1"});
    if (one_in(2)) out["quota"][0]["direction"] = subset(std::array<std::string_view, 2>{"entry", "exit"});
    out["fact"].push_back(object({{"name", "f_bool"}, {"type", "bool"}}));
    out["fact"].push_back(object({{"name", "f_date"}, {"type", "date"}}));
    out["fact"].push_back(
        object({{"name", "f_enum"}, {"type", "enum"}, {"values", nlohmann::json::array({"x", "y", "z"})}}));
    out["fact"].push_back(object({{"name", "f_int"}, {"type", "int"}}));
  }
  static bool can_be_lifted(const nlohmann::json& article) {
    return (article.contains("require") || article.contains("prohibit")) && !article.contains("absolute");
  }
  void add_exemptions(nlohmann::json& article, const nlohmann::json& all) {
    if (!one_in(4)) return;
    nlohmann::json lifted = nlohmann::json::array();
    for (const nlohmann::json& other : all)
      if (can_be_lifted(other) && other["id"] != article["id"] && one_in(3)) lifted.push_back(other["id"]);
    std::sort(lifted.begin(), lifted.end());
    if (!lifted.empty()) article["exempts"] = lifted;
  }
  nlohmann::json conditions(std::uint64_t least) {
    static constexpr std::array<std::string_view, 35> kWords{"category",
                                                             "direction",
                                                             "checkpoint",
                                                             "toward_side",
                                                             "side_of_residence",
                                                             "document_kind",
                                                             "document_issuer",
                                                             "document_valid_days",
                                                             "document_readable",
                                                             "age_under",
                                                             "age_at_least",
                                                             "sex",
                                                             "accompanied_by",
                                                             "companions_at_most",
                                                             "within_hours",
                                                             "closed",
                                                             "alternates",
                                                             "on_list",
                                                             "not_on_list",
                                                             "mode",
                                                             "date_between",
                                                             "within_season",
                                                             "stay_on_side_a",
                                                             "stay_on_side_b",
                                                             "absent_for_at_least",
                                                             "crossings_at_most",
                                                             "quota",
                                                             "permit",
                                                             "notified",
                                                             "goods_at_most",
                                                             "goods_forbidden",
                                                             "weapons_none",
                                                             "arms_handed_over",
                                                             "convoy",
                                                             "fact"};
    nlohmann::json out = nlohmann::json::object();
    for (auto count = least + below(3); count > 0; --count) {
      const auto word = below(kWords.size());
      out[std::string(kWords[word])] = operand(word);
    }
    return out;
  }
  nlohmann::json article(const std::string& id, bool admits) {
    static constexpr std::array<std::string_view, 3> kIfUnknown{"allow_and_report", "refer", "refuse"};
    nlohmann::json out = {{"id", id},
                          {"text", {{"en", "x"}}},
                          {"otherwise", one_in(2) ? "refer" : "refuse"},
                          {"if_unknown", kIfUnknown[below(3)]}};
    if (one_in(2)) out["applies_to"] = conditions(1);
    if (admits || one_in(4)) out["admit"] = conditions(0);
    if (one_in(2)) out["require"] = conditions(1);
    if (one_in(3) || (!out.contains("admit") && !out.contains("require"))) out["prohibit"] = conditions(1);
    if (one_in(8)) out["absolute"] = true;
    if (one_in(4)) out["survives_expiry"] = true;
    if (one_in(6)) out["duty"] = subset(std::array<std::string_view, 2>{"d0", "d1"});
    if (can_be_lifted(out) && one_in(3))
      out["override"] = object({{"persons", 1 + below(2)},
                                {"roles", subset(std::array<std::string_view, 2>{"A.lead", "B.lead"})},
                                {"valid_minutes", 1 + below(5)}});
    return out;
  }

  template <class Enum>
  procedure::Fact<Enum> pick(std::uint64_t count) {
    if (one_in(8)) return {};
    return {static_cast<Enum>(below(count)), procedure::Source::kReplica};
  }
  template <std::size_t n>
  procedure::Fact<std::string_view> name(const std::array<std::string_view, n>& names) {
    if (one_in(8)) return {};
    return {names[below(n)], procedure::Source::kDocument};
  }
  procedure::Fact<std::int64_t> number(std::int64_t least, std::uint64_t count) {
    if (one_in(8)) return {};
    return {least + static_cast<std::int64_t>(below(count)), procedure::Source::kDocument};
  }
  procedure::Fact<bool> flag(std::uint64_t one_true_in) {
    if (one_in(8)) return {};
    return {one_in(one_true_in), procedure::Source::kReplica};
  }

  UtcMillis near() { return {instant().ms - static_cast<std::int64_t>(below(4)) * 1'800'000}; }
  procedure::CrossingCounts counts() {
    return {.today = number(0, 4), .this_week = number(0, 4), .this_month = number(0, 4)};
  }
  procedure::Fact<std::span<const procedure::Stay>> stays(std::vector<procedure::Stay>& kept) {
    constexpr std::int64_t kDay_ms = 86'400'000;
    kept.clear();
    for (auto left = below(4); left > 0; --left) {
      const std::int64_t entered = instant().ms - static_cast<std::int64_t>(below(6)) * kDay_ms;
      const std::int64_t for_ms =
          static_cast<std::int64_t>(below(3)) * kDay_ms + static_cast<std::int64_t>(below(300'000));
      kept.push_back({{entered}, one_in(6) ? procedure::kStillPresent : UtcMillis{entered + for_ms}});
    }
    std::ranges::sort(kept, {}, &procedure::Stay::entered);
    if (one_in(8)) return {};
    return {kept, procedure::Source::kReplica};
  }
  void add_records(procedure::Facts& out) {
    out.stays_on_a = stays(stays_on_a_);
    out.stays_on_b = stays(stays_on_b_);
    permits_.clear();
    for (const std::string_view kind : {"k0", "k1", "k9"})
      if (one_in(3)) permits_.push_back({kind, near(), near()});
    if (!one_in(8)) out.permits = {permits_, procedure::Source::kReplica};
    quotas_.clear();
    for (const std::string_view name : {"q0", "q1"})
      if (!one_in(6)) quotas_.push_back({name, number(0, 3)});
    out.quotas = quotas_;
    goods_.clear();
    for (const std::string_view kind : {"g0", "g1", "g9"})
      if (one_in(2))
        goods_.push_back({kind, one_in(6) ? "l" : "kg", static_cast<std::int64_t>(below(5)), counts()});
    if (!one_in(8)) out.goods = {goods_, procedure::Source::kOfficer};
    if (!one_in(8))
      out.convoy = {procedure::Convoy{.vehicles = static_cast<std::int64_t>(below(4)),
                                      .persons = static_cast<std::int64_t>(below(4)),
                                      .escorted = one_in(2)},
                    procedure::Source::kOfficer};
  }
  void add_acts(procedure::Facts& out) {
    using procedure::Notice;
    if (!one_in(8)) {
      const UtcMillis at = one_in(6) ? procedure::kNeverNotified : near();
      out.notice = {Notice{.notified_at = at,
                           .objection = static_cast<Notice::Objection>(below(2)),
                           .objected_at = {near()},
                           .ruling = static_cast<Notice::Ruling>(below(3)),
                           .ruled_at = {near()}},
                    procedure::Source::kServer};
    }
    declared_.clear();
    const auto declare = [this](std::string_view name, std::int64_t number, std::string_view word) {
      if (one_in(5)) return;
      declared_.push_back({name, {}});
      if (!one_in(6))
        declared_.back().value = {procedure::DeclaredValue{number, word}, procedure::Source::kOfficer};
    };
    static constexpr std::array<std::string_view, 3> kWords{"x", "y", "z"};
    declare("f_bool", static_cast<std::int64_t>(below(2)), {});
    declare("f_enum", 0, kWords[below(3)]);
    declare("f_int", static_cast<std::int64_t>(below(4)), {});
    declare("f_date", 20'000 + static_cast<std::int64_t>(below(3)), {});
    out.declared = declared_;
    overrides_.clear();
    static constexpr std::array<std::string_view, 4> kSigners{"A.lead", "B.lead", "A.lead", "G.observer"};
    static constexpr std::array<std::string_view, 6> kArticles{"0", "1", "2", "3", "4", "99"};
    for (auto left = below(3); left > 0; --left)
      overrides_.push_back({kArticles[below(6)], instant(), std::span(kSigners).subspan(below(2), below(3))});
    out.overrides = overrides_;
  }

  std::mt19937_64 random_;
  std::vector<procedure::ListFact> lists_;
  std::vector<procedure::Stay> stays_on_a_;
  std::vector<procedure::Stay> stays_on_b_;
  std::vector<procedure::Permit> permits_;
  std::vector<procedure::QuotaFact> quotas_;
  std::vector<procedure::Goods> goods_;
  std::vector<procedure::DeclaredFact> declared_;
  std::vector<procedure::Override> overrides_;
};

}  // namespace crossline::testing
