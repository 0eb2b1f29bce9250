#include "crossline/server_net/directory.hpp"

#include "crossline/runtime/system_clock.hpp"

#include <algorithm>
#include <utility>

namespace crossline::server {
namespace {

movement::Post post_of(const enrolment::AgentRecord& record) {
  // The registry admits no other sides.
  return {record.post.checkpoint, *movement::post_side_from(record.post.side)};
}

std::optional<JournalState> known_journal(const Engine::Run& run, const std::string& agent) {
  const auto& journals = run.journals_at_start();
  const auto found = std::find_if(journals.begin(), journals.end(),
                                  [&](const JournalState& state) { return state.agent == agent; });
  return found == journals.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

Directory::Directory(enrolment::Registry registry)
    : registry_(std::make_shared<const enrolment::Registry>(std::move(registry))) {}

std::shared_ptr<const enrolment::Registry> Directory::registry() const {
  const std::lock_guard lock(mutex_);
  return registry_;
}

void Directory::replace_registry(enrolment::Registry registry) {
  std::vector<std::function<void()>> evictions;
  {
    const std::lock_guard lock(mutex_);
    registry_ = std::make_shared<const enrolment::Registry>(std::move(registry));
    for (const auto& [agent, slot] : slots_) {
      const auto* record = registry_->find(agent);
      if ((record == nullptr || !record->active()) && slot.evict) evictions.push_back(slot.evict);
    }
  }
  for (const auto& evict : evictions) evict();
}

Result<std::unique_ptr<Directory::Seat>> Directory::take_seat(const std::shared_ptr<Engine::Run>& run,
                                                              const std::string& agent, UtcMillis now,
                                                              std::function<void()> evict) {
  std::function<void()> other;
  {
    const std::lock_guard lock(mutex_);
    if (suspended_of_.lock() != run) {
      suspended_ = {run->suspended_at_start().begin(), run->suspended_at_start().end()};
      suspended_of_ = run;
    }
    if (suspended_.contains(agent)) {
      return fail(
          ErrorCode::kForked,
          "agent {} is suspended: it has shown two histories; an administrator has to look at the evidence",
          agent);
    }
    const auto* record = registry_->find(agent);
    if (record == nullptr) return fail(ErrorCode::kUnauthenticated, "agent {} is not enrolled", agent);
    Slot& slot = slots_[agent];
    if (slot.evict) {
      other = slot.evict;
    } else {
      if (slot.run.lock() != run || !slot.journal) {
        CROSSLINE_TRY(auto verifier, crypto::Verifier::make(record->journal_key.key));
        slot.journal = std::make_unique<AgentJournal>(registry_->line(), agent, post_of(*record),
                                                      std::move(verifier), known_journal(*run, agent));
        slot.run = run;
      }
      slot.evict = std::move(evict);
      AgentPresence& presence = presences_[agent];
      presence.connected = true;
      presence.since = presence.last_seen = now;
      return std::make_unique<Seat>(*this, agent, std::move(slot.journal));
    }
  }
  other();
  return fail(ErrorCode::kBusy, "agent {} is connected already; the older connection is being closed", agent);
}

Directory::Seat::~Seat() {
  directory_.give_back(agent_, std::move(journal_), runtime::SystemClock().now());
}

void Directory::give_back(const std::string& agent, std::unique_ptr<AgentJournal> journal, UtcMillis now) {
  const std::lock_guard lock(mutex_);
  Slot& slot = slots_[agent];
  slot.journal = std::move(journal);
  slot.evict = nullptr;
  AgentPresence& presence = presences_[agent];
  presence.connected = false;
  presence.since = now;
}

void Directory::seen(const std::string& agent, UtcMillis now) {
  const std::lock_guard lock(mutex_);
  presences_[agent].last_seen = now;
}

void Directory::reported(const std::string& agent, std::uint64_t unsent, std::uint64_t oldest_unsent_ms) {
  const std::lock_guard lock(mutex_);
  AgentPresence& presence = presences_[agent];
  presence.unsent = unsent;
  presence.oldest_unsent_ms = oldest_unsent_ms;
}

void Directory::enforces(const std::string& agent, std::optional<crypto::Hash> edition) {
  const std::lock_guard lock(mutex_);
  presences_[agent].edition = edition;
}

void Directory::suspend(const std::string& agent) {
  const std::lock_guard lock(mutex_);
  suspended_.insert(agent);
}

void Directory::lift_suspension(const std::string& agent) {
  const std::lock_guard lock(mutex_);
  suspended_.erase(agent);
}

std::map<std::string, AgentPresence> Directory::presences() const {
  const std::lock_guard lock(mutex_);
  return presences_;
}

std::set<std::string> Directory::suspended() const {
  const std::lock_guard lock(mutex_);
  return suspended_;
}

std::size_t Directory::connected() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      presences_.begin(), presences_.end(), [](const auto& presence) { return presence.second.connected; }));
}

}  // namespace crossline::server
