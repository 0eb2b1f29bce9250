#include "compiled.hpp"

#include "vocabulary.hpp"

#include <algorithm>
#include <set>

namespace crossline::procedure {
namespace {

// Sets of an enumeration are the bits of a number: they need no symbols.
template <class Enum>
std::int64_t bits_of(const std::vector<std::string>& names, Enum last) {
  std::int64_t bits = 0;
  for (const std::string& name : names)
    if (const auto value = enum_from(name, last)) bits |= std::int64_t{1} << static_cast<int>(*value);
  return bits;
}

RelationSet relations_of(const std::vector<std::string>& names) {
  RelationSet set;
  for (const std::string& name : names)
    if (const auto relation = enum_from(name, Relation::kEscort)) set.add(*relation);
  return set;
}

template <class T>
std::uint16_t position_of(const std::vector<T>& declared, std::string_view name) {
  const auto found = std::ranges::find(declared, name, &T::name);
  return found == declared.end() ? kNoIndex : static_cast<std::uint16_t>(found - declared.begin());
}

std::vector<std::string_view> names_of(const Procedure& procedure) {
  std::vector<std::string_view> names;
  for (const Predicate& predicate : procedure.predicates)
    if (const auto* set = std::get_if<Names>(&predicate.operand))
      names.insert(names.end(), set->values.begin(), set->values.end());
  for (const Checkpoint& checkpoint : procedure.checkpoints) names.push_back(checkpoint.name);
  for (const Quota& quota : procedure.quotas) {
    names.insert(names.end(), quota.checkpoints.begin(), quota.checkpoints.end());
    names.insert(names.end(), quota.categories.begin(), quota.categories.end());
  }
  return names;
}

std::uint32_t add_mask(CompiledProcedure& compiled, const std::vector<std::string>& names) {
  const std::size_t first = compiled.masks.size();
  compiled.masks.resize(first + compiled.mask_words);
  for (const std::string& name : names) {
    const Symbol symbol = compiled.symbols.find(name);
    compiled.masks[first + symbol / 64] |= std::uint64_t{1} << (symbol % 64);
  }
  return static_cast<std::uint32_t>(first);
}

void name_hours(CompiledProcedure& compiled, const std::vector<std::string>& names, Test& test) {
  test.first = static_cast<std::uint32_t>(compiled.hours_named.size());
  for (const std::string& name : names) {
    if (name == kCheckpointHours) {
      test.checkpoint_hours = true;
    } else {
      compiled.hours_named.push_back(position_of(compiled.procedure.hours, name));
      ++test.hours_count;
    }
  }
}

Verdict verdict_of(IfUnknown if_unknown) {
  switch (if_unknown) {
    case IfUnknown::kAllowAndReport:
      return Verdict::kAllow;
    case IfUnknown::kRefer:
      return Verdict::kRefer;
    case IfUnknown::kRefuse:
      return Verdict::kRefuse;
  }
  return Verdict::kRefuse;
}

ArticleIndex article_named(const Procedure& procedure, std::string_view id) {
  const auto found = std::ranges::find(procedure.articles, id, &Article::id);
  return static_cast<ArticleIndex>(found - procedure.articles.begin());
}

Conjunction add_conditions(CompiledProcedure& compiled, const std::vector<PredicateIndex>& indices) {
  const auto first = static_cast<std::uint32_t>(compiled.conditions.size());
  compiled.conditions.insert(compiled.conditions.end(), indices.begin(), indices.end());
  return {first, static_cast<std::uint32_t>(indices.size())};
}

void add_clauses(CompiledProcedure& compiled, const Article& article, ArticleIndex index) {
  const Conjunction scope = add_conditions(compiled, article.applies_to);
  const Verdict unknown = verdict_of(article.if_unknown);
  for (const Clause& clause : article.clauses) {
    CompiledClause out{.article = index,
                       .kind = clause.kind,
                       .outcome = {article.otherwise, unknown, Verdict::kAllow},
                       .scope = scope,
                       .conditions = add_conditions(compiled, clause.conditions)};
    if (clause.kind == ClauseKind::kAdmit) out.outcome[0] = Verdict::kRefuse;
    if (clause.kind == ClauseKind::kExempt)
      for (const std::string& id : clause.names)
        compiled.exemptions.push_back(
            {static_cast<std::uint32_t>(compiled.clauses.size()), article_named(compiled.procedure, id)});
    if (clause.kind == ClauseKind::kDuty)
      for (const std::string& name : clause.names)
        compiled.duties_of[index].push_back(position_of(compiled.procedure.duties, name));
    compiled.clauses.push_back(out);
  }
}

template <class T>
std::vector<std::uint16_t> positions_of(const std::vector<T>& declared,
                                        const std::vector<std::string>& names) {
  std::vector<std::uint16_t> out;
  for (const std::string& name : names) out.push_back(position_of(declared, name));
  return out;
}

Period period_of(const Table& table) {
  const auto* per = table.names("per");
  if (per == nullptr || per->empty() || per->front() == "crossing") return Period::kCrossing;
  return per->front() == "day" ? Period::kDay : per->front() == "week" ? Period::kWeek : Period::kMonth;
}

void compile_table(const Procedure& procedure, const Table& table, Test& test) {
  test.table = &table;
  switch (test.kind) {
    case PredicateKind::kDateBetween:
      test.number = table.number("from", 0);
      test.second = table.number("until", 0);
      break;
    case PredicateKind::kStayOnSideA:
    case PredicateKind::kStayOnSideB:
      test.number = table.number("max_days", 0);
      test.second = table.number("in_any_days", 0);
      break;
    case PredicateKind::kAbsentForAtLeast:
      test.number = table.number("days", 0);
      test.flag = table.names("side")->front() == name_of(Side::kB);
      break;
    case PredicateKind::kCrossingsAtMost:
      test.number = table.number("n", 0);
      test.period = period_of(table);
      break;
    case PredicateKind::kGoodsAtMost:
      test.number = table.number("amount", 0);
      test.period = period_of(table);
      test.declared = position_of(procedure.goods, table.about);
      break;
    case PredicateKind::kFact:
      test.declared = position_of(procedure.declared, table.about);
      break;
    default:
      break;
  }
}

Test test_of(CompiledProcedure& compiled, const Predicate& predicate) {
  Test test;
  test.kind = predicate.kind;
  if (const auto* number = std::get_if<Number>(&predicate.operand)) test.number = number->value;
  if (const auto* flag = std::get_if<Flag>(&predicate.operand)) test.flag = flag->value;
  if (const auto* table = std::get_if<Table>(&predicate.operand))
    compile_table(compiled.procedure, *table, test);
  const auto* set = std::get_if<Names>(&predicate.operand);
  if (set == nullptr) return test;
  switch (word_of(predicate.kind).names) {
    case NameSpace::kDirection:
      test.number = bits_of(set->values, Direction::kExit);
      break;
    case NameSpace::kSide:
      test.number = bits_of(set->values, Side::kB);
      break;
    case NameSpace::kSex:
      test.number = bits_of(set->values, Sex::kUnspecified);
      break;
    case NameSpace::kRelation:
      test.relations = relations_of(set->values);
      break;
    case NameSpace::kHours:
      name_hours(compiled, set->values, test);
      break;
    case NameSpace::kList:
      for (const std::string& name : set->values)
        test.number |= std::int64_t{1} << position_of(compiled.procedure.lists, name);
      break;
    case NameSpace::kMode:
      test.number = bits_of(set->values, Mode::kVehicle);
      break;
    case NameSpace::kPermit:
      for (const std::string& name : set->values)
        test.number |= std::int64_t{1} << position_of(compiled.procedure.permits, name);
      break;
    case NameSpace::kSeason:
      test.several = positions_of(compiled.procedure.seasons, set->values);
      break;
    case NameSpace::kGoods:
      test.several = positions_of(compiled.procedure.goods, set->values);
      break;
    case NameSpace::kQuota:
      test.declared = position_of(compiled.procedure.quotas, set->values.front());
      break;
    default:
      test.first = add_mask(compiled, set->values);
      break;
  }
  return test;
}

}  // namespace

Symbols::Symbols(std::vector<std::string_view> names) : names_(std::move(names)) {
  std::ranges::sort(names_);
  names_.erase(std::ranges::unique(names_).begin(), names_.end());
}

Symbol Symbols::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(names_, name);
  return found == names_.end() || *found != name ? kNoSymbol : static_cast<Symbol>(found - names_.begin());
}

CompiledProcedure::CompiledProcedure(Procedure source, crypto::Hash digest)
    : procedure(std::move(source)),
      hash(digest),
      symbols(names_of(procedure)),
      mask_words(symbols.size() / 64 + 1) {
  for (const Predicate& predicate : procedure.predicates) tests.push_back(test_of(*this, predicate));
  duties_of.resize(procedure.articles.size());
  for (std::size_t i = 0; i < procedure.articles.size(); ++i) {
    clauses_of.push_back(static_cast<std::uint32_t>(clauses.size()));
    add_clauses(*this, procedure.articles[i], static_cast<ArticleIndex>(i));
  }
  clauses_of.push_back(static_cast<std::uint32_t>(clauses.size()));
  hours_of.assign(symbols.size(), kNoIndex);
  for (const Checkpoint& checkpoint : procedure.checkpoints)
    hours_of[symbols.find(checkpoint.name)] = position_of(procedure.hours, checkpoint.hours);
  std::set<std::string> all;
  for (const Article& article : procedure.articles)
    for (const auto& [language, text] : article.text.all()) all.insert(language);
  languages.assign(all.begin(), all.end());
}

}  // namespace crossline::procedure
