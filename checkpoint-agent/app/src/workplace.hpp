// What both `run` and `scan` work on: the agent's data folder, opened, and the station on it.
#pragma once

#include "agent_config.hpp"
#include "crossline/agent/sqlite_journal.hpp"
#include "crossline/agent/sqlite_replica.hpp"
#include "crossline/agent/station.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/runtime/system_clock.hpp"

#include <memory>

namespace crossline::agent {

// Outlives the station made on it. Holds the folder's lock: one process works on a journal at a time.
class Workplace {
 public:
  // Makes the folder when it is missing. kConflict when another agent works there; errors of the stores.
  static Result<std::unique_ptr<Workplace>> open(const std::filesystem::path& folder);
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  // Runs the self-check first (conformance/self_check.hpp), and logs how many cases passed. Its error, naming
  // the case, or that of Station::open.
  Result<std::unique_ptr<Station>> open_station(const AgentConfig& config);

 private:
  explicit Workplace(int lock) : lock_(lock) {}

  int lock_;  // file descriptor
  runtime::SystemClock clock_;
  crypto::SystemRandom random_;
  std::unique_ptr<SqliteJournal> journal_;
  std::unique_ptr<SqliteReplica> replica_;
};

}  // namespace crossline::agent
