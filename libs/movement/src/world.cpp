#include "crossline/movement/world.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <variant>

namespace crossline::movement {

struct World::Context {
  const procedure::Edition& edition;
  const Event& event;
  const Post* post;
  MovementKey key;
  LedgerIndex index;
  Applied applied;
};

World::World() {
  (void)names_.intern("");
}  // id 0: no checkpoint

UtcMillis World::occurred_at(std::string_view agent, UtcMillis recorded_at, UtcMillis received_at) const {
  const auto clock = clocks_.find(agent);
  return clock == clocks_.end() ? std::min(recorded_at, received_at)
                                : clock->second.occurred_at(recorded_at, received_at);
}

World::Clock& World::clock_of(std::string_view agent) {
  const auto clock = clocks_.find(agent);
  return clock != clocks_.end() ? clock->second
                                : clocks_.emplace(std::string(agent), Clock{agent_tag(agent)}).first->second;
}

Applied World::apply(const procedure::Edition& edition, const Event& event, const Post* post,
                     UtcMillis received_at, LedgerIndex index) {
  Clock& clock = clock_of(event.agent);
  const UtcMillis at = clock.last = clock.occurred_at(event.recorded_at, received_at);
  Context context{edition, event, post, {at, movement_tie(clock.tag, event.journal_index)}, index, {}};
  context.applied.occurred_at = at;
  std::visit([&](const auto& body) { apply_body(body, context); }, event.body);
  return std::move(context.applied);
}

void World::apply_body(const Movement& body, Context& context) {
  Applied& applied = context.applied;
  SubjectState& state = touch(body.subject, context);
  if (context.post == nullptr || !direction_fits(context.post->side, body.direction)) {
    // An office cannot admit anybody, nor a post in a direction it does not have: recorded, cited by nothing,
    // a case.
    applied.verdict = Verdict::kRefuse;
    applied.conflict = true;
    return;
  }
  const auto day = static_cast<std::int32_t>(context.edition.local_day(context.key.occurred_at));
  const Situation situation{.post = *context.post,
                            .line = line_,
                            .subject = state,
                            .names = names_,
                            .key = context.key,
                            .quotas = quotas_for(context.edition, tag_of(context.key.tie), day)};
  applied.verdict = decider_.decide(context.edition, body, situation).verdict;
  applied.articles = decider_.cited(context.edition);
  applied.conflict = *applied.verdict != body.verdict ||
                     (body.outcome == Outcome::kPassed && *applied.verdict != Verdict::kAllow);
  if (body.outcome != Outcome::kPassed) return;

  const Presence before = state.before(context.key);
  applied.late = !state.open.empty() && context.key < state.open.back().key;
  const Step step{context.key,        context.index,  names_.intern(context.post->checkpoint),
                  context.post->side, body.direction, day};
  const auto goods = body.declared.goods ? std::span<const DeclaredGoods>(*body.declared.goods)
                                         : std::span<const DeclaredGoods>();
  if (!state.pass(step, goods)) applied.late = true;
  line_.quotas.use(context.edition.procedure().quotas, body, *context.post, context.key.tie, day);
  if (!applied.late && before.status == Status::kBetween && state.now.status != Status::kDisputed) {
    applied.between_ms = context.key.occurred_at.ms - before.since.ms;
  }
  if (state.now.status == Status::kDisputed) applied.conflict = true;
}

void World::apply_body(const Correction& body, Context& context) {
  SubjectState& state = touch(body.subject, context);
  const std::uint64_t tie = movement_tie(tag_of(context.key.tie), body.journal_index);
  line_.quotas.give_back(tie);
  const auto step = std::find_if(state.open.begin(), state.open.end(),
                                 [tie](const Step& open) { return open.key.tie == tie; });
  if (step == state.open.end()) {
    context.applied.late = true;
    return;
  }
  context.applied.corrected = step->entry;
  state.remove(tie);
}

void World::apply_body(const Closure& body, Context&) {
  line_.apply(body);
}

void World::apply_body(const ListChange& body, Context& context) {
  touch(body.subject, context).set_listed(names_.intern(body.list), context.key.occurred_at, !body.removed);
}

void World::apply_body(const Lookup& body, Context& context) {
  // A look-up concerns a person only when there is one: it must not make a subject out of a mistyped number.
  if (body.subject && find(*body.subject) != nullptr) touch(*body.subject, context);
}

void World::apply_body(const Resolution& body, Context& context) {
  const auto day = static_cast<std::int32_t>(context.edition.local_day(context.key.occurred_at));
  touch(body.subject, context).resolve(body.party, body.status, context.key.occurred_at, day, context.index);
}

void World::apply_body(const PermitChange& body, Context& context) {
  SubjectState& state = touch(body.subject, context);
  if (body.withdrawn) {
    state.withdraw_permits(body.kind, body.party);
  } else {
    state.permit({body.kind, body.party, body.valid_from, body.valid_until}, context.key.occurred_at);
  }
}

void World::apply_body(const OverrideGrant& body, Context& context) {
  touch(body.subject, context)
      .grant_override({body.article, body.role, signer_tag(context.event.officer), context.key.occurred_at});
}

void World::apply_body(const QuotaLease& body, Context& context) {
  const auto& quotas = context.edition.procedure().quotas;
  const auto quota = std::ranges::find(quotas, body.quota, &procedure::Quota::name);
  const bool is_today = body.day == context.edition.local_day(context.key.occurred_at);
  if (!is_today || quota == quotas.end() || !line_.quotas.lease(body, quota->per_day))
    context.applied.conflict = true;
}

void World::apply_body(const NoticeAct& body, Context& context) {
  touch(body.subject, context).take_notice(body.step, body.party, context.key.occurred_at);
}

std::span<const procedure::QuotaFact> World::quotas_for(const procedure::Edition& edition,
                                                        std::uint32_t agent, std::int32_t day) {
  quota_facts_.clear();
  for (const procedure::Quota& quota : edition.procedure().quotas) {
    const auto left = line_.quotas.left(quota, day, agent);
    if (left) quota_facts_.push_back({quota.name, {*left, procedure::Source::kServer}});
  }
  return quota_facts_;
}

SubjectState& World::touch(const SubjectId& subject, Context& context) {
  SubjectState& state = subjects_[subject];
  context.applied.subject = subject;
  context.applied.previous = state.last_entry;
  state.last_entry = context.index;
  return state;
}

World::Consulted World::consult(const procedure::Edition& edition, std::string_view agent,
                                const Movement& movement, const Post& post, UtcMillis at) {
  return ask(edition, agent, movement, post, at, false);
}

World::Consulted World::rehearse(const procedure::Edition& edition, std::string_view agent,
                                 const Movement& movement, const Post& post, UtcMillis at) {
  return ask(edition, agent, movement, post, at, true);
}

World::Consulted World::ask(const procedure::Edition& edition, std::string_view agent,
                            const Movement& movement, const Post& post, UtcMillis at, bool rehearses) {
  static const SubjectState kNeverSeen;
  const SubjectState* known = find(movement.subject);
  const SubjectState& state = known == nullptr ? kNeverSeen : *known;
  Consulted consulted;
  consulted.status = state.now.status;
  if (!direction_fits(post.side, movement.direction)) return consulted;
  // After everything already on record at that moment.
  const MovementKey key{at, std::numeric_limits<std::uint64_t>::max()};
  const auto day = static_cast<std::int32_t>(edition.local_day(at));
  const Situation situation{.post = post,
                            .line = line_,
                            .subject = state,
                            .names = names_,
                            .key = key,
                            .rehearses = rehearses,
                            .quotas = quotas_for(edition, agent_tag(agent), day)};
  consulted.verdict = decider_.decide(edition, movement, situation).verdict;
  consulted.articles = decider_.cited(edition);
  return consulted;
}

const SubjectState* World::find(const SubjectId& subject) const {
  return subjects_.find(subject);
}

void World::restore_clock(std::string_view agent, UtcMillis last) {
  clock_of(agent).last = last;
}

std::vector<World::AgentClock> World::clocks() const {
  std::vector<AgentClock> clocks;
  clocks.reserve(clocks_.size());
  for (const auto& [agent, clock] : clocks_) clocks.push_back({agent, clock.last});
  std::sort(clocks.begin(), clocks.end(),
            [](const AgentClock& a, const AgentClock& b) { return a.agent < b.agent; });
  return clocks;
}

}  // namespace crossline::movement
