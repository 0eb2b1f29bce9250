// Every agent of the line: what the registry says of it, what its journal has shown, whether it is here.
#pragma once

#include "crossline/crypto/certificate.hpp"
#include "crossline/enrolment/registry.hpp"
#include "crossline/server/agent_journal.hpp"
#include "crossline/server/batch.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::server {

// The end of one connection that others may reach; any thread.
class LiveSession {
 public:
  virtual ~LiveSession() = default;
  // Says why and closes.
  virtual void end(Error why) = 0;
};

// One agent as the server knows it. Thread-safe, but for journal().
class AgentSlot {
 public:
  struct Status {
    bool connected = false;
    std::optional<UtcMillis> since;      // connected or silent since
    std::optional<UtcMillis> last_seen;  // last frame received
    bool suspended = false;
    std::uint64_t journal_size = 0;  // events in the ledger
    std::optional<std::uint64_t> unsent;
    std::optional<std::uint64_t> oldest_unsent_ms;
    std::optional<crypto::Hash> edition;          // the one it enforces
    std::optional<wire::EditionReport> editions;  // as it last said
    std::optional<UtcMillis> editions_reported;   // when it did
  };

  AgentSlot(std::string_view line, const enrolment::AgentRecord& record,
            const std::optional<JournalState>& known, bool suspended);

  // Makes `session`, of a peer that showed `certificate` verified by `party`'s root, the agent's one
  // connection. False when there is another: it is told to end, so trying again soon will do.
  bool acquire(const std::shared_ptr<LiveSession>& session, const crypto::Certificate& certificate,
               std::string_view party, UtcMillis now);
  void release(const LiveSession* session, UtcMillis now);
  // Ends the connection, if there is one.
  void end_session(Error why);
  // Ends the connection when the registry no longer admits it.
  void recheck(const enrolment::Registry& registry);

  // Belongs to whoever acquired the slot, on its strand.
  [[nodiscard]] AgentJournal& journal() { return journal_; }

  void heard(UtcMillis now);
  void told(std::uint64_t unsent, std::uint64_t oldest_unsent_ms);
  void enforces(const std::optional<crypto::Hash>& edition, UtcMillis now);
  void reports(const wire::EditionReport& editions, UtcMillis now);
  void suspend();
  void recorded_up_to(std::uint64_t journal_size);
  [[nodiscard]] Status status() const;

  // Backlog on its way to the sequencer, over all connections: while there is any, live events queue behind
  // it.
  void queued_backlog(std::int64_t events);
  [[nodiscard]] bool has_backlog() const;

 private:
  AgentJournal journal_;
  mutable std::mutex mutex_;
  Status status_;
  std::int64_t backlog_ = 0;
  std::shared_ptr<LiveSession> session_;
  std::optional<crypto::Certificate> certificate_;
  std::string party_;
};

// Thread-safe.
class AgentDirectory {
 public:
  AgentDirectory(std::shared_ptr<const enrolment::Registry> registry, const LedgerSnapshot& ledger);

  [[nodiscard]] std::shared_ptr<const enrolment::Registry> registry() const;
  // Takes a changed registry; connections that it no longer admits are ended.
  void replace_registry(std::shared_ptr<const enrolment::Registry> registry);

  // Null when nobody of that name was ever enrolled.
  [[nodiscard]] std::shared_ptr<AgentSlot> find(std::string_view agent) const;
  // Notes how far the ledger has come with each journal.
  void note(const Committed& committed);

  struct Entry {
    enrolment::AgentRecord record;
    AgentSlot::Status status;
  };
  // Ordered by agent.
  [[nodiscard]] std::vector<Entry> list() const;

 private:
  void add_slots(const enrolment::Registry& registry);

  mutable std::mutex mutex_;
  std::shared_ptr<const enrolment::Registry> registry_;
  std::map<std::string, JournalState, std::less<>> known_;  // as the ledger had them at start
  std::map<std::string, bool, std::less<>> suspended_;
  std::map<std::string, std::shared_ptr<AgentSlot>, std::less<>> slots_;
};

}  // namespace crossline::server
