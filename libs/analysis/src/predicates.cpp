#include "predicates.hpp"

#include "crossline/base/assert.hpp"

#include <algorithm>
#include <limits>

namespace crossline::analysis {
namespace {

using procedure::Flag;
using procedure::Names;
using procedure::Number;
using procedure::Predicate;
using procedure::Table;
using enum procedure::PredicateKind;

class Translator {
 public:
  Translator(Prover& prover, Vocabulary& vocabulary, const Situation& situation,
             const procedure::Procedure& procedure)
      : context_(prover.context()), vocabulary_(vocabulary), s_(situation), procedure_(procedure) {}

  Truth3 translate(const Predicate& predicate) {
    switch (predicate.kind) {
      case kCategory:
        return one_of(s_.category, vocabulary_.categories, names(predicate));
      case kDirection:
        return is_among(s_.exit, names(predicate), "entry", "exit");
      case kCheckpoint:
        return one_of(s_.checkpoint, vocabulary_.checkpoints, names(predicate));
      case kTowardSide:
        return is_among(s_.toward_b, names(predicate), "A", "B");
      case kSideOfResidence:
        return is_among(s_.lives_on_b, names(predicate), "A", "B");
      case kDocumentKind:
        return one_of(s_.document_kind, vocabulary_.document_kinds, names(predicate));
      case kDocumentIssuer:
        return one_of(s_.issuer, vocabulary_.issuers, names(predicate));
      case kDocumentValidDays:
        return of(s_.days_left.known, s_.days_left.value >= number(predicate));
      case kDocumentReadable:
        return is(s_.readable, flag(predicate));
      case kAgeUnder:
        return of(s_.age.known, s_.age.value < number(predicate));
      case kAgeAtLeast:
        return of(s_.age.known, s_.age.value >= number(predicate));
      case kSex:
        return one_of(s_.sex, {"female", "male", "unspecified"}, names(predicate));
      case kAccompaniedBy:
        return accompanied(names(predicate));
      case kCompanionsAtMost:
        return of(s_.companions.known, s_.companions.value <= number(predicate));
      case kWithinHours:
        return within_hours(names(predicate));
      case kClosed:
        return is(s_.closed, flag(predicate));
      case kAlternates:
        return is(s_.alternates, flag(predicate));
      case kOnList:
        return on_list(names(predicate));
      case kNotOnList:
        return negation(on_list(names(predicate)));
      case kMode:
        return is_among(s_.vehicle, names(predicate), "on_foot", "vehicle");
      case kDateBetween:
        return certain(shows(timeline_of(predicate)));
      case kWithinSeason:
        return within_season(names(predicate));
      case kStayOnSideA:
        return stayed(s_.stays[0], table(predicate));
      case kStayOnSideB:
        return stayed(s_.stays[1], table(predicate));
      case kAbsentForAtLeast:
        return absent(table(predicate));
      case kCrossingsAtMost: {
        const Var& before = counted(s_.crossings, period(table(predicate)));
        return of(before.known, before.value < int_val(table(predicate).number("n", 0)));
      }
      case kQuota:
        return quota(names(predicate).front());
      case kPermit:
        return permitted(names(predicate));
      case kNotified:
        return notified(table(predicate));
      case kGoodsAtMost:
        return goods_at_most(table(predicate));
      case kGoodsForbidden:
        return goods_forbidden(names(predicate));
      case kWeaponsNone:
        return is(s_.weapons, !flag(predicate));
      case kArmsHandedOver:
        return is(s_.arms_handed_over, flag(predicate));
      case kConvoy:
        return convoy(table(predicate));
      case kFact:
        return declared(table(predicate));
    }
    return certain(context_.bool_val(false));
  }

 private:
  static const std::vector<std::string>& names(const Predicate& predicate) {
    return std::get<Names>(predicate.operand).values;
  }
  Expr number(const Predicate& predicate) { return int_val(std::get<Number>(predicate.operand).value); }
  static bool flag(const Predicate& predicate) { return std::get<Flag>(predicate.operand).value; }
  static const Table& table(const Predicate& predicate) { return std::get<Table>(predicate.operand); }
  static std::string period(const Table& table) {
    const auto* per = table.names("per");
    return per == nullptr || per->empty() ? "crossing" : per->front();
  }

  Expr int_val(std::int64_t value) { return context_.int_val(value); }
  Truth3 of(const Expr& known, const Expr& holds) { return {known && holds, known && !holds}; }
  Truth3 certain(const Expr& holds) { return {holds, !holds}; }
  Truth3 is(const Var& fact, bool wanted) { return of(fact.known, wanted ? fact.value : !fact.value); }

