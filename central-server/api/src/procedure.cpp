// The edition in force as a document that people can read.
#include "crossline/api/operations.hpp"
#include "crossline/api/reading.hpp"
#include "crossline/base/text.hpp"
#include "crossline/procedure/describe.hpp"
#include "render.hpp"

#include <set>

namespace crossline::api {
namespace {

json clause_json(const procedure::Edition& edition, const procedure::Article& article,
                 const procedure::Clause& clause) {
  using procedure::ClauseKind;
  json made = {{"kind", procedure::name_of(clause.kind)}, {"text", json::object()}};
  for (const std::string& language : edition.languages()) {
    made["text"][language] = procedure::describe(edition, article, clause, language);
  }
  if (clause.kind == ClauseKind::kRequire || clause.kind == ClauseKind::kProhibit) {
    made["otherwise"] = procedure::name_of(article.otherwise);
    made["if_unknown"] = procedure::name_of(article.if_unknown);
  }
  return made;
}

json article_json(const procedure::Edition& edition, const procedure::Article& article) {
  json clauses = json::array();
  for (const auto& clause : article.clauses) clauses.push_back(clause_json(edition, article, clause));
  return {{"id", article.id}, {"text", text_json(article.text)}, {"clauses", std::move(clauses)}};
}

// What the edition declares of one kind, with the words that it has for each; without any, the text is empty.
template <class Declared>
json named_json(const std::vector<Declared>& all) {
  json made = json::array();
  for (const Declared& one : all) made.push_back({{"name", one.name}, {"text", text_json(one.text)}});
  return made;
}

json edition_json(const procedure::Edition& edition, UtcMillis now) {
  const procedure::Procedure& procedure = edition.procedure();
  json made = edition_ref_json(edition, now);
  made["name"] = edition.name();
  made["clock"] = procedure.clock;
  made["parties"] = procedure.parties;
  made["categories"] = named_json(procedure.categories);
  made["lists"] = named_json(procedure.lists);
  made["permits"] = named_json(procedure.permits);
  made["articles"] = json::array();
  for (const auto& article : procedure.articles) made["articles"].push_back(article_json(edition, article));
  return made;
}

constexpr std::uint64_t kMaxEditionNumber = 1'000'000;

// The edition that a parameter names by its number.
Answer<procedure::Edition> edition_of(const Services& services, QueryReader& query, std::string_view name) {
  const auto text = query.text(name, 7);
  const auto number = text ? parse_u64(*text) : std::nullopt;
  if (!number || *number == 0 || *number > kMaxEditionNumber)
    return invalid(name, "the number of an edition");
  CROSSLINE_ANSWER_TRY(auto edition, services.queries.edition_numbered(*number));
  if (!edition) return refuse(404, "not_found", fmt::format("edition {} was never adopted", *number));
  return *std::move(edition);
}

// Ids of every article that a difference speaks of.
std::set<std::string> articles_named_in(const json& difference) {
  std::set<std::string> named;
  for (const char* list : {"added", "removed", "changed"})
    for (const json& id : difference.at(list)) named.insert(id.get<std::string>());
  for (const json& change : difference.at("changes")) {
    named.insert(change.at("article").get<std::string>());
    for (const json& decision : change.at("decisions"))
      for (const json& id : decision.at("because")) named.insert(id.get<std::string>());
  }
  return named;
}

// The agreed words of those articles, as far as this edition has them.
json words_of(const procedure::Edition& edition, const std::set<std::string>& named) {
  json words = json::array();
  for (const auto& article : edition.articles()) {
    if (named.contains(article.id)) words.push_back({{"id", article.id}, {"text", text_json(article.text)}});
  }
  return words;
}

}  // namespace

Answer<json> get_procedure(const Services& services, const Call& call) {
  QueryReader query(call.query);
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  CROSSLINE_ANSWER_TRY(const AsOf as_of, services.queries.as_of());
  const auto edition = services.queries.edition();
  return json{{"as_of", as_of_json(services, as_of)},
              {"edition", edition ? edition_json(*edition, services.clock.now()) : json()}};
}

Answer<json> get_differences(const Services& services, const Call& call) {
  QueryReader query(call.query);
  CROSSLINE_ANSWER_TRY(const procedure::Edition before, edition_of(services, query, "from"));
  CROSSLINE_ANSWER_TRY(const procedure::Edition after, edition_of(services, query, "to"));
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  CROSSLINE_ANSWER_TRY(const std::string difference, services.differences.difference(before, after));
  json answer = json::parse(difference);
  const std::set<std::string> named = articles_named_in(answer);
  answer["before"]["articles"] = words_of(before, named);
  answer["after"]["articles"] = words_of(after, named);
  return answer;
}

}  // namespace crossline::api
