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
    compiled.clauses.push_back(out);
  }
}

Test test_of(CompiledProcedure& compiled, const Predicate& predicate) {
  Test test;
  test.kind = predicate.kind;
  if (const auto* number = std::get_if<Number>(&predicate.operand)) test.number = number->value;
  if (const auto* flag = std::get_if<Flag>(&predicate.operand)) test.flag = flag->value;
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
  for (std::size_t i = 0; i < procedure.articles.size(); ++i)
    add_clauses(*this, procedure.articles[i], static_cast<ArticleIndex>(i));
  hours_of.assign(symbols.size(), kNoIndex);
  for (const Checkpoint& checkpoint : procedure.checkpoints)
    hours_of[symbols.find(checkpoint.name)] = position_of(procedure.hours, checkpoint.hours);
  std::set<std::string> all;
  for (const Article& article : procedure.articles)
    for (const auto& [language, text] : article.text.all()) all.insert(language);
  languages.assign(all.begin(), all.end());
}

}  // namespace crossline::procedure