  Expr equals_one_of(const Expr& value, const std::vector<std::string>& all_names,
                     const std::vector<std::string>& wanted) {
    std::vector<Expr> some;
    for (const std::string& name : wanted) some.push_back(value == position_of(all_names, name));
    return any(context_, some);
  }
  Truth3 one_of(const Var& fact, const std::vector<std::string>& all_names,
                const std::vector<std::string>& wanted) {
    return of(fact.known, equals_one_of(fact.value, all_names, wanted));
  }
  // A fact of two values: `no` when it is false, `yes` when it is true.
  Truth3 is_among(const Var& fact, const std::vector<std::string>& wanted, std::string_view no,
                  std::string_view yes) {
    const bool with_no = std::ranges::find(wanted, no) != wanted.end();
    const bool with_yes = std::ranges::find(wanted, yes) != wanted.end();
    const Expr holds = with_no && with_yes ? context_.bool_val(true)
                       : with_yes          ? fact.value
                       : with_no           ? !fact.value
                                           : context_.bool_val(false);
    return of(fact.known, holds);
  }

  Truth3 accompanied(const std::vector<std::string>& relations) {
    std::vector<Expr> some;
    for (std::size_t i = 0; i < procedure::kRelations; ++i) {
      const auto name = name_of(static_cast<procedure::Relation>(i));
      if (relations.empty() || std::ranges::find(relations, name) != relations.end())
        some.push_back(s_.accompanied[i]);
    }
    const Expr there = any(context_, some);
    return of(s_.accompanied_known, relations.empty() ? !there : there);
  }

  Expr shows(const procedure::Timeline& timeline) { return s_.shows[vocabulary_.timelines.add(timeline)]; }
  Expr open(const std::string& hours) {
    const auto found = std::ranges::find(procedure_.hours, hours, &procedure::Hours::name);
    CROSSLINE_ASSERT(found != procedure_.hours.end());
    return z3::ite(s_.exit.value, shows(found->open[1]), shows(found->open[0]));
  }
  Truth3 within_hours(const std::vector<std::string>& wanted) {
    Truth3 out = of(s_.exit.known, context_.bool_val(false));
    for (const std::string& name : wanted) {
      if (name != "checkpoint") {
        out = either(out, of(s_.exit.known, open(name)));
        continue;
      }
      std::vector<Expr> here;
      for (const auto& checkpoint : procedure_.checkpoints)
        if (!checkpoint.hours.empty())
          here.push_back(s_.checkpoint.value == position_of(vocabulary_.checkpoints, checkpoint.name) &&
                         open(checkpoint.hours));
      out = either(out, of(s_.exit.known && s_.checkpoint.known, any(context_, here)));
    }
    return out;
  }
  Truth3 within_season(const std::vector<std::string>& wanted) {
    std::vector<Expr> some;
    for (const auto& season : procedure_.seasons)
      if (std::ranges::find(wanted, season.name) != wanted.end()) some.push_back(shows(season.when));
    return certain(any(context_, some));
  }

  Truth3 on_list(const std::vector<std::string>& lists) {
    Truth3 out = certain(context_.bool_val(false));
    for (const std::string& list : lists)
      out = either(out, is(s_.lists[static_cast<std::size_t>(position_of(vocabulary_.lists, list))], true));
    return out;
  }

  Truth3 stayed(const StayVars& stays, const Table& terms) {
    const std::int64_t window = terms.number("in_any_days", 1);
    const auto at = std::ranges::find(vocabulary_.windows, window);
    const Expr used = at == vocabulary_.windows.end()
                          ? int_val(1)  // a window of one day holds today alone
                          : stays.used[static_cast<std::size_t>(at - vocabulary_.windows.begin())];
    return of(stays.known, used <= int_val(terms.number("max_days", 0)));
  }
  Truth3 absent(const Table& terms) {
    const StayVars& stays = s_.stays[terms.names("side")->front() == "B" ? 1 : 0];
    return of(stays.known, stays.never || stays.absent >= int_val(terms.number("days", 0)));
  }

  const Var& counted(const CountVars& counts, const std::string& per) {
    return per == "day" ? counts.today : per == "week" ? counts.this_week : counts.this_month;
  }
  Truth3 quota(const std::string& name) {
    const auto found = std::ranges::find(procedure_.quotas, name, &procedure::Quota::name);
    CROSSLINE_ASSERT(found != procedure_.quotas.end());
    Truth3 counts = certain(context_.bool_val(true));
    if (!found->checkpoints.empty())
      counts = both(counts, one_of(s_.checkpoint, vocabulary_.checkpoints, found->checkpoints));
    if (!found->directions.empty())
      counts = both(counts, is_among(s_.exit, found->directions, "entry", "exit"));
    if (!found->categories.empty())
      counts = both(counts, one_of(s_.category, vocabulary_.categories, found->categories));
    const Var& left = s_.quotas[static_cast<std::size_t>(position_of(vocabulary_.quotas, name))];
    return either(negation(counts), of(left.known, left.value >= 1));
  }
  Truth3 permitted(const std::vector<std::string>& kinds) {
    std::vector<Expr> some;
    for (const std::string& kind : kinds)
      some.push_back(s_.permits[static_cast<std::size_t>(position_of(vocabulary_.permits, kind))]);
    return of(s_.permits_known, any(context_, some));
  }

