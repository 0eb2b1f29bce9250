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

Test test_of(CompiledProcedure& compiled, const Predicate& predicate) {
  Test test;
  test.kind = predicate.kind;
  test.predicate = static_cast<PredicateIndex>(compiled.tests.size());
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
      for (const std::string& name : set->values) {
        if (name == kCheckpointHours)
          test.checkpoint_hours = true;
        else
          test.timelines.push_back(position_of(compiled.procedure.hours, name));
      }
      break;
    default:
      test.mask = add_mask(compiled, set->values);
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
  hours_of.assign(symbols.size(), kNoIndex);
  for (const Checkpoint& checkpoint : procedure.checkpoints)
    hours_of[symbols.find(checkpoint.name)] = position_of(procedure.hours, checkpoint.hours);
  std::set<std::string> all;
  for (const Article& article : procedure.articles)
    for (const auto& [language, text] : article.text.all()) all.insert(language);
  languages.assign(all.begin(), all.end());
}

}  // namespace crossline::procedure
