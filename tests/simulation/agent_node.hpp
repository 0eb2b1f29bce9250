// One post of the simulation: the real Station on fake disks, an officer who scans, and a link that comes and
// goes.
#pragma once

#include "crossline/agent/station.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/timeline.hpp"
#include "tests/support/agent/memory_stores.hpp"
#include "tests/support/seeded_random.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace crossline::simulation {

// The timeline's time as one machine's clock shows it.
class NodeClock final : public Clock {
 public:
  NodeClock(const Timeline& timeline, UtcMillis start, std::int64_t skew_ms)
      : timeline_(timeline), start_(start.plus(skew_ms)) {}
  [[nodiscard]] UtcMillis now() const override {
    return start_.plus(static_cast<std::int64_t>(timeline_.now_ms()));
  }
  [[nodiscard]] std::uint64_t steady_ms() const override { return timeline_.now_ms(); }
  void jump(std::int64_t ms) { start_ = start_.plus(ms); }

 private:
  const Timeline& timeline_;
  UtcMillis start_;
};

class AgentNode {
 public:
  struct Setup {
    agent::Settings settings;
    crypto::Hash journal_seed;
    std::string sealed;
    std::int64_t skew_ms = 0;
  };
  // Asked for a new connection; null when the server cannot be reached.
  using Dial = std::function<std::shared_ptr<Connection>()>;
  // Told of every answer that reaches the agent.
  using Observe = std::function<void(const std::string& agent, const wire::Answer& answer)>;

  AgentNode(Setup setup, Timeline& timeline, Dice& dice, UtcMillis start, Dial dial, Observe observe);

  void start();
  // Loses what was not synced and everything in memory; the link is gone.
  void crash();
  [[nodiscard]] bool up() const { return station_ != nullptr; }
  // Tears the link, from outside.
  void lose_link();

  // One act of the officer, as the dice say: a scan, Enter, Esc, the other direction, taking back.
  void officer_acts(const std::vector<std::string>& documents);
  // Frames of a stranger who can write into the link but has not the journal's key.
  void tamper();

  [[nodiscard]] agent::Station& station() { return *station_; }
  [[nodiscard]] const std::string& name() const { return setup_.settings.agent; }
  [[nodiscard]] testing::MemoryJournalStore& journal() { return journal_; }
  [[nodiscard]] const std::optional<Error>& broken() const { return broken_; }
  [[nodiscard]] NodeClock& clock() { return clock_; }
  [[nodiscard]] std::uint64_t scans() const { return scans_; }

 private:
  void dial();
  void pump();
  void schedule_timer();
  void act_on_desk();
  void check(const Result<void>& result);

  Setup setup_;
  Timeline& timeline_;
  Dice& dice_;
  NodeClock clock_;
  testing::SeededRandom random_;
  Dial dial_;
  Observe observe_;
  testing::MemoryJournalStore journal_;
  testing::MemoryReplicaStore replica_;
  std::unique_ptr<agent::Station> station_;
  std::shared_ptr<Connection> connection_;
  bool dialling_ = false;
  std::uint64_t timer_ = UINT64_MAX;  // the next one scheduled
  std::uint64_t run_ = 0;
  std::uint64_t scans_ = 0;
  std::optional<Error> broken_;
};

}  // namespace crossline::simulation
