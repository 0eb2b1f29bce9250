#include "crossline/engine/agent_directory.hpp"

#include "crossline/base/assert.hpp"

#include <utility>

namespace crossline::server {
namespace {

movement::Post post_of(const enrolment::AgentRecord& record) {
  const auto side = movement::post_side_from(record.post.side);
  CROSSLINE_ASSERT(side.has_value());
  return {record.post.checkpoint, *side};
}

// The registry refuses keys that cannot verify.
crypto::Verifier verifier_of(const enrolment::AgentRecord& record) {
  auto verifier = crypto::Verifier::make(record.journal_key.key);
  CROSSLINE_ASSERT(verifier.has_value());
  return *std::move(verifier);
}

}  // namespace

AgentSlot::AgentSlot(std::string_view line, const enrolment::AgentRecord& record,
                     const std::optional<JournalState>& known, bool suspended)
    : journal_(line, record.post.agent, post_of(record), verifier_of(record), known) {
  status_.suspended = suspended;
  status_.journal_size = journal_.next().value();
}

bool AgentSlot::acquire(const std::shared_ptr<LiveSession>& session, const crypto::Certificate& certificate,
                        std::string_view party, UtcMillis now) {
  std::shared_ptr<LiveSession> other;
  {
    const std::lock_guard lock(mutex_);
    if (!session_) {
      session_ = session;
      certificate_ = certificate;
      party_ = party;
      status_.connected = true;
      status_.since = now;
      return true;
    }
    other = session_;
  }
  other->end({ErrorCode::kUnavailable, "the agent has connected again"});
  return false;
}

void AgentSlot::release(const LiveSession* session, UtcMillis now) {
  const std::lock_guard lock(mutex_);
  if (session_.get() != session) return;
  session_.reset();
  status_.connected = false;
  status_.since = now;
}

void AgentSlot::end_session(Error why) {
  std::shared_ptr<LiveSession> session;
  {
    const std::lock_guard lock(mutex_);
    session = session_;
  }
  if (session) session->end(std::move(why));
}

void AgentSlot::recheck(const enrolment::Registry& registry) {
  std::shared_ptr<LiveSession> session;
  Error why;
  {
    const std::lock_guard lock(mutex_);
    if (!session_) return;
    const auto admitted = registry.admit(*certificate_, party_);
    if (admitted) return;
    session = session_;
    why = admitted.error();
  }
  session->end(std::move(why));
}

void AgentSlot::heard(UtcMillis now) {
  const std::lock_guard lock(mutex_);
  status_.last_seen = now;
}

void AgentSlot::told(std::uint64_t unsent, std::uint64_t oldest_unsent_ms) {
  const std::lock_guard lock(mutex_);
  status_.unsent = unsent;
  status_.oldest_unsent_ms = oldest_unsent_ms;
}

void AgentSlot::enforces(const std::optional<crypto::Hash>& edition, UtcMillis now) {
  const std::lock_guard lock(mutex_);
  status_.edition = edition;
  status_.editions.reset();
  status_.editions_reported = now;
}

void AgentSlot::reports(const wire::EditionReport& editions, UtcMillis now) {
  const std::lock_guard lock(mutex_);
  status_.edition = editions.enforced;
  status_.editions = editions;
  status_.editions_reported = now;
}

void AgentSlot::suspend() {
  const std::lock_guard lock(mutex_);
  status_.suspended = true;
}

void AgentSlot::recorded_up_to(std::uint64_t journal_size) {
  const std::lock_guard lock(mutex_);
  status_.journal_size = journal_size;
}

AgentSlot::Status AgentSlot::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void AgentSlot::queued_backlog(std::int64_t events) {
  const std::lock_guard lock(mutex_);
  backlog_ += events;
}

bool AgentSlot::has_backlog() const {
  const std::lock_guard lock(mutex_);
  return backlog_ > 0;
}

AgentDirectory::AgentDirectory(std::shared_ptr<const enrolment::Registry> registry,
                               const LedgerSnapshot& ledger)
    : registry_(std::move(registry)) {
  for (const JournalState& journal : ledger.journals) known_.emplace(journal.agent, journal);
  for (const std::string& agent : ledger.suspended) suspended_.emplace(agent, true);
  add_slots(*registry_);
}

void AgentDirectory::add_slots(const enrolment::Registry& registry) {
  for (const auto& [agent, record] : registry.agents()) {
    if (slots_.contains(agent)) continue;
    const auto known = known_.find(agent);
    slots_.emplace(agent, std::make_shared<AgentSlot>(
                              registry.line(), record,
                              known == known_.end() ? std::nullopt : std::optional(known->second),
                              suspended_.contains(agent)));
  }
}

std::shared_ptr<const enrolment::Registry> AgentDirectory::registry() const {
  const std::lock_guard lock(mutex_);
  return registry_;
}

void AgentDirectory::replace_registry(std::shared_ptr<const enrolment::Registry> registry) {
  std::vector<std::shared_ptr<AgentSlot>> slots;
  {
    const std::lock_guard lock(mutex_);
    registry_ = registry;
    add_slots(*registry);
    for (const auto& [agent, slot] : slots_) slots.push_back(slot);
  }
  for (const auto& slot : slots) slot->recheck(*registry);
}

std::shared_ptr<AgentSlot> AgentDirectory::find(std::string_view agent) const {
  const std::lock_guard lock(mutex_);
  const auto found = slots_.find(agent);
  return found == slots_.end() ? nullptr : found->second;
}

void AgentDirectory::note(const Committed& committed) {
  std::map<std::string_view, std::uint64_t> sizes;
  for (const Recorded& recorded : committed.entries()) {
    sizes[recorded.entry.agent] = recorded.event.journal_index.value() + 1;
  }
  for (const auto& [agent, size] : sizes) {
    if (const auto slot = find(agent)) slot->recorded_up_to(size);
  }
}

std::vector<AgentDirectory::Entry> AgentDirectory::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<Entry> all;
  for (const auto& [agent, record] : registry_->agents()) all.push_back({record, slots_.at(agent)->status()});
  return all;
}

}  // namespace crossline::server
