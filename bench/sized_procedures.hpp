// Procedures of an exact number of clauses, and the people they are asked about.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/fact_sheet.hpp"
#include "tests/support/procedure_random.hpp"
#include "tests/support/sample_edition.hpp"

#include <array>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::bench {

inline std::size_t clauses_of(const procedure::Edition& edition) {
  std::size_t count = 0;
  for (const auto& article : edition.articles()) count += article.clauses.size();
  return count;
}

// The first random procedure, by seed and number of articles, that has exactly so many clauses: the whole
// vocabulary in any combination, more exemptions than anybody would agree to.
inline nlohmann::json random_procedure(std::size_t clauses) {
  for (std::uint64_t seed = 1;; ++seed)
    for (std::uint64_t articles = clauses / 2; articles < clauses; ++articles) {
      auto sealed = testing::ProcedureRandom(seed).procedure_of(articles);
      const std::size_t has = clauses_of(procedure::Edition::load(as_bytes(sealed.dump())).value());
      if (has == clauses) return sealed;
      if (has > clauses) break;
    }
}

// What two sides with several checkpoints would agree, written out for every checkpoint and category.
class AgreedLine {
 public:
  static constexpr std::array<std::string_view, 8> kCategories{
      "resident_a", "resident_b", "student", "worker", "farmer", "patient", "driver", "official"};
  static constexpr std::array<std::string_view, 10> kCheckpoints{
      "bridge", "ferry", "forest", "hill", "market", "mill", "north", "rail", "road", "south"};
  static constexpr std::array<std::string_view, 8> kGoods{"cash",     "cargo",   "fuel",   "grain",
                                                          "medicine", "spirits", "timber", "tobacco"};
  static constexpr std::array<std::string_view, 2> kDirections{"entry", "exit"};

  // Sealed. Requires room for every kind of article (some 150 clauses) and at most one for every checkpoint
  // and category beside them.
  static std::string sealed(std::size_t clauses) {
    AgreedLine line;
    line.write(clauses);
    const auto authored = procedure::parse_toml(line.toml_);
    if (!authored) throw std::runtime_error(authored.error().front().to_string("line"));
    const auto sealed = procedure::seal(*authored, testing::UtcOnly());
    if (!sealed) throw std::runtime_error(sealed.error().front().to_string("line"));
    return std::string(as_text(sealed->bytes));
  }

