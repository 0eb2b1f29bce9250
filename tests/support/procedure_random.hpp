// Random procedures, as sealed trees, and random facts that come near their bounds. Reproducible by seed.
#pragma once

#include "crossline/procedure/facts.hpp"

#include <array>
#include <random>
#include <string>
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
                {"offsets", json::array({json::array({0, 0})})},
                {"parties", {{"A", "North"}, {"B", "South"}}}};
    for (const auto name : kCategories) out["category"].push_back({{"name", name}});
    for (const auto name : kLists) out["list"].push_back({{"name", name}});
    for (const std::string name : {"h0", "h1"})
      out["hours"].push_back({{"name", name},
                              {"entry", json::object()},
                              {"exit", json::object()},
                              {"open", {{"entry", timeline()}, {"exit", timeline()}}}});
    out["checkpoint"] = json::array({{{"name", "p0"}, {"hours", "h0"}}, {{"name", "p1"}, {"hours", "h1"}}});
    for (std::uint64_t i = 0; i < articles; ++i) out["article"].push_back(article(std::to_string(i), i == 0));
    return out;
  }

  procedure::Facts facts() {
    procedure::Facts out;
    lists_.clear();
    for (const auto name : kLists)
      if (!one_in(6)) lists_.push_back({name, flag(4)});
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
      default:
        return subset(kLists);
    }
  }
  nlohmann::json conditions(std::uint64_t least) {
    static constexpr std::array<std::string_view, 19> kWords{
        "category",        "direction",           "checkpoint",
        "toward_side",     "side_of_residence",   "document_kind",
        "document_issuer", "document_valid_days", "document_readable",
        "age_under",       "age_at_least",        "sex",
        "accompanied_by",  "companions_at_most",  "within_hours",
        "closed",          "alternates",          "on_list",
        "not_on_list"};
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

  std::mt19937_64 random_;
  std::vector<procedure::ListFact> lists_;
};

}  // namespace crossline::testing
