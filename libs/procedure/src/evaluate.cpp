#include "evaluate.hpp"

#include <algorithm>

namespace crossline::procedure {
namespace {

using enum PredicateKind;

Fact<Symbol> resolve(const Symbols& symbols, const Fact<std::string_view>& fact) {
  return fact.known ? Fact<Symbol>(symbols.find(fact.value), fact.source, fact.age_ms) : Fact<Symbol>{};
}

// Whether the enumerator is among the bits of the test.
template <class Enum>
Truth among(const Fact<Enum>& fact, std::int64_t bits) {
  return fact.known ? truth((bits >> static_cast<int>(fact.value) & 1) != 0) : Truth::kUnknown;
}

Truth is(const Fact<bool>& fact, bool wanted) {
  return fact.known ? truth(fact.value == wanted) : Truth::kUnknown;
}

Truth under(const Fact<std::int64_t>& fact, std::int64_t bound) {
  return fact.known ? truth(fact.value < bound) : Truth::kUnknown;
}

Truth accompanied(const Fact<RelationSet>& fact, RelationSet wanted) {
  if (!fact.known) return Truth::kUnknown;
  return truth(wanted.empty() ? fact.value.empty() : fact.value.intersects(wanted));
}

template <class T>
Observation seen(const Fact<T>& fact, std::int64_t number, std::string_view word = {}) {
  return {.known = fact.known, .source = fact.source, .age_ms = fact.age_ms, .number = number, .word = word};
}
Observation seen(const Fact<std::string_view>& fact) {
  return seen(fact, 0, fact.known ? fact.value : std::string_view{});
}
template <class T>
Observation seen_number(const Fact<T>& fact) {
  return seen(fact, fact.known ? static_cast<std::int64_t>(fact.value) : 0);
}

std::int64_t bits_of(RelationSet set) {
  std::int64_t bits = 0;
  for (std::size_t i = 0; i < kRelations; ++i)
    if (set.contains(static_cast<Relation>(i))) bits |= std::int64_t{1} << i;
  return bits;
}

// The list among `names` that the person is on, or else the one that is unknown.
Observation seen_lists(const std::vector<std::string>& names, std::span<const ListFact> lists) {
  Observation found;
  for (const std::string& name : names) {
    const auto copy = std::ranges::find(lists, name, &ListFact::list);
    if (copy != lists.end() && copy->on.known && copy->on.value) return seen(copy->on, 1, copy->list);
    if (copy != lists.end() && copy->on.known && !found.known && found.word.empty())
      found = seen(copy->on, 0, copy->list);
    if (copy == lists.end() || !copy->on.known) found = Observation{.word = name};
  }
  return found;
}

}  // namespace

Resolved::Resolved(const CompiledProcedure& compiled, const Facts& facts, UtcMillis instant)
    : compiled_(compiled),
      facts_(facts),
      instant_(instant),
      category_(resolve(compiled.symbols, facts.category)),
      checkpoint_(resolve(compiled.symbols, facts.checkpoint)),
      document_kind_(resolve(compiled.symbols, facts.document_kind)),
      document_issuer_(resolve(compiled.symbols, facts.document_issuer)) {
  resolve_lists();
}

void Resolved::resolve_lists() {
  std::uint64_t bit = 1;
  for (const List& list : compiled_.procedure.lists) {
    const auto copy = std::ranges::find(facts_.lists, list.name, &ListFact::list);
    const Truth on = copy == facts_.lists.end() ? Truth::kUnknown : truth(copy->on);
    if (on == Truth::kTrue) on_lists_ |= bit;
    if (on == Truth::kUnknown) unknown_lists_ |= bit;
    bit <<= 1;
  }
}

Truth Resolved::evaluate(const Test& test) const {
  const auto in_set = [&](const Fact<Symbol>& name) {
    return name.known ? truth(compiled_.in_mask(test.first, name.value)) : Truth::kUnknown;
  };
  switch (test.kind) {
    case kCategory:
      return in_set(category_);
    case kDirection:
      return among(facts_.direction, test.number);
    case kCheckpoint:
      return in_set(checkpoint_);
    case kTowardSide:
      return among(facts_.toward, test.number);
    case kSideOfResidence:
      return among(facts_.side_of_residence, test.number);
    case kDocumentKind:
      return in_set(document_kind_);
    case kDocumentIssuer:
      return in_set(document_issuer_);
    case kDocumentValidDays:
      return negation(under(facts_.document_days_left, test.number));
    case kDocumentReadable:
      return is(facts_.document_readable, test.flag);
    case kAgeUnder:
      return under(facts_.age_years, test.number);
    case kAgeAtLeast:
      return negation(under(facts_.age_years, test.number));
    case kSex:
      return among(facts_.sex, test.number);
    case kAccompaniedBy:
      return accompanied(facts_.accompanied_by, test.relations);
    case kCompanionsAtMost:
      return under(facts_.companions, test.number + 1);
    case kWithinHours:
      return within_hours(test);
    case kClosed:
      return is(facts_.closed, test.flag);
    case kAlternates:
      return is(facts_.alternates, test.flag);
    case kOnList:
      return on_any_list(test.number);
    case kNotOnList:
      return negation(on_any_list(test.number));
  }
  return Truth::kUnknown;
}

Truth Resolved::within_hours(const Test& test) const {
  if (!facts_.direction.known) return Truth::kUnknown;
  const auto direction = static_cast<std::size_t>(facts_.direction.value);
  const auto open = [&](std::uint16_t hours) {
    return truth(compiled_.procedure.hours[hours].open[direction].contains(instant_));
  };
  Truth any = Truth::kFalse;
  for (std::uint16_t i = 0; i < test.hours_count; ++i)
    any = either(any, open(compiled_.hours_named[test.first + i]));
  if (!test.checkpoint_hours) return any;
  if (!checkpoint_.known) return either(any, Truth::kUnknown);
  // A checkpoint that the procedure does not know has no hours at which it is open.
  if (checkpoint_.value == kNoSymbol || compiled_.hours_of[checkpoint_.value] == kNoIndex) return any;
  return either(any, open(compiled_.hours_of[checkpoint_.value]));
}

Truth Resolved::on_any_list(std::int64_t wanted) const {
  const auto lists = static_cast<std::uint64_t>(wanted);
  if ((on_lists_ & lists) != 0) return Truth::kTrue;
  return (unknown_lists_ & lists) != 0 ? Truth::kUnknown : Truth::kFalse;
}

Observation observe(const Predicate& predicate, const Facts& facts, UtcMillis instant) {
  switch (predicate.kind) {
    case kCategory:
      return seen(facts.category);
    case kDirection:
      return seen_number(facts.direction);
    case kCheckpoint:
      return seen(facts.checkpoint);
    case kTowardSide:
      return seen_number(facts.toward);
    case kSideOfResidence:
      return seen_number(facts.side_of_residence);
    case kDocumentKind:
      return seen(facts.document_kind);
    case kDocumentIssuer:
      return seen(facts.document_issuer);
    case kDocumentValidDays:
      return seen_number(facts.document_days_left);
    case kDocumentReadable:
      return seen_number(facts.document_readable);
    case kAgeUnder:
    case kAgeAtLeast:
      return seen_number(facts.age_years);
    case kSex:
      return seen_number(facts.sex);
    case kAccompaniedBy:
      return seen(facts.accompanied_by, bits_of(facts.accompanied_by.value));
    case kCompanionsAtMost:
      return seen_number(facts.companions);
    case kWithinHours: {
      Observation observed = seen(facts.checkpoint);
      observed.known = facts.checkpoint.known && facts.direction.known;
      observed.number = instant.ms / 1000;
      return observed;
    }
    case kClosed:
      return seen_number(facts.closed);
    case kAlternates:
      return seen_number(facts.alternates);
    case kOnList:
    case kNotOnList:
      return seen_lists(std::get<Names>(predicate.operand).values, facts.lists);
  }
  return {};
}

}  // namespace crossline::procedure
