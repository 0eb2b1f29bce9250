#include "reader.hpp"
#include "vocabulary.hpp"

#include <algorithm>

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

// One name where the language takes one, an array where it takes several.
Json names_of(const std::vector<std::string>& names, Shape shape) {
  if (shape == Shape::kName) return names.empty() ? Json("") : Json(names.front());
  return names.empty() ? Json(std::string(kNobody)) : Json(names);
}

Json value_of(const Table::Value& value, Shape shape) {
  if (const auto* number = std::get_if<Number>(&value)) return number->value;
  if (const auto* flag = std::get_if<Flag>(&value)) return flag->value;
  return names_of(std::get<Names>(value).values, shape);
}

Json table_of(const Table& table, const Word& word) {
  // A fact that is compared with values stands without a table of its own.
  if (const auto is = table.values.find("is"); word.shape == Shape::kFact && is != table.values.end())
    return value_of(is->second, Shape::kNames);
  Json out = Json::object();
  for (const auto& [key, value] : table.values) {
    const auto field = std::ranges::find(word.fields, key, &Field::key);
    out[key] = value_of(value, field == word.fields.end() ? Shape::kNumber : field->shape);
  }
  return out;
}

Json operand_of(const Predicate& predicate, const Word& word) {
  if (const auto* number = std::get_if<Number>(&predicate.operand)) return number->value;
  if (const auto* flag = std::get_if<Flag>(&predicate.operand)) return flag->value;
  if (const auto* table = std::get_if<Table>(&predicate.operand)) return table_of(*table, word);
  return names_of(std::get<Names>(predicate.operand).values, word.shape);
}

Json conditions_of(const Procedure& procedure, const std::vector<PredicateIndex>& indices) {
  Json out = Json::object();
  for (const PredicateIndex index : indices) {
    const Predicate& predicate = procedure.predicates[index];
    const Word& word = word_of(predicate.kind);
    const auto* keyed = std::get_if<Table>(&predicate.operand);
    if (keyed != nullptr && !keyed->about.empty())
      out[std::string(word.key)][keyed->about] = operand_of(predicate, word);
    else
      out[std::string(word.key)] = operand_of(predicate, word);
  }
  return out;
}

Json article_of(const Procedure& procedure, const Article& article) {
  Json out = Json::object();
  out["id"] = article.id;
  add_text(out, article.text);
  if (!article.applies_to.empty()) out["applies_to"] = conditions_of(procedure, article.applies_to);
  for (const Clause& clause : article.clauses) {
    if (clause.kind == ClauseKind::kExempt)
      out["exempts"] = clause.names;
    else if (clause.kind == ClauseKind::kDuty)
      out["duty"] = clause.names;
    else
      out[std::string(name_of(clause.kind))] = conditions_of(procedure, clause.conditions);
  }
  if (article.override_terms)
    out["override"] = {{"persons", article.override_terms->persons},
                       {"roles", article.override_terms->roles},
                       {"valid_minutes", article.override_terms->valid_minutes}};
  if (article.absolute) out["absolute"] = true;
  if (article.survives_expiry) out["survives_expiry"] = true;
  out["otherwise"] = name_of(article.otherwise);
  out["if_unknown"] = name_of(article.if_unknown);
  return out;
}

Json category_of(const Category& category) {
  Json out = Json::object();
  out["name"] = category.name;
  add_text(out, category.text);
  add_names(out, "list", category.lists);
  add_names(out, "permit", category.permits);
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

Json season_of(const Season& season) {
  Json out = {{"name", season.name},
              {"from", season.from},
              {"until", season.until},
              {"when", season.when.boundaries_s()}};
  add_text(out, season.text);
  return out;
}

Json declared_of(const DeclaredKind& kind) {
  Json out = {{"name", kind.name}, {"type", name_of(kind.type)}};
  add_text(out, kind.text);
  add_names(out, "values", kind.values);
  return out;
}

Json quota_of(const Quota& quota) {
  Json out = {{"name", quota.name}, {"per_day", quota.per_day}};
  add_text(out, quota.text);
  add_names(out, "checkpoint", quota.checkpoints);
  add_names(out, "direction", quota.directions);
  add_names(out, "category", quota.categories);
  return out;
}

// A declaration that is a name with its agreed text.
template <class T>
Json named(const T& declared) {
  Json out = {{"name", declared.name}};
  add_text(out, declared.text);
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
    Json one = named(checkpoint);
    if (!checkpoint.hours.empty()) one["hours"] = checkpoint.hours;
    return one;
  });
  add_all("hours", procedure.hours, hours_of);
  add_all("list", procedure.lists, [](const List& list) {
    Json one = named(list);
    if (list.max_age_hours > 0) one["max_age_hours"] = list.max_age_hours;
    return one;
  });
  add_all("season", procedure.seasons, season_of);
  add_all("permit", procedure.permits, named<PermitKind>);
  add_all("goods", procedure.goods, [](const GoodsKind& goods) {
    Json one = named(goods);
    one["unit"] = goods.unit;
    return one;
  });
  add_all("quota", procedure.quotas, quota_of);
  add_all("duty", procedure.duties, named<Duty>);
  add_all("fact", procedure.declared, declared_of);
  if (procedure.closure_max_hours) out["closure"] = {{"max_hours", *procedure.closure_max_hours}};
  add_all("article", procedure.articles,
          [&](const Article& article) { return article_of(procedure, article); });
  add_all("case", procedure.cases, case_of);
  return out;
}

}  // namespace crossline::procedure
