#include "crossline/movement/fold.hpp"

#include "crossline/movement/override_words.hpp"
#include "crossline/movement/record_limits.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace crossline::movement {
namespace {

using procedure::Fact;
using procedure::Source;
using procedure::Truth;

procedure::RelationSet relations_of(const Movement& movement) {
  procedure::RelationSet relations;
  for (const Companion& companion : movement.companions) relations.add(companion.relation);
  return relations;
}

// The officer's choice of category counts when the document does not speak against it.
Fact<std::string_view> category_fact(const procedure::Edition& edition, const Movement& movement) {
  if (movement.category.empty()) return {};
  const auto category =
      std::ranges::find(edition.categories(), movement.category, &procedure::Category::name);
  if (category == edition.categories().end() ||
      !procedure::fits(*category, movement.document_kind, movement.document_issuer))
    return {};
  return {movement.category, Source::kOfficer};
}

Fact<std::string_view> document_fact(const std::string& text) {
  return text.empty() ? Fact<std::string_view>{} : Fact<std::string_view>(text, Source::kDocument);
}

constexpr std::int64_t kDayMs = 86'400'000;

// Who vouches for a record, how old it is, and on which day the records were last complete.
struct Vouched {
  Source source;
  std::int64_t age_ms;
  std::int32_t complete_day;
};

// Sums of the running periods. One in which a record is known to be missing is unknown, and one of which the
// records say nothing yet.
procedure::CrossingCounts counts(const PeriodSums& sums, std::int32_t missing, std::int32_t day,
                                 const Vouched& by) {
  const auto fact = [&](std::int64_t sum, auto period_of) {
    const bool has_hole = missing != kNoDay && period_of(missing) == period_of(day);
    const bool is_known = !has_hole && period_of(by.complete_day) == period_of(day);
    return is_known ? Fact<std::int64_t>(sum, by.source, by.age_ms) : Fact<std::int64_t>();
  };
  return {.today = fact(sums.today, [](std::int32_t any) { return any; }),
          .this_week = fact(sums.this_week, week_of),
          .this_month = fact(sums.this_month, month_of)};
}

// A notice that is not here may be on its way to records that are not complete.
Fact<procedure::Notice> notice_fact(const Situation& situation) {
  const auto& notice = situation.subject.notice;
  if (notice) {
    return {{.notified_at = notice->notified_at,
             .objection = notice->objection,
             .objected_at = notice->objected_at,
             .ruling = notice->ruling,
             .ruled_at = notice->ruled_at},
            situation.source,
            situation.records_age_ms};
  }
  if (situation.records_age_ms > 0) return {};
  return {{.notified_at = procedure::kNeverNotified, .objected_at = {}, .ruled_at = {}}, situation.source};
}

}  // namespace

Truth alternates(const Presence& before, const Step& step) {
  if (before.status == Status::kDisputed) return Truth::kUnknown;
  const Presence next = after(before, step);
  if (next.status == Status::kDisputed) return Truth::kFalse;
  // Admitted by one side while on record with the other, or never seen leaving: the exit may be in another
  // post's outbox.
  return next.unmatched ? Truth::kUnknown : Truth::kTrue;
}

void Decider::load_lists(const procedure::Edition& edition, const Situation& situation) {
  if (lists_of_ != edition.hash()) {
    std::set<std::string> names;
    for (const procedure::Predicate& predicate : edition.predicates()) {
      if (predicate.kind != procedure::PredicateKind::kOnList &&
          predicate.kind != procedure::PredicateKind::kNotOnList)
        continue;
      if (const auto* operand = std::get_if<procedure::Names>(&predicate.operand))
        names.insert(operand->values.begin(), operand->values.end());
    }
    list_names_.assign(names.begin(), names.end());
    lists_of_ = edition.hash();
  }
  lists_.clear();
  for (const std::string& name : list_names_) {
    const std::optional<NameId> id = situation.names.find(name);
    const auto& entries = situation.subject.lists;
    const bool on = id && std::any_of(entries.begin(), entries.end(),
                                      [id](const ListEntry& entry) { return entry.list == *id; });
    lists_.push_back({name, Fact<bool>(on, situation.source, situation.records_age_ms)});
  }
}

