#include "evaluate.hpp"

#include "crossline/procedure/stay.hpp"
#include "time_units.hpp"

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

bool too_old(const List& list, const Fact<bool>& on) {
  return list.max_age_hours > 0 && on.age_ms > list.max_age_hours * kHour_ms;
}

Fact<std::int64_t> counted(const CrossingCounts& counts, Period period) {
  switch (period) {
    case Period::kDay:
      return counts.today;
    case Period::kWeek:
      return counts.this_week;
    case Period::kMonth:
      return counts.this_month;
    case Period::kCrossing:
      break;
  }
  return {0, Source::kAgent};
}

// Announced long enough before; an objection in time needs a ruling for the person. One that is pending makes
// it unknown. With `decided`, the ruling is needed without an objection too.
Truth notified(const Fact<Notice>& fact, const Test& test, UtcMillis instant) {
  if (!fact.known) return Truth::kUnknown;
  const Notice& notice = fact.value;
  if (notice.notified_at == kNeverNotified || instant.ms - notice.notified_at.ms < test.number)
    return Truth::kFalse;
  const bool objected = notice.objection == Notice::Objection::kRaised &&
                        notice.objected_at.ms - notice.notified_at.ms <= test.second;
  if (!objected && !test.flag) return Truth::kTrue;
  switch (notice.ruling) {
    case Notice::Ruling::kApproved:
      return Truth::kTrue;
    case Notice::Ruling::kRejected:
      return Truth::kFalse;
    case Notice::Ruling::kPending:
      break;
  }
  return Truth::kUnknown;
}

