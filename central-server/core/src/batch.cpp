#include "crossline/server/batch.hpp"

#include "crossline/server/view_rows.hpp"

#include <map>
#include <set>
#include <type_traits>
#include <unordered_set>
#include <variant>

namespace crossline::server {

std::optional<movement::SubjectId> subject_of(const movement::Event& event) {
  return std::visit(
      [](const auto& body) -> std::optional<movement::SubjectId> {
        if constexpr (requires { body.subject; }) {
          return body.subject;
        } else {
          return std::nullopt;
        }
      },
      event.body);
}

namespace {

// How the next edition, if there is one, would decide this movement; before it is applied.
std::optional<Rehearsed> rehearse(movement::World& world, const procedure::Edition* next,
                                  const movement::Event& event, const std::optional<movement::Post>& post,
                                  UtcMillis at) {
  const auto* movement = std::get_if<movement::Movement>(&event.body);
  if (next == nullptr || movement == nullptr || !post) return std::nullopt;
  auto consulted = world.rehearse(*next, event.agent, *movement, *post, at);
  return Rehearsed{next->hash(), consulted.verdict, std::move(consulted.articles)};
}

}  // namespace

Recorded fold(movement::World& world, const procedure::EditionBook& editions, VerifiedEvent verified,
              const std::optional<movement::Post>& post, UtcMillis received_at, LedgerIndex index) {
  Recorded recorded;
  recorded.index = index;
  recorded.post = post;
  const auto subject = subject_of(verified.event);
  if (const auto* state = subject ? world.find(*subject) : nullptr)
    recorded.status_before = state->now.status;

  const UtcMillis at = world.occurred_at(verified.event.agent, verified.event.recorded_at, received_at);
  const procedure::Edition& edition = *editions.at(at);
  recorded.rehearsed = rehearse(world, editions.next_after(at), verified.event, post, at);
  movement::Applied applied =
      world.apply(edition, verified.event, post ? &*post : nullptr, received_at, index);
  recorded.day = static_cast<std::int32_t>(edition.local_day(applied.occurred_at));
  recorded.corrected = applied.corrected;
  recorded.between_ms = applied.between_ms;
  if (const auto* movement = std::get_if<movement::Movement>(&verified.event.body)) {
    recorded.disagreement =
        applied.verdict != movement->verdict ||
        (movement->outcome == movement::Outcome::kPassed && applied.verdict != movement::Verdict::kAllow);
  }

  wire::LedgerEntry& entry = recorded.entry;
  entry.event = std::move(verified.bytes);
  entry.agent = verified.event.agent;
  entry.received_at = received_at;
  entry.occurred_at = applied.occurred_at;
  entry.verdict = applied.verdict;
  entry.articles = std::move(applied.articles);
  if (entry.verdict) entry.edition = edition.hash();
  if (applied.subject) entry.state = state_after(*world.find(*applied.subject), world.names());
  entry.previous = applied.previous;
  entry.conflict = applied.conflict;
  recorded.event = std::move(verified.event);
  return recorded;
}

namespace {

// What `entries` may have changed of the quotas.
struct QuotaChanges {
  std::map<std::int32_t, std::set<movement::QuotaPart>> days;  // on which something happened, with its parts
  std::set<movement::QuotaPart> taken_back;                    // parts that lost a movement, of whatever day
};

QuotaChanges quota_changes(std::span<const Recorded> entries) {
  QuotaChanges changes;
  const auto part = [](const movement::Event& event, JournalIndex index) {
    return movement::quota_part_of(movement::movement_tie(movement::agent_tag(event.agent), index));
  };
  for (const Recorded& recorded : entries) {
    const movement::Event& event = recorded.event;
    if (std::holds_alternative<movement::Movement>(event.body))
      changes.days[recorded.day].insert(part(event, event.journal_index));
    if (const auto* correction = std::get_if<movement::Correction>(&event.body))
      changes.taken_back.insert(part(event, correction->journal_index));
    if (const auto* lease = std::get_if<movement::QuotaLease>(&event.body)) changes.days[lease->day];
  }
  return changes;
}

// Work and rows grow with `entries`, not with what the day has seen.
void add_quota_rows(const movement::World& world, std::span<const Recorded> entries,
                    std::vector<ViewRow>& rows) {
  const auto& quotas = world.line().quotas.all();
  if (quotas.empty()) return;
  const QuotaChanges changes = quota_changes(entries);
  for (const auto& [quota, of_quota] : quotas) {
    for (const auto& [day, state] : of_quota) {
      for (const movement::QuotaPart& part : changes.taken_back)
        if (state.uses_of(part).empty()) rows.push_back(quota_uses_gone(quota, day, part));
      const auto changed = changes.days.find(day);
      std::set<movement::QuotaPart> parts = changes.taken_back;
      if (changed != changes.days.end()) {
        rows.push_back(quota_row(quota, day, state));
        parts.insert(changed->second.begin(), changed->second.end());
      }
      for (const movement::QuotaPart& part : parts)
        if (const auto uses = state.uses_of(part); !uses.empty())
          rows.push_back(quota_uses_row(quota, day, part, uses));
    }
  }
}

}  // namespace

std::vector<ViewRow> state_rows(const movement::World& world, std::span<const Recorded> entries) {
  std::unordered_set<movement::SubjectId> seen;
  std::vector<ViewRow> rows;
  rows.reserve(entries.size());
  for (const Recorded& recorded : entries) {
    if (!recorded.entry.state) continue;
    const movement::SubjectId subject = *subject_of(recorded.event);
    if (seen.insert(subject).second)
      rows.push_back(subject_row(subject, *world.find(subject), world.names()));
  }
  add_quota_rows(world, entries, rows);
  return rows;
}

Result<std::shared_ptr<const Committed>> Committed::make(Decided decided, LedgerStore& ledger) {
  CROSSLINE_CHECK_OK(ledger.append(decided.commit_));
  std::shared_ptr<Committed> made(new Committed);
  made->first_ = decided.commit_.first;
  made->entries_ = std::move(decided.entries_);
  made->head_ = {{decided.commit_.range.size(), decided.commit_.range.root()},
                 decided.commit_.head_signature};
  made->state_rows_ = std::move(decided.state_rows_);
  return std::shared_ptr<const Committed>(std::move(made));
}

}  // namespace crossline::server
