#include "crossline/agent/replica.hpp"

#include "crossline/movement/state_bytes.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace crossline::agent {
namespace {

// Time of completeness is written down this often; a crash makes the records look older by this much.
constexpr std::int64_t kCurrencyWriteMs = 60'000;

}  // namespace

Replica::Replica(ReplicaStore& store, ReplicaSummary summary)
    : store_(&store),
      position_(summary.position),
      current_at_(summary.current_at),
      current_at_written_(summary.current_at),
      seen_head_(summary.seen_head),
      ledger_seen_at_(summary.ledger_seen_at),
      proven_head_(summary.proven_head),
      kept_editions_(std::move(summary.editions)) {
  (void)names_.intern("");  // id 0: no checkpoint, as in a World
  for (const movement::Closure& closure : summary.closures) line_.apply(closure);
  for (const movement::QuotaLease& lease : summary.leases) line_.quotas.follow(lease);
}

Result<Replica> Replica::open(ReplicaStore& store) {
  CROSSLINE_TRY(ReplicaSummary summary, store.load());
  return Replica(store, std::move(summary));
}

Result<void> Replica::apply(const wire::ReplicaUpdate& update) {
  if (update.to <= position_) return {};
  if (update.from != position_) {
    return fail(ErrorCode::kConflict, "replica: a piece from {}, this one ends at {}", update.from.value(),
                position_.value());
  }
  CROSSLINE_TRY(const ReplicaPiece piece, fold(update));
  CROSSLINE_CHECK_OK(store_->put(piece));
  for (const movement::Closure& closure : update.closures) line_.apply(closure);
  for (const movement::QuotaLease& lease : update.leases) line_.quotas.follow(lease);
  position_ = update.to;
  return {};
}

// The same fold as the server's, of the same changes: the records come out equal.
Result<ReplicaPiece> Replica::fold(const wire::ReplicaUpdate& update) {
  std::map<crypto::SubjectId, movement::SubjectState> states;
  for (const movement::RecordChange& change : update.changes) {
    auto state = states.find(change.subject);
    if (state == states.end()) {
      CROSSLINE_TRY(auto known, recorded(change.subject));
      state = states.emplace(change.subject, std::move(known)).first;
    }
    movement::apply(change, state->second, names_);
  }
  ReplicaPiece piece{.to = update.to, .persons = {}, .closures = update.closures, .leases = update.leases};
  piece.persons.reserve(states.size());
  for (const auto& [subject, state] : states)
    piece.persons.push_back({subject, movement::encode_state(state, names_)});
  return piece;
}

Result<movement::SubjectState> Replica::recorded(const crypto::SubjectId& subject) {
  CROSSLINE_TRY(const auto bytes, store_->find(subject));
  if (!bytes) return movement::SubjectState();
  return movement::decode_state(*bytes, names_);
}

Result<void> Replica::mark_current(UtcMillis now) {
  current_at_ = now;
  if (now.ms - current_at_written_.ms < kCurrencyWriteMs) return {};
  current_at_written_ = now;
  return store_->put_current_at(now);
}

std::int64_t Replica::age_ms(UtcMillis now) const {
  return std::max<std::int64_t>(1, now.ms - current_at_.ms);
}

Result<void> Replica::believe(const wire::SignedHead& head, UtcMillis now) {
  if (seen_head_ && head.head.size < seen_head_->head.size) return {};
  if (!seen_head_ || head.head.size > seen_head_->head.size) {
    CROSSLINE_CHECK_OK(store_->put_seen_head(head, now));
    seen_head_ = head;
  }
  ledger_seen_at_ = now;
  return {};
}

movement::Beacon Replica::ledger() const {
  return seen_head_ ? movement::Beacon{seen_head_->head.size, seen_head_->head.root} : movement::Beacon();
}

Result<void> Replica::prove(const wire::SignedHead& head) {
  if (proven_head_ && head.head.size <= proven_head_->head.size) return {};
  CROSSLINE_CHECK_OK(store_->put_proven_head(head));
  proven_head_ = head;
  return {};
}

Result<movement::SubjectState> Replica::state_of(const crypto::SubjectId& subject,
                                                 std::span<const OwnMovement> ahead,
                                                 std::span<const LearntMovement> learnt,
                                                 const movement::Post& post, std::uint32_t agent_tag,
                                                 const procedure::Edition& edition) {
  CROSSLINE_TRY(movement::SubjectState state, recorded(subject));
  const auto day_of = [&edition](UtcMillis at) { return static_cast<std::int32_t>(edition.local_day(at)); };
  const auto is_here = [&state](std::uint64_t tie) {
    return std::ranges::any_of(state.open, [tie](const movement::Step& step) { return step.key.tie == tie; });
  };
  const UtcMillis newest = state.now.since;
  const bool is_known = state.now.status != movement::Status::kUnknown;
  for (const OwnMovement& movement : ahead) {
    const std::uint64_t tie = movement::movement_tie(agent_tag, movement.index);
    if (is_here(tie)) continue;  // its answer is still on its way
    state.pass({.key = {movement.at, tie},
                .entry = {},
                .checkpoint = names_.intern(post.checkpoint),
                .post = post.side,
                .direction = movement.direction,
                .day = day_of(movement.at)},
               movement.goods);
  }
  for (const LearntMovement& movement : learnt) {
    // Once the records come that far, they say it themselves.
    if (is_here(movement.tie) || (is_known && movement.at <= newest)) continue;
    state.insert({.key = {movement.at, movement.tie},
                  .entry = {},
                  .checkpoint = names_.intern(movement.post.checkpoint),
                  .post = movement.post.side,
                  .direction = movement.direction,
                  .day = day_of(movement.at)});
  }
  return state;
}

Result<std::optional<UtcMillis>> Replica::since(const crypto::SubjectId& subject) {
  CROSSLINE_TRY(const auto known, recorded(subject));
  return known.now.status != movement::Status::kUnknown ? std::optional(known.now.since) : std::nullopt;
}

}  // namespace crossline::agent
