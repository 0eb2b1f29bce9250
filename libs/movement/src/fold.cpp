#include "crossline/movement/fold.hpp"

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
  for (const procedure::Category& category : edition.categories()) {
    if (category.name != movement.category) continue;
    const auto fitting = edition.categories_of(movement.document_kind, movement.document_issuer);
    const bool fits = std::find(fitting.begin(), fitting.end(), movement.category) != fitting.end();
    return fits ? Fact<std::string_view>(movement.category, Source::kOfficer) : Fact<std::string_view>{};
  }
  return {};
}

Fact<std::string_view> document_fact(const std::string& text) {
  return text.empty() ? Fact<std::string_view>{} : Fact<std::string_view>(text, Source::kDocument);
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

procedure::Facts Decider::facts_of(const Movement& movement, const Situation& situation, const Leg& leg,
                                   const procedure::Edition& edition) const {
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

  facts.closed = {situation.line.is_closed(situation.post.checkpoint, situation.key.occurred_at), records,
                  age_ms};
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
  return facts;
}

const Decider::Verdicts& Decider::decide(const procedure::Edition& edition, const Movement& movement,
                                         const Situation& situation) {
  load_lists(edition, situation);
  std::array<Leg, 2> legs;
  std::size_t count = 1;
  switch (movement.direction) {
    case Direction::kExit:
    case Direction::kEntry:
      legs[0] = {
          movement.direction == Direction::kExit ? procedure::Direction::kExit : procedure::Direction::kEntry,
          situation.post.side == PostSide::kB ? Side::kB : Side::kA};
      break;
    case Direction::kAToB:
      legs = {Leg{procedure::Direction::kExit, Side::kA}, Leg{procedure::Direction::kEntry, Side::kB}};
      count = 2;
      break;
    case Direction::kBToA:
      legs = {Leg{procedure::Direction::kExit, Side::kB}, Leg{procedure::Direction::kEntry, Side::kA}};
      count = 2;
      break;
  }
  verdicts_.verdict = Verdict::kAllow;
  for (std::size_t i = 0; i < count; ++i) {
    const procedure::Facts facts = facts_of(movement, situation, legs[i], edition);
    if (situation.rehearses) {
      rehearsal_.decide(edition, facts, situation.key.occurred_at, decisions_[i]);
    } else {
      edition.decide(facts, situation.key.occurred_at, decisions_[i]);
    }
    verdicts_.verdict = procedure::worst(verdicts_.verdict, decisions_[i].verdict);
  }
  verdicts_.decisions = std::span(decisions_).first(count);
  return verdicts_;
}

std::vector<std::string> Decider::cited(const procedure::Edition& edition) const {
  std::set<procedure::ArticleIndex> indices;
  for (const procedure::Decision& decision : verdicts_.decisions) {
    // At a joint post only the half that gave the verdict decided.
    if (decision.verdict == verdicts_.verdict) indices.insert(decision.cited.begin(), decision.cited.end());
  }
  std::vector<std::string> articles;
  articles.reserve(indices.size());
  for (const procedure::ArticleIndex index : indices) articles.push_back(edition.articles()[index].id);
  return articles;
}

}  // namespace crossline::movement
