// Who is enrolled, who is connected, and whose journal stands where: what sessions share. Any thread.
#pragma once

#include "crossline/enrolment/registry.hpp"
#include "crossline/server/agent_journal.hpp"
#include "crossline/server_net/engine.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace crossline::server {

// What the server knows of one agent's connection.
struct AgentPresence {
  bool connected = false;
  std::optional<UtcMillis> since;                 // connected or silent since
  std::optional<UtcMillis> last_seen;             // last frame received
  std::optional<std::uint64_t> unsent;            // as it last said
  std::optional<std::uint64_t> oldest_unsent_ms;  // age, as it last said
  std::optional<crypto::Hash> edition;            // of the one it enforces, as it said in its hello
};

class Directory {
 public:
  explicit Directory(enrolment::Registry registry);

  [[nodiscard]] std::shared_ptr<const enrolment::Registry> registry() const;
  // Takes a newer registry and ends the sessions of agents it no longer admits.
  void replace_registry(enrolment::Registry registry);

  // One session's hold on its agent's journal; the journal is this session's alone until the seat is given
  // back.
  class Seat;
  // Whoever holds the agent's seat is told to leave by its `evict`, and this fails with kBusy: try again
  // until it is free. kForked while the agent is suspended.
  Result<std::unique_ptr<Seat>> take_seat(const std::shared_ptr<Engine::Run>& run, const std::string& agent,
                                          UtcMillis now, std::function<void()> evict);

  void seen(const std::string& agent, UtcMillis now);
  void reported(const std::string& agent, std::uint64_t unsent, std::uint64_t oldest_unsent_ms);
  void enforces(const std::string& agent, std::optional<crypto::Hash> edition);
  void suspend(const std::string& agent);
  void lift_suspension(const std::string& agent);
  [[nodiscard]] std::map<std::string, AgentPresence> presences() const;
  [[nodiscard]] std::set<std::string> suspended() const;
  [[nodiscard]] std::size_t connected() const;

 private:
  // The verified end of one agent's journal during one run of the stores.
  struct Slot {
    std::weak_ptr<Engine::Run> run;
    std::unique_ptr<AgentJournal> journal;
    std::function<void()> evict;  // of the session that holds it; empty when none does
  };
  void give_back(const std::string& agent, std::unique_ptr<AgentJournal> journal, UtcMillis now);

  mutable std::mutex mutex_;
  std::shared_ptr<const enrolment::Registry> registry_;
  std::map<std::string, Slot> slots_;
  std::map<std::string, AgentPresence> presences_;
  std::set<std::string> suspended_;
  std::weak_ptr<Engine::Run> suspended_of_;  // whose suspensions are in `suspended_`
};

class Directory::Seat {
 public:
  Seat(Directory& directory, std::string agent, std::unique_ptr<AgentJournal> journal)
      : directory_(directory), agent_(std::move(agent)), journal_(std::move(journal)) {}
  ~Seat();
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  [[nodiscard]] AgentJournal& journal() { return *journal_; }

 private:
  Directory& directory_;
  std::string agent_;
  std::unique_ptr<AgentJournal> journal_;
};

}  // namespace crossline::server
