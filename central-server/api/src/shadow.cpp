// What the next edition would change, on the movements of now.
#include "crossline/server/shadow.hpp"

#include "crossline/api/operations.hpp"
#include "crossline/api/reading.hpp"
#include "render.hpp"
#include "small_cells.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace crossline::api {
namespace {

using accounts::Permission;

constexpr std::array kCounts{"newly_allowed", "newly_referred", "newly_refused"};

// Counts of few people are hidden from who may not see individuals; how many were.
json counts_json(const server::ShadowCounts& counts, bool sees_all, std::int64_t& hidden_cells) {
  std::vector<bool> hidden(counts.size(), false);
  if (!sees_all) hide_small_cells(counts, hidden);
  json made = json::object();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    made[kCounts[i]] = hidden[i] ? json() : json(counts[i]);
    hidden_cells += hidden[i] ? 1 : 0;
  }
  return made;
}

json case_json(const server::ShadowCase& one, const std::optional<procedure::Edition>& now,
               const std::optional<procedure::Edition>& next) {
  return {{"ledger_index", one.entry.value()},
          {"at", instant_json(one.at)},
          {"subject", one.subject.hex()},
          {"checkpoint", one.checkpoint},
          {"direction", movement::name_of(one.direction)},
          {"category", one.category},
          {"now", judgement_json(one.verdict_now, one.articles_now, now)},
          {"next", judgement_json(one.verdict_next, one.articles_next, next)}};
}

bool sees_cases(accounts::Role role) {
  return accounts::may(role, Permission::kSeeCases) || accounts::may(role, Permission::kReadEntries);
}

}  // namespace

Answer<json> get_shadow(const Services& services, const Call& call) {
  QueryReader query(call.query);
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  CROSSLINE_ANSWER_TRY(const ShadowNow now, services.queries.shadow());
  const UtcMillis instant = services.clock.now();
  const auto in_force = services.queries.edition();
  const bool counted = now.next && now.shadow.edition() == now.next->hash();
  const server::Shadow shadow = counted ? now.shadow : server::Shadow();
  const bool sees_all = accounts::may(call.caller.role, Permission::kSeeSmallFigures);
  std::int64_t hidden_cells = 0;
  json articles = json::array();
  for (const auto& [id, counts] : shadow.by_article()) {
    const auto* article = find_article(now.next, id);
    json row = counts_json(counts, sees_all, hidden_cells);
    row["id"] = id;
    row["text"] = article == nullptr ? json::object() : text_json(article->text);
    articles.push_back(std::move(row));
  }
  json cases;
  if (sees_cases(call.caller.role)) {
    cases = json::array();
    for (const auto& one : shadow.cases()) cases.push_back(case_json(one, in_force, now.next));
  }
  json total = counts_json(shadow.total(), sees_all, hidden_cells);
  return json{{"as_of", as_of_json(services, now.as_of)},
              {"edition", now.next ? edition_ref_json(*now.next, instant) : json()},
              {"since", counted ? instant_json(shadow.since()) : json()},
              {"movements", shadow.movements()},
              {"total", std::move(total)},
              {"articles", std::move(articles)},
              {"hidden_cells", hidden_cells},
              {"cases", std::move(cases)}};
}

}  // namespace crossline::api