Truth convoy(const Fact<Convoy>& fact, const Test& test) {
  if (!fact.known) return Truth::kUnknown;
  const Convoy& convoy = fact.value;
  return truth(convoy.vehicles <= test.number && convoy.persons <= test.second &&
               (convoy.escorted || !test.flag));
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
Observation seen_lists(const std::vector<std::string>& names, const std::vector<List>& declared,
                       std::span<const ListFact> lists) {
  Observation found;
  for (const std::string& name : names) {
    const auto list = std::ranges::find(declared, name, &List::name);
    const auto copy = std::ranges::find(lists, name, &ListFact::list);
    const bool known = copy != lists.end() && copy->on.known && !too_old(*list, copy->on);
    if (known && copy->on.value) return seen(copy->on, 1, copy->list);
    if (known && !found.known && found.word.empty()) found = seen(copy->on, 0, copy->list);
    if (!known) found = Observation{.word = name};
  }
  return found;
}

// Hours since the notice; -1 when there is none.
Observation seen_notice(const Fact<Notice>& fact, UtcMillis instant) {
  if (!fact.known) return {};
  const bool given = fact.value.notified_at != kNeverNotified;
  return seen(fact, given ? (instant.ms - fact.value.notified_at.ms) / kHour_ms : -1);
}

// The amount that counts against the bound, or unknown when what was carried earlier is.
Observation seen_goods(const Fact<std::span<const Goods>>& goods, const GoodsKind& kind, Period period) {
  if (!goods.known) return {};
  const auto carried = std::ranges::find(goods.value, kind.name, &Goods::kind);
  if (carried == goods.value.end()) return seen(goods, 0);
  const auto earlier = counted(carried->earlier, period);
  Observation out = seen(goods, carried->amount + (earlier.known ? earlier.value : 0));
  out.known = carried->unit == kind.unit;
  return out;
}

// The first of the kinds that is carried.
Observation seen_forbidden(const Fact<std::span<const Goods>>& goods, const std::vector<std::string>& kinds) {
  if (!goods.known) return {};
  for (const Goods& one : goods.value)
    if (one.amount > 0 && std::ranges::find(kinds, one.kind) != kinds.end())
      return seen(goods, one.amount, one.kind);
  return seen(goods, 0);
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
  resolve_permits();
  count_days();
}

void Resolved::resolve_lists() {
  std::uint64_t bit = 1;
  for (const List& list : compiled_.procedure.lists) {
    const auto copy = std::ranges::find(facts_.lists, list.name, &ListFact::list);
    const Truth on =
        copy == facts_.lists.end() || too_old(list, copy->on) ? Truth::kUnknown : truth(copy->on);
    if (on == Truth::kTrue) on_lists_ |= bit;
    if (on == Truth::kUnknown) unknown_lists_ |= bit;
    bit <<= 1;
  }
}

void Resolved::resolve_permits() {
  if (!facts_.permits.known) return;
  for (const Permit& permit : facts_.permits.value) {
    if (instant_ < permit.valid_from || instant_ >= permit.valid_until) continue;
    std::uint64_t bit = 1;
    for (const PermitKind& kind : compiled_.procedure.permits) {
      if (kind.name == permit.kind) permits_ |= bit;
      bit <<= 1;
    }
  }
}

void Resolved::count_days() {
  const ZoneOffsets& offsets = compiled_.procedure.offsets;
  for (const Side side : {Side::kA, Side::kB}) {
    const auto at = static_cast<std::size_t>(side);
    const auto& stays = stays_on(side);
    if (!stays.known) continue;
    const auto& windows = compiled_.windows[at];
    if (!windows.empty())
      count_used_days(stays.value, offsets, instant_, windows,
                      std::span(used_days_[at]).first(windows.size()));
    if (compiled_.counts_absence[at]) days_absent_[at] = days_absent(stays.value, offsets, instant_);
  }
}

Truth Resolved::in_mask(std::uint32_t mask, const Fact<Symbol>& name) const {
  return name.known ? truth(compiled_.in_mask(mask, name.value)) : Truth::kUnknown;
}

Truth Resolved::evaluate(const Test& test) const {
  switch (test.kind) {
    case kCategory:
      return in_mask(test.first, category_);
    case kDirection:
      return among(facts_.direction, test.number);
    case kCheckpoint:
      return in_mask(test.first, checkpoint_);
    case kTowardSide:
      return among(facts_.toward, test.number);
    case kSideOfResidence:
      return among(facts_.side_of_residence, test.number);
    case kDocumentKind:
      return in_mask(test.first, document_kind_);
    case kDocumentIssuer:
      return in_mask(test.first, document_issuer_);
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
    case kMode:
      return among(facts_.mode, test.number);
    case kDateBetween:
      return truth(test.number <= instant_.ms && instant_.ms < test.second);
    case kWithinSeason:
      return within_season(test);
    case kStayOnSideA:
      return stayed(Side::kA, test);
    case kStayOnSideB:
      return stayed(Side::kB, test);
    case kAbsentForAtLeast:
      return absent(test);
    case kCrossingsAtMost:
      return under(counted(facts_.crossings, test.period), test.number);
    case kQuota:
      return quota(test);
    case kPermit:
      return holds_permit(test.number);
    case kNotified:
      return notified(facts_.notice, test, instant_);
    case kGoodsAtMost:
      return goods_at_most(test);
    case kGoodsForbidden:
      return goods_forbidden(test);
    case kWeaponsNone:
      return is(facts_.weapons, !test.flag);
    case kArmsHandedOver:
      return is(facts_.arms_handed_over, test.flag);
    case kConvoy:
      return convoy(facts_.convoy, test);
    case kFact:
      return declared(test);
  }
  return Truth::kUnknown;
}

Truth Resolved::within_season(const Test& test) const {
  return truth(std::ranges::any_of(test.several, [&](std::uint16_t season) {
    return compiled_.procedure.seasons[season].when.contains(instant_);
  }));
}

Truth Resolved::stayed(Side side, const Test& test) const {
  if (!stays_on(side).known) return Truth::kUnknown;
  return truth(used_days_[static_cast<std::size_t>(side)][test.declared] <= test.number);
}

Truth Resolved::absent(const Test& test) const {
  const Side side = test.flag ? Side::kB : Side::kA;
  if (!stays_on(side).known) return Truth::kUnknown;
  const auto& days = days_absent_[static_cast<std::size_t>(side)];
  return truth(!days || *days >= test.number);
}

// Whether the quota counts this movement at all, and whether it has room for it.
Truth Resolved::quota(const Test& test) const {
  const QuotaScope& scope = compiled_.quotas[test.declared];
  const auto named = [this](const std::optional<std::uint32_t>& wanted, const Fact<Symbol>& fact) {
    return wanted ? in_mask(*wanted, fact) : Truth::kTrue;
  };
  const Truth counts = both(scope.directions ? among(facts_.direction, *scope.directions) : Truth::kTrue,
                            both(named(scope.checkpoints, checkpoint_), named(scope.categories, category_)));
  if (counts == Truth::kFalse) return Truth::kTrue;
  const auto left =
      std::ranges::find(facts_.quotas, compiled_.procedure.quotas[test.declared].name, &QuotaFact::quota);
  const Truth room = left == facts_.quotas.end() ? Truth::kUnknown : negation(under(left->left, 1));
  return either(negation(counts), room);
}

Truth Resolved::holds_permit(std::int64_t wanted) const {
  if (!facts_.permits.known) return Truth::kUnknown;
  return truth((permits_ & static_cast<std::uint64_t>(wanted)) != 0);
}

Truth Resolved::goods_at_most(const Test& test) const {
  if (!facts_.goods.known) return Truth::kUnknown;
  const GoodsKind& kind = compiled_.procedure.goods[test.declared];
  const auto carried = std::ranges::find(facts_.goods.value, kind.name, &Goods::kind);
  if (carried == facts_.goods.value.end() || carried->amount == 0) return Truth::kTrue;
  if (carried->unit != kind.unit) return Truth::kUnknown;
  if (carried->amount > test.number) return Truth::kFalse;
  if (test.period == Period::kCrossing) return Truth::kTrue;
  return under(counted(carried->earlier, test.period), test.number - carried->amount + 1);
}

Truth Resolved::goods_forbidden(const Test& test) const {
  if (!facts_.goods.known) return Truth::kUnknown;
  return truth(std::ranges::none_of(test.several, [&](std::uint16_t kind) {
    const auto carried =
        std::ranges::find(facts_.goods.value, compiled_.procedure.goods[kind].name, &Goods::kind);
    return carried != facts_.goods.value.end() && carried->amount > 0;
  }));
}

Truth Resolved::declared(const Test& test) const {
  const DeclaredKind& kind = compiled_.procedure.declared[test.declared];
  const auto fact = std::ranges::find(facts_.declared, kind.name, &DeclaredFact::name);
  if (fact == facts_.declared.end() || !fact->value.known) return Truth::kUnknown;
  const DeclaredValue& value = fact->value.value;
  switch (kind.type) {
    case DeclaredKind::Type::kBool:
      return truth((value.number != 0) == test.flag);
    case DeclaredKind::Type::kEnum:
      return truth(std::ranges::find(*test.words, value.word) != test.words->end());
    case DeclaredKind::Type::kInt:
    case DeclaredKind::Type::kDate:
      return truth(test.number <= value.number && value.number <= test.second);
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

Observation Resolved::observe(PredicateIndex index) const {
  const Predicate& predicate = compiled_.procedure.predicates[index];
  const Test& test = compiled_.tests[index];
  switch (predicate.kind) {
    case kCategory:
      return seen(facts_.category);
    case kDirection:
      return seen_number(facts_.direction);
    case kCheckpoint:
      return seen(facts_.checkpoint);
    case kTowardSide:
      return seen_number(facts_.toward);
    case kSideOfResidence:
      return seen_number(facts_.side_of_residence);
    case kDocumentKind:
      return seen(facts_.document_kind);
    case kDocumentIssuer:
      return seen(facts_.document_issuer);
    case kDocumentValidDays:
      return seen_number(facts_.document_days_left);
    case kDocumentReadable:
      return seen_number(facts_.document_readable);
    case kAgeUnder:
    case kAgeAtLeast:
      return seen_number(facts_.age_years);
    case kSex:
      return seen_number(facts_.sex);
    case kAccompaniedBy:
      return seen(facts_.accompanied_by, bits_of(facts_.accompanied_by.value));
    case kCompanionsAtMost:
      return seen_number(facts_.companions);
    case kWithinHours: {
      Observation observed = seen(facts_.checkpoint);
      observed.known = facts_.checkpoint.known && facts_.direction.known;
      observed.number = instant_.ms / 1000;
      return observed;
    }
    case kClosed:
      return seen_number(facts_.closed);
    case kAlternates:
      return seen_number(facts_.alternates);
    case kOnList:
    case kNotOnList:
      return seen_lists(std::get<Names>(predicate.operand).values, compiled_.procedure.lists, facts_.lists);
    case kMode:
      return seen_number(facts_.mode);
    case kDateBetween:
    case kWithinSeason:
      return {.known = true, .source = Source::kAgent, .age_ms = 0, .number = instant_.ms / 1000, .word = {}};
    case kStayOnSideA:
    case kStayOnSideB: {
      const Side side = predicate.kind == kStayOnSideA ? Side::kA : Side::kB;
      const auto& stays = stays_on(side);
      return seen(stays, stays.known ? used_days_[static_cast<std::size_t>(side)][test.declared] : 0);
    }
    case kAbsentForAtLeast: {
      const Side side = test.flag ? Side::kB : Side::kA;
      return seen(stays_on(side), days_absent_[static_cast<std::size_t>(side)].value_or(0));
    }
    case kCrossingsAtMost:
      return seen_number(counted(facts_.crossings, test.period));
    case kQuota: {
      const auto left =
          std::ranges::find(facts_.quotas, compiled_.procedure.quotas[test.declared].name, &QuotaFact::quota);
      return left == facts_.quotas.end() ? Observation{} : seen_number(left->left);
    }
    case kPermit:
      return seen(facts_.permits, 0);
    case kNotified:
      return seen_notice(facts_.notice, instant_);
    case kGoodsAtMost:
      return seen_goods(facts_.goods, compiled_.procedure.goods[test.declared], test.period);
    case kGoodsForbidden:
      return seen_forbidden(facts_.goods, std::get<Names>(predicate.operand).values);
    case kWeaponsNone:
      // As the flag of the predicate: true is "none".
      return seen(facts_.weapons, facts_.weapons.known && !facts_.weapons.value ? 1 : 0);
    case kArmsHandedOver:
      return seen_number(facts_.arms_handed_over);
    case kConvoy:
      return seen(facts_.convoy, facts_.convoy.known ? facts_.convoy.value.vehicles : 0);
    case kFact: {
      const auto fact = std::ranges::find(facts_.declared, compiled_.procedure.declared[test.declared].name,
                                          &DeclaredFact::name);
      return fact == facts_.declared.end()
                 ? Observation{}
                 : seen(fact->value, fact->value.value.number, fact->value.value.word);
    }
  }
  return {};
}

}  // namespace crossline::procedure
