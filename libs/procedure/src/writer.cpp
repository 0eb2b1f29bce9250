#include "reader.hpp"
#include "vocabulary.hpp"

namespace crossline::procedure {
namespace {

Json object_of(const std::map<std::string, std::string>& texts) {
  Json out = Json::object();
  for (const auto& [key, value] : texts) out[key] = value;
  return out;
}

void add_text(Json& out, const Text& text) {
  if (!text.all().empty()) out["text"] = object_of(text.all());
}

void add_names(Json& out, const char* key, const std::vector<std::string>& names) {
  if (!names.empty()) out[key] = names;
}

Json operand_of(const Predicate& predicate) {
  if (const auto* number = std::get_if<Number>(&predicate.operand)) return number->value;
  if (const auto* flag = std::get_if<Flag>(&predicate.operand)) return flag->value;
  const auto& names = std::get<Names>(predicate.operand).values;
  return names.empty() ? Json(std::string(kNobody)) : Json(names);
}

Json conditions_of(const Procedure& procedure, const std::vector<PredicateIndex>& indices) {
  Json out = Json::object();
  for (const PredicateIndex index : indices) {
    const Predicate& predicate = procedure.predicates[index];
    out[std::string(name_of(predicate.kind))] = operand_of(predicate);
  }
  return out;
}

Json article_of(const Procedure& procedure, const Article& article) {
  Json out = Json::object();
  out["id"] = article.id;
  add_text(out, article.text);
  if (!article.applies_to.empty()) out["applies_to"] = conditions_of(procedure, article.applies_to);
  for (const Clause& clause : article.clauses)
    out[std::string(name_of(clause.kind))] = conditions_of(procedure, clause.conditions);
  out["otherwise"] = name_of(article.otherwise);
  out["if_unknown"] = name_of(article.if_unknown);
  return out;
}

Json category_of(const Category& category) {
  Json out = Json::object();
  out["name"] = category.name;
  add_text(out, category.text);
  if (category.residence) out["residence"] = name_of(*category.residence);
  Json document = Json::object();
  add_names(document, "kind", category.document_kinds);
  add_names(document, "issuer", category.document_issuers);
  add_names(document, "issuer_not", category.not_document_issuers);
  if (!document.empty()) out["document"] = std::move(document);
  return out;
}

Json hours_of(const Hours& hours) {
  Json out = Json::object();
  out["name"] = hours.name;
  for (const Direction direction : {Direction::kEntry, Direction::kExit}) {
    const auto index = static_cast<std::size_t>(direction);
    out[std::string(name_of(direction))] = object_of(hours.pattern[index].written());
    out["open"][std::string(name_of(direction))] = hours.open[index].boundaries_s();
  }
  return out;
}

Json case_of(const Case& example) {
  Json out = Json::object();
  out["name"] = example.name;
  out["given"] = Json::parse(example.given);
  out["expect"]["verdict"] = name_of(example.verdict);
  add_names(out["expect"], "because", example.because);
  return out;
}

}  // namespace

Json write_procedure(const Procedure& procedure) {
  Json out = Json::object();
  out["vocabulary"] = kVocabularyVersion;
  out["procedure"] = procedure.name;
  out["edition"] = procedure.edition;
  if (!procedure.supersedes.empty()) out["supersedes"] = procedure.supersedes;
  out["in_force"] = {
      {"clock", procedure.clock}, {"from", procedure.from.ms / 1000}, {"until", procedure.until.ms / 1000}};
  out["offsets"] = Json::array();
  for (const ZoneOffset& change : procedure.offsets.changes())
    out["offsets"].push_back(Json::array({change.since_s, change.offset_s}));
  out["parties"] = object_of(procedure.parties);
  if (!procedure.sign.empty()) out["sign"] = procedure.sign;
  if (!procedure.keys.empty()) out["keys"] = procedure.keys;

  const auto add_all = [&out](const char* key, const auto& list, auto write) {
    for (const auto& one : list) out[key].push_back(write(one));
  };
  add_all("category", procedure.categories, category_of);
  add_all("checkpoint", procedure.checkpoints, [](const Checkpoint& checkpoint) {
    Json one{{"name", checkpoint.name}};
    add_text(one, checkpoint.text);
    if (!checkpoint.hours.empty()) one["hours"] = checkpoint.hours;
    return one;
  });
  add_all("hours", procedure.hours, hours_of);
  add_all("list", procedure.lists, [](const List& list) {
    Json one{{"name", list.name}};
    add_text(one, list.text);
    return one;
  });
  add_all("article", procedure.articles,
          [&](const Article& article) { return article_of(procedure, article); });
  add_all("case", procedure.cases, case_of);
  return out;
}

}  // namespace crossline::procedure