// What the person's record says at this moment, once for both halves of a crossing.
void Decider::load_record(const procedure::Edition& edition, const Movement& movement,
                          const Situation& situation) {
  const UtcMillis at = situation.key.occurred_at;
  day_ = static_cast<std::int32_t>(edition.local_day(at));
  complete_day_ = static_cast<std::int32_t>(edition.local_day(at.plus(-situation.records_age_ms)));
  const Step step{.key = situation.key,
                  .entry = {},
                  .checkpoint = {},
                  .post = situation.post.side,
                  .direction = movement.direction,
                  .day = day_};
  const Presence before = situation.subject.before(situation.key);
  history_is_known_ = before.status != Status::kDisputed && after(before, step).status != Status::kDisputed &&
                      situation.subject.history_before(situation.key, history_);
  const auto doubtful = doubtful_stays(before, step);
  for (std::size_t side = 0; side < stays_.size(); ++side) {
    stays_[side].clear();
    stays_are_known_[side] = history_is_known_ && !doubtful[side] &&
                             situation.records_age_ms <= limits::kMaxStayRecordsAgeMs &&
                             (history_.gap[side] == History::kNoGap ||
                              at.ms - history_.gap[side].ms > limits::kStayHistoryDays * kDayMs);
    if (!stays_are_known_[side]) continue;
    for (const Stretch& stay : history_.stays[side]) stays_[side].push_back({stay.entered, stay.left});
  }
  permits_.clear();
  for (const PermitEntry& permit : situation.subject.permits)
    permits_.push_back({permit.kind, permit.valid_from, permit.valid_until});
  load_overrides(situation);
}

// Words of different people for the same article, in force together: every word counts with those that came
// after it, and the edition says how old the first of them may be.
void Decider::load_overrides(const Situation& situation) {
  const auto& words = situation.subject.overrides;
  overrides_.clear();
  signer_roles_.assign(words.size(), {});
  for (std::size_t first = 0; first < words.size(); ++first) {
    const auto together = words_together(words, first, situation.key.occurred_at);
    if (together.empty()) continue;
    for (const std::size_t word : together) signer_roles_[first].push_back(words[word].role);
    overrides_.push_back({words[first].article, words[first].granted_at, signer_roles_[first]});
  }
}

void Decider::add_record(const Movement& movement, const Situation& situation, const Leg& leg,
                         procedure::Facts& facts) {
  const Source records = situation.source;
  const std::int64_t age_ms = situation.records_age_ms;
  const Vouched by{records, age_ms, complete_day_};
  if (stays_are_known_[0]) facts.stays_on_a = {std::span<const procedure::Stay>(stays_[0]), records, age_ms};
  if (stays_are_known_[1]) facts.stays_on_b = {std::span<const procedure::Stay>(stays_[1]), records, age_ms};
  facts.permits = {std::span<const procedure::Permit>(permits_), records, age_ms};
  facts.overrides = overrides_;
  facts.notice = notice_fact(situation);
  if (history_is_known_) {
    const Tally& tally = history_.tally(leg);
    facts.crossings = counts(tally.as_of(day_), tally.missing, day_, by);
  }
  if (!movement.declared.goods) return;
  goods_.clear();
  for (const DeclaredGoods& goods : *movement.declared.goods) {
    Tally earlier;
    for (const Carried& carried : situation.subject.carried) {
      const bool counts_here = carried.key < situation.key && carried.leg == leg &&
                               carried.kind == goods.kind && carried.unit == goods.unit;
      if (counts_here) earlier.add(carried.day, carried.amount);
    }
    procedure::Goods fact{.kind = goods.kind, .unit = goods.unit, .amount = goods.amount, .earlier = {}};
    if (history_is_known_) {
      fact.earlier = counts(earlier.as_of(day_), situation.subject.carried_from_day, day_, by);
    }
    goods_.push_back(fact);
  }
  facts.goods = {std::span<const procedure::Goods>(goods_), Source::kOfficer};
}

void Decider::add_declared(const Movement& movement, procedure::Facts& facts) {
  const Declaration& said = movement.declared;
  if (said.mode) facts.mode = {*said.mode, Source::kOfficer};
  if (said.convoy) {
    facts.convoy = {procedure::Convoy{said.convoy->vehicles, said.convoy->persons, said.convoy->escorted},
                    Source::kOfficer};
  }
  if (said.weapons) facts.weapons = {*said.weapons, Source::kOfficer};
  if (said.arms_handed_over) facts.arms_handed_over = {*said.arms_handed_over, Source::kOfficer};
  declared_.clear();
  for (const DeclaredFact& fact : said.facts) {
    const procedure::DeclaredValue value{fact.number, fact.word};
    declared_.push_back({fact.name, {value, Source::kOfficer}});
  }
  facts.declared = declared_;
}

