#include "crossline/agent/replica.hpp"

#include <algorithm>
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
      ledger_(summary.ledger),
      ledger_seen_at_(summary.ledger_seen_at),
      kept_editions_(std::move(summary.editions)) {
  (void)names_.intern("");  // id 0: no checkpoint, as in a World
  for (const movement::Closure& closure : summary.closures) line_.apply(closure);
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
  CROSSLINE_CHECK_OK(store_->apply(update));
  for (const movement::Closure& closure : update.closures) line_.apply(closure);
  position_ = update.to;
  return {};
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

Result<void> Replica::believe(const movement::Beacon& head, UtcMillis now) {
  if (head.size < ledger_.size) return {};
  ledger_seen_at_ = now;
  if (head.size == ledger_.size) return {};
  ledger_ = head;
  return store_->put_ledger(head, now);
}

Result<movement::SubjectState> Replica::state_of(const crypto::SubjectId& subject,
                                                 std::span<const OwnMovement> ahead,
                                                 std::span<const LearntMovement> learnt,
                                                 const movement::Post& post, std::uint32_t agent_tag) {
  movement::SubjectState state;
  CROSSLINE_TRY(const auto known, store_->find(subject));
  if (known) {
    state.settled = {.status = known->status,
                     .came_from = known->came_from,
                     .unmatched = false,
                     .checkpoint = names_.intern(known->checkpoint),
                     .since = known->since,
                     .by = {}};
    state.now = state.settled;
    for (const std::string& list : known->lists) state.lists.push_back({names_.intern(list), known->since});
    std::ranges::sort(state.lists, {}, &movement::ListEntry::list);
  }
  for (const OwnMovement& movement : ahead) {
    // The replica may hold a movement whose answer is still on its way: its status says so by its time.
    if (known && movement.at <= known->since) continue;
    state.insert({.key = {movement.at, movement::movement_tie(agent_tag, movement.index)},
                  .entry = {},
                  .checkpoint = names_.intern(post.checkpoint),
                  .post = post.side,
                  .direction = movement.direction});
  }
  for (const LearntMovement& movement : learnt) {
    // Once the records come that far, they say it themselves.
    if (known && movement.at <= known->since) continue;
    state.insert({.key = {movement.at, movement.tie},
                  .entry = {},
                  .checkpoint = names_.intern(movement.post.checkpoint),
                  .post = movement.post.side,
                  .direction = movement.direction});
  }
  return state;
}

Result<std::optional<UtcMillis>> Replica::since(const crypto::SubjectId& subject) {
  CROSSLINE_TRY(const auto known, store_->find(subject));
  return known && known->status != movement::Status::kUnknown ? std::optional(known->since) : std::nullopt;
}

}  // namespace crossline::agent