  Truth3 notified(const Table& terms) {
    const NoticeVars& n = s_.notice;
    const Expr in_time = n.given && n.hours_ago >= int_val(terms.number("hours_before", 0));
    const std::int64_t within = terms.number("objection_within", -1);
    const Expr objected = within < 0 ? n.objected : n.objected && n.objected_after <= int_val(within);
    const Expr needs_ruling = terms.flag("decided", false) ? context_.bool_val(true) : objected;
    return {n.known && in_time && (!needs_ruling || n.ruling == 1),
            n.known && (!in_time || (needs_ruling && n.ruling == 2))};
  }

  Truth3 goods_at_most(const Table& terms) {
    const GoodsVars& carried =
        s_.goods[static_cast<std::size_t>(position_of(vocabulary_.goods, terms.about))];
    const Expr bound = int_val(terms.number("amount", 0));
    const std::string per = period(terms);
    const Expr none = carried.amount == 0;
    if (per == "crossing") return of(s_.goods_known, none || carried.amount <= bound);
    const Var& earlier = counted(carried.earlier, per);
    const Expr fits = earlier.value + carried.amount <= bound;
    return {s_.goods_known && (none || (carried.amount <= bound && earlier.known && fits)),
            s_.goods_known && !none && (carried.amount > bound || (earlier.known && !fits))};
  }
  Truth3 goods_forbidden(const std::vector<std::string>& kinds) {
    std::vector<Expr> some;
    for (const std::string& kind : kinds)
      some.push_back(s_.goods[static_cast<std::size_t>(position_of(vocabulary_.goods, kind))].amount > 0);
    return of(s_.goods_known, !any(context_, some));
  }

  Truth3 convoy(const Table& terms) {
    const ConvoyVars& c = s_.convoy;
    std::vector<Expr> bounds;
    if (terms.values.contains("max_vehicles"))
      bounds.push_back(c.vehicles <= int_val(terms.number("max_vehicles", 0)));
    if (terms.values.contains("max_persons"))
      bounds.push_back(c.persons <= int_val(terms.number("max_persons", 0)));
    if (terms.flag("escort", false)) bounds.push_back(c.escorted);
    return of(c.known, all(context_, bounds));
  }

  Truth3 declared(const Table& terms) {
    const auto kind = std::ranges::find(procedure_.declared, terms.about, &procedure::DeclaredKind::name);
    CROSSLINE_ASSERT(kind != procedure_.declared.end());
    const Vocabulary::Declared wanted{kind->name, kind->type, kind->values};
    const auto at = std::ranges::find(vocabulary_.declared, wanted);
    const Var& fact = s_.declared[static_cast<std::size_t>(at - vocabulary_.declared.begin())];
    using Type = procedure::DeclaredKind::Type;
    switch (kind->type) {
      case Type::kBool:
        return of(fact.known, fact.value == (terms.flag("is", true) ? 1 : 0));
      case Type::kEnum:
        return one_of(fact, kind->values, *terms.names("is"));
      case Type::kInt:
        return of(fact.known, bounded(fact.value, terms, "at_least", "at_most", 0));
      case Type::kDate:
        break;
    }
    return of(fact.known, bounded(fact.value, terms, "from", "until", 1));
  }
  // `short_by`: 1 when the upper bound itself is outside.
  Expr bounded(const Expr& value, const Table& terms, std::string_view least, std::string_view most,
               std::int64_t short_by) {
    Expr out = context_.bool_val(true);
    if (terms.values.contains(least)) out = out && value >= int_val(terms.number(least, 0));
    if (terms.values.contains(most)) out = out && value <= int_val(terms.number(most, 0) - short_by);
    return out;
  }

  z3::context& context_;
  Vocabulary& vocabulary_;
  const Situation& s_;
  const procedure::Procedure& procedure_;
};

}  // namespace

Truth3 truth_of(Prover& prover, Vocabulary& vocabulary, const Situation& situation,
                const procedure::Edition& edition, const Predicate& predicate) {
  return Translator(prover, vocabulary, situation, edition.procedure()).translate(predicate);
}

}  // namespace crossline::analysis