procedure::Facts Decider::facts_of(const Movement& movement, const Situation& situation, const Leg& leg,
                                   const procedure::Edition& edition) {
  const Source records = situation.source;
  const std::int64_t age_ms = situation.records_age_ms;
  const Presence before = situation.subject.before(situation.key);

  procedure::Facts facts;
  facts.direction = {leg.direction, Source::kAgent};
  facts.checkpoint = {std::string_view(situation.post.checkpoint), Source::kAgent};
  facts.post_side = {situation.post.side, Source::kAgent};
  facts.toward = {leg.direction == procedure::Direction::kEntry ? leg.side : other(leg.side), Source::kAgent};
  facts.returning = {is_return(before, situation.post.side, movement.direction), records, age_ms};

  facts.category = category_fact(edition, movement);
  facts.document_readable = {!movement.document_kind.empty(), Source::kDocument};
  facts.document_kind = document_fact(movement.document_kind);
  facts.document_issuer = document_fact(movement.document_issuer);
  if (movement.document_valid_days)
    facts.document_days_left = {*movement.document_valid_days, Source::kDocument};
  if (movement.age_years) facts.age_years = {*movement.age_years, Source::kDocument};
  if (movement.sex != Sex::kUnspecified) facts.sex = {movement.sex, Source::kDocument};
  facts.accompanied_by = {relations_of(movement), Source::kOfficer};
  facts.companions = {static_cast<std::int64_t>(movement.companions.size()), Source::kOfficer};

  facts.closed = {situation.line.is_closed(situation.post.checkpoint, situation.key.occurred_at,
                                           edition.procedure().closure_max_hours),
                  records, age_ms};
  const Step step{.key = situation.key,
                  .entry = {},
                  .checkpoint = {},
                  .post = situation.post.side,
                  .direction = movement.direction};
  const Truth alternating = alternates(before, step);
  // Records that may be incomplete cannot contradict anybody.
  const bool undecided = alternating == Truth::kUnknown || (alternating == Truth::kFalse && age_ms > 0);
  if (!undecided) facts.alternates = {alternating == Truth::kTrue, records, age_ms};
  facts.lists = lists_;
  facts.quotas = situation.quotas;
  add_record(movement, situation, leg, facts);
  add_declared(movement, facts);
  return facts;
}

const Decider::Verdicts& Decider::decide(const procedure::Edition& edition, const Movement& movement,
                                         const Situation& situation) {
  load_lists(edition, situation);
  load_record(edition, movement, situation);
  const Legs legs = legs_of(situation.post.side, movement.direction);
  verdicts_.verdict = Verdict::kAllow;
  for (std::size_t i = 0; i < legs.count; ++i) {
    const procedure::Facts facts = facts_of(movement, situation, legs.legs[i], edition);
    if (situation.rehearses) {
      rehearsal_.decide(edition, facts, situation.key.occurred_at, decisions_[i]);
    } else {
      edition.decide(facts, situation.key.occurred_at, decisions_[i]);
    }
    verdicts_.verdict = procedure::worst(verdicts_.verdict, decisions_[i].verdict);
  }
  verdicts_.decisions = std::span(decisions_).first(legs.count);
  return verdicts_;
}

std::vector<std::string> Decider::cited(const procedure::Edition& edition) const {
  std::vector<procedure::ArticleIndex> indices;
  for (const procedure::Decision& decision : verdicts_.decisions) {
    // At a joint post only the half that gave the verdict decided.
    if (decision.verdict == verdicts_.verdict)
      indices.insert(indices.end(), decision.cited.begin(), decision.cited.end());
  }
  std::ranges::sort(indices);
  const auto repeated = std::ranges::unique(indices);
  indices.erase(repeated.begin(), repeated.end());
  std::vector<std::string> articles;
  articles.reserve(indices.size());
  for (const procedure::ArticleIndex index : indices) articles.push_back(edition.articles()[index].id);
  return articles;
}

}  // namespace crossline::movement