  // Somebody who comes to one of its posts: most fulfil most of it.
  static procedure::FactSheet traveller(const procedure::Edition& edition, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto below = [&](std::uint64_t bound) { return random() % bound; };
    const auto one_of = [&](const auto& names) { return names[below(names.size())]; };
    nlohmann::json facts = {
        {"category", one_of(kCategories)},
        {"checkpoint", one_of(kCheckpoints)},
        {"direction", one_of(kDirections)},
        {"age", 5 + below(80)},
        {"document_days_left", below(2'000)},
        {"companions", below(3)},
        {"mode", below(3) == 0 ? "vehicle" : "on_foot"},
        {"closed", below(20) == 0},
        {"weapons", below(50) == 0},
        {"crossings", {{"today", below(3)}, {"this_week", below(8)}, {"this_month", below(30)}}},
        {"at", fmt::format("2026-{:02}-{:02}T{:02}:{:02}:00", 1 + below(12), 1 + below(28), 6 + below(14),
                           below(60))}};
    facts["goods"] = nlohmann::json::object();
    for (auto kinds = below(3); kinds > 0; --kinds) facts["goods"][one_of(kGoods)] = below(120);
    for (const std::string_view checkpoint : kCheckpoints)
      for (const std::string_view direction : kDirections)
        facts["quotas"][fmt::format("{}_{}", checkpoint, direction)] = below(200);
    if (below(10) == 0) facts["permits"] = nlohmann::json::array({{{"kind", "humanitarian"}}});
    facts["stays_on_b"] = nlohmann::json::array();
    for (auto stays = below(12), month = std::uint64_t{1}; stays > 0; --stays, ++month)
      facts["stays_on_b"].push_back({fmt::format("2025-{:02}-01T08:00:00", month),
                                     fmt::format("2025-{:02}-{:02}T18:00:00", month, 1 + below(20))});
    facts["facts"] = {{"birth_certificate", below(4) != 0}};
    auto sheet = procedure::FactSheet::parse_case(facts.dump(), edition);
    if (!sheet) throw std::runtime_error(sheet.error().to_string());
    return *std::move(sheet);
  }

 private:
  void declare() {
    toml_ += R"(procedure = "long-line"
edition = 1
in_force = { from = 2026-01-01T00:00:00, until = 2027-01-01T00:00:00, clock = "UTC" }
parties = { A = "North", B = "South" }
[list.hold]
[list.watch]
max_age_hours = 24
[permit.humanitarian]
[fact.birth_certificate]
type = "bool"
[duty.note]
text = "The reason is noted."
[season.summer]
from = "05-01"
until = "10-01"
[season.winter]
from = "10-01"
until = "05-01"
)";
    for (const auto category : kCategories)
      toml_ += fmt::format(
          "[category.{}]\ndocument = {{ kind = [\"passport\", \"id_card\"], issuer = \"X{}\" }}\n", category,
          category == "resident_b" ? "BB" : "AA");
    for (const auto kind : kGoods) toml_ += fmt::format("[goods.{}]\nunit = \"kg\"\n", kind);
    for (const auto checkpoint : kCheckpoints) {
      toml_ += fmt::format("[checkpoint.{0}]\nhours = \"{0}\"\n", checkpoint);
      for (const std::string& name : {std::string(checkpoint), fmt::format("{}_winter", checkpoint)})
        toml_ += fmt::format(
            "[hours.{}]\nentry = {{ mon-sat = \"07:00-12:00, 13:00-18:30\" }}\nexit = {{ mon-sun = "
            "\"07:00-18:30\" }}\n",
            name);
      for (const auto direction : kDirections)
        toml_ += fmt::format("[quota.{0}_{1}]\ncheckpoint = \"{0}\"\ndirection = \"{1}\"\nper_day = 200\n",
                             checkpoint, direction);
    }
  }

  // `clauses` as TOML: how many of them `count` says.
  void article(std::string_view clauses, std::size_t count = 1) {
    written_ += count;
    toml_ += fmt::format("[[article]]\nid = \"{}\"\ntext = \"As agreed.\"\n{}\n", ++articles_, clauses);
  }

  void write(std::size_t clauses) {
    declare();
    for (const auto category : kCategories) of_category(category);
    for (const auto checkpoint : kCheckpoints) of_checkpoint(checkpoint);
    for (const auto kind : kGoods)
      for (const auto direction : kDirections)
        article(fmt::format(
            "applies_to = {{ direction = \"{}\" }}\nrequire = {{ goods_at_most = {{ {} = {{ amount = "
            "{}, per = \"day\" }} }} }}",
            direction, kind, direction == "entry" ? 50 : 100));
    article("prohibit = { on_list = \"hold\" }\notherwise = \"refer\"");
    article("prohibit = { on_list = \"watch\" }\notherwise = \"refer\"\nif_unknown = \"allow_and_report\"");
    article("require = { weapons_none = true }");
    article("require = { alternates = true }\notherwise = \"refer\"");
    for (const auto checkpoint : kCheckpoints)
      for (const auto category : kCategories)
        if (written_ < clauses)
          article(
              fmt::format("applies_to = {{ checkpoint = \"{}\", category = \"{}\" }}\nrequire = {{ "
                          "companions_at_most = {} }}\notherwise = \"refer\"",
                          checkpoint, category, 1 + (articles_ % 4)));
    if (written_ != clauses) throw std::runtime_error(fmt::format("{} clauses, not {}", written_, clauses));
  }

  void of_category(std::string_view category) {
    const std::string whom = fmt::format("category = \"{}\"", category);
    article(fmt::format("admit = {{ {} }}", whom));
    article(
        fmt::format("applies_to = {{ {} }}\nrequire = {{ document_kind = [\"passport\", \"id_card\"], "
                    "document_readable = true }}\notherwise = \"refer\"",
                    whom));
    article(
        fmt::format("applies_to = {{ {} }}\nrequire = {{ document_valid_days = {} }}", whom, 10 + articles_));
    article(
        fmt::format("applies_to = {{ {}, age_under = 14 }}\nrequire = {{ accompanied_by = [\"parent\", "
                    "\"guardian\"] }}\notherwise = \"refer\"",
                    whom));
    article(fmt::format(
        "applies_to = {{ {}, age_under = 16 }}\nrequire = {{ fact = {{ birth_certificate = true }} "
        "}}\notherwise = \"refer\"",
        whom));
    article(fmt::format(
        "applies_to = {{ {}, toward_side = \"B\" }}\nrequire = {{ stay_on_side_b = {{ max_days = {}, "
        "in_any_days = 180 }} }}",
        whom, 60 + articles_));
    article(
        fmt::format("applies_to = {{ {} }}\nrequire = {{ crossings_at_most = {{ n = {}, per = \"week\" }} "
                    "}}\notherwise = \"refer\"",
                    whom, 4 + articles_ % 5));
  }

  void of_checkpoint(std::string_view checkpoint) {
    const std::string where = fmt::format("checkpoint = \"{}\"", checkpoint);
    article(
        fmt::format("applies_to = {{ {}, within_season = \"summer\" }}\nrequire = {{ within_hours = "
                    "\"checkpoint\" }}",
                    where));
    article(
        fmt::format("applies_to = {{ {}, within_season = \"winter\" }}\nrequire = {{ within_hours = "
                    "\"{}_winter\" }}",
                    where, checkpoint));
    article(fmt::format("applies_to = {{ {} }}\nprohibit = {{ closed = true }}", where));
    const std::size_t closure = articles_;
    for (const auto direction : kDirections)
      article(fmt::format("require = {{ quota = \"{}_{}\" }}", checkpoint, direction));
    article(
        fmt::format("applies_to = {{ {}, permit = \"humanitarian\" }}\nexempts = [\"{}\"]\nduty = \"note\"",
                    where, closure),
        2);
  }

  std::string toml_;
  std::size_t articles_ = 0;
  std::size_t written_ = 0;
};

}  // namespace crossline::bench
