#include "compiled.hpp"

#include "vocabulary.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace crossline::procedure {
namespace {

constexpr std::int64_t kHour_ms = 3'600'000;
constexpr std::array kTruths{Truth::kFalse, Truth::kUnknown, Truth::kTrue};

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

Slice add_conditions(CompiledProcedure& compiled, const std::vector<PredicateIndex>& indices) {
  const auto first = static_cast<std::uint32_t>(compiled.conditions.size());
  compiled.conditions.insert(compiled.conditions.end(), indices.begin(), indices.end());
  return {first, static_cast<std::uint32_t>(indices.size())};
}

// Unknown applicability counts as not applying for an admission, as applying for everything else.
Outcome outcome_of(const Article& article, ClauseKind kind, Truth applies, Truth holds) {
  if (kind == ClauseKind::kExempt || kind == ClauseKind::kDuty) return {};
  const bool admits = kind == ClauseKind::kAdmit;
  if (admits && applies != Truth::kTrue) return {.verdict = Verdict::kRefuse};
  if (applies == Truth::kFalse || holds == Truth::kTrue) return {};
  if (holds == Truth::kFalse)
    return {.verdict = admits ? Verdict::kRefuse : article.otherwise, .can_be_relieved = !admits};
  const Verdict unknown = verdict_of(article.if_unknown);
  return {.verdict = unknown, .reported = unknown == Verdict::kAllow, .can_be_relieved = !admits};
}

void add_article(CompiledProcedure& compiled, const Article& article, ArticleIndex index) {
  const Slice scope = add_conditions(compiled, article.applies_to);
  const auto first = static_cast<std::uint32_t>(compiled.clauses.size());
  for (const Clause& clause : article.clauses) {
    CompiledClause out{.article = index,
                       .kind = clause.kind,
                       .outcome = {},
                       .conditions = add_conditions(compiled, clause.conditions)};
    for (const Truth applies : kTruths)
      for (const Truth holds : kTruths)
        out.outcome[std::to_underlying(applies)][std::to_underlying(holds)] =
            outcome_of(article, clause.kind, applies, holds);
    compiled.clauses.push_back(out);
  }
  compiled.articles.push_back({.scope = scope,
                               .clauses = {first, static_cast<std::uint32_t>(article.clauses.size())},
                               .exempted_by = {}});
}

// For each of `targets`, in their order, the clauses of a kind that name it, in theirs: `slice(i)` of `out`.
template <class Target, class SliceOf>
void invert(const CompiledProcedure& compiled, ClauseKind kind, const std::vector<Target>& targets,
            std::string Target::* name, std::vector<std::uint32_t>& out, SliceOf slice_of) {
  std::map<std::string_view, std::vector<std::uint32_t>> naming;
  std::uint32_t position = 0;
  for (const Article& article : compiled.procedure.articles)
    for (const Clause& clause : article.clauses) {
      if (clause.kind == kind)
        for (const std::string& named : clause.names) naming[named].push_back(position);
      ++position;
    }
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto& clauses = naming[targets[i].*name];
    slice_of(i) = {static_cast<std::uint32_t>(out.size()), static_cast<std::uint32_t>(clauses.size())};
    out.insert(out.end(), clauses.begin(), clauses.end());
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

void compile_notice(const Table& table, Test& test) {
  test.number = table.number("hours_before", 0) * kHour_ms;
  test.second = table.number("objection_within", INT64_MAX / kHour_ms) * kHour_ms;
  test.flag = table.flag("decided", false);
}

void compile_declared(const Procedure& procedure, const Table& table, Test& test) {
  test.declared = position_of(procedure.declared, table.about);
  switch (procedure.declared[test.declared].type) {
    case DeclaredKind::Type::kBool:
      test.flag = table.flag("is", true);
      break;
    case DeclaredKind::Type::kEnum:
      test.words = table.names("is");
      break;
    case DeclaredKind::Type::kInt:
      test.number = table.number("at_least", INT64_MIN);
      test.second = table.number("at_most", INT64_MAX);
      break;
    case DeclaredKind::Type::kDate:
      test.number = table.number("from", INT64_MIN);
      test.second = table.number("until", INT64_MAX) - 1;
      break;
  }
}

void compile_stay(CompiledProcedure& compiled, const Table& table, Side side, Test& test) {
  test.number = table.number("max_days", 0);
  const std::int64_t window = table.number("in_any_days", 0);
  auto& windows = compiled.windows[std::to_underlying(side)];
  const auto found = std::ranges::find(windows, window);
  test.declared = static_cast<std::uint16_t>(found - windows.begin());
  if (found == windows.end()) windows.push_back(window);
}

void compile_table(CompiledProcedure& compiled, const Table& table, Test& test) {
  const Procedure& procedure = compiled.procedure;
  switch (test.kind) {
    case PredicateKind::kDateBetween:
      test.number = table.number("from", 0) * 1000;
      test.second = table.number("until", 0) * 1000;
      break;
    case PredicateKind::kStayOnSideA:
      compile_stay(compiled, table, Side::kA, test);
      break;
    case PredicateKind::kStayOnSideB:
      compile_stay(compiled, table, Side::kB, test);
      break;
    case PredicateKind::kAbsentForAtLeast:
      test.number = table.number("days", 0);
      test.flag = table.names("side")->front() == name_of(Side::kB);
      compiled.counts_absence[test.flag ? 1 : 0] = true;
      break;
    case PredicateKind::kCrossingsAtMost:
      test.number = table.number("n", 0);
      test.period = period_of(table);
      break;
    case PredicateKind::kNotified:
      compile_notice(table, test);
      break;
    case PredicateKind::kGoodsAtMost:
      test.number = table.number("amount", 0);
      test.period = period_of(table);
      test.declared = position_of(procedure.goods, table.about);
      break;
    case PredicateKind::kConvoy:
      test.number = table.number("max_vehicles", INT64_MAX);
      test.second = table.number("max_persons", INT64_MAX);
      test.flag = table.flag("escort", false);
      break;
    case PredicateKind::kFact:
      compile_declared(procedure, table, test);
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
  if (const auto* table = std::get_if<Table>(&predicate.operand)) compile_table(compiled, *table, test);
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

QuotaScope scope_of(CompiledProcedure& compiled, const Quota& quota) {
  QuotaScope scope;
  if (!quota.checkpoints.empty()) scope.checkpoints = add_mask(compiled, quota.checkpoints);
  if (!quota.categories.empty()) scope.categories = add_mask(compiled, quota.categories);
  if (!quota.directions.empty()) scope.directions = bits_of(quota.directions, Direction::kExit);
  return scope;
}

std::vector<PredicateIndex> positions_by_kind(const std::vector<Test>& tests) {
  std::vector<PredicateIndex> positions(tests.size());
  std::iota(positions.begin(), positions.end(), PredicateIndex{0});
  std::ranges::stable_sort(positions, {}, [&](PredicateIndex i) { return tests[i].kind; });
  return positions;
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
  by_kind = positions_by_kind(tests);
  for (const Quota& quota : procedure.quotas) quotas.push_back(scope_of(*this, quota));
  for (std::size_t i = 0; i < procedure.articles.size(); ++i)
    add_article(*this, procedure.articles[i], static_cast<ArticleIndex>(i));
  invert(*this, ClauseKind::kExempt, procedure.articles, &Article::id, exempting,
         [this](std::size_t i) -> Slice& { return articles[i].exempted_by; });
  duty_clauses.resize(procedure.duties.size());
  invert(*this, ClauseKind::kDuty, procedure.duties, &Duty::name, imposing,
         [this](std::size_t i) -> Slice& { return duty_clauses[i]; });
  hours_of.assign(symbols.size(), kNoIndex);
  for (const Checkpoint& checkpoint : procedure.checkpoints)
    hours_of[symbols.find(checkpoint.name)] = position_of(procedure.hours, checkpoint.hours);
  std::set<std::string> all;
  for (const Article& article : procedure.articles)
    for (const auto& [language, text] : article.text.all()) all.insert(language);
  languages.assign(all.begin(), all.end());
}

}  // namespace crossline::procedure
