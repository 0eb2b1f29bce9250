// A post of side A at the bridge, with its officer, its disk and a server that a test connects and cuts off.
#pragma once

#include "crossline/agent/station.hpp"
#include "tests/support/agent/fake_server.hpp"
#include "tests/support/agent/memory_stores.hpp"
#include "tests/support/agent/specimens.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/seeded_random.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace crossline::testing {

inline constexpr UtcMillis kMonday{1'796'032'800'000};  // 2026-11-30T10:00:00Z

// Verbs, so that a test reads as a story. Every frame is delivered at once unless the link is cut.
class Desk {
 public:
  explicit Desk(movement::PostSide side = movement::PostSide::kA) : side_(side) { open(); }
  // The post on the other side of the bridge: another agent with a key of its own.
  static std::unique_ptr<Desk> across() {
    return std::make_unique<Desk>(movement::PostSide::kB, "bridge-b-1", kAcrossSeed);
  }
  Desk(movement::PostSide side, std::string agent, std::uint8_t seed)
      : side_(side), agent_(std::move(agent)), seed_(seed) {
    open();
  }

  std::string revoked;  // the agent whose slips are not believed any more, from the next open() on

  // The process begins, with what the disk has kept.
  void open() {
    auto opened = try_open();
    ASSERT_TRUE(opened) << opened.error().to_string();
    station_ = *std::move(opened);
  }
  Result<std::unique_ptr<agent::Station>> try_open() {
    agent::Settings settings;
    settings.line = "river-line";
    settings.agent = agent_;
    settings.post = {"bridge", side_};
    settings.line_key.fill(7);
    settings.ledger_key = ledger_signer().public_key();
    settings.posts = {
        {"bridge-a-1", {"bridge", movement::PostSide::kA}, signer_of(1).public_key()},
        {"bridge-b-1", {"bridge", movement::PostSide::kB}, signer_of(kAcrossSeed).public_key()}};
    for (agent::KnownPost& post : settings.posts) post.revoked = post.agent == revoked;
    return agent::Station::open(std::move(settings), signer_of(seed_), {journal_, replica_, clock_, random_},
                                configured);
  }
  // What the machine is set up with, from the next open() on.
  agent::ConfiguredProcedure configured{desk_edition(), std::nullopt};
  void restart() {
    station_.reset();
    connected_ = false;
    open();
  }

  void start_shift(movement::Direction direction = movement::Direction::kExit) {
    ASSERT_TRUE(station_->start_shift("officer-1", direction, "en"));
    deliver();
  }
  // What then lies on the desk under the scan's id.
  const agent::Scan& scan(const Specimen& specimen) { return scan({.text = specimen.scan()}); }
  const agent::Scan& scan(const agent::ScanInput& input) {
    const auto id = station_->scan(input);
    EXPECT_TRUE(id) << id.error().to_string();
    deliver();
    return look(id.value_or(agent::ScanId{}));
  }
  const agent::Scan& look(const agent::ScanId& id) {
    const agent::Scan* found = station_->desk().find(id);
    EXPECT_NE(found, nullptr);
    static const agent::Scan none;
    return found == nullptr ? none : *found;
  }
  Result<void> confirm(const agent::Scan& scan, agent::Action action) {
    auto done = station_->confirm(agent::ScanId(scan.id), action);
    deliver();
    return done;
  }
  // Scans somebody and lets them pass.
  const agent::Scan& pass(const Specimen& specimen) {
    const agent::ScanId id = scan(specimen).id;
    EXPECT_TRUE(confirm(look(id), agent::Action::kPass));
    return look(id);
  }

  // So many people, each of whom was not here before.
  void pass_many(int count) {
    for (; count > 0; --count) (void)pass({.number = "N" + std::to_string(10'000'000 + people_++)});
  }
  [[nodiscard]] bool has_alarm(agent::AlarmCode code) const {
    return std::ranges::any_of(station_->alarms().all(),
                               [code](const agent::Alarm& alarm) { return alarm.code == code; });
  }

  void connect() {
    connected_ = true;
    station_->on_connected();
    deliver();
  }
  void cut() {
    connected_ = false;
    station_->on_disconnected(agent::LinkReason::kUnreachable, "cut");
    (void)station_->take_effects();
  }
  void wait_ms(std::uint64_t ms, std::uint64_t step_ms = 100) {
    for (; ms > 0; ms -= std::min(ms, step_ms)) {
      clock_.advance(static_cast<std::int64_t>(std::min(ms, step_ms)));
      station_->on_time();
      deliver();
    }
  }
  void say(wire::ServerFrame frame) {
    station_->on_frame(std::move(frame));
    deliver();
  }
  // Until neither end has anything to say.
  void deliver() {
    for (;;) {
      agent::Effects effects = station_->take_effects();
      if (effects.evidence) evidence_ = std::move(effects.evidence);
      if (effects.close_link) connected_ = false;
      if (!connected_ || effects.frames.empty()) return;
      for (const wire::AgentFrame& frame : effects.frames) {
        for (wire::ServerFrame& answer : server_.receive(frame)) station_->on_frame(std::move(answer));
      }
    }
  }

  // The last event in the journal.
  movement::Event last_event() {
    EXPECT_FALSE(journal_.records().empty());
    return wire::decode_event(as_bytes(journal_.records().back().event)).value();
  }
  movement::Movement last_movement() { return std::get<movement::Movement>(last_event().body); }
  std::size_t journal_size() const { return journal_.records().size(); }

  static crypto::Signer journal_signer() { return signer_of(1); }
  static crypto::Signer signer_of(std::uint8_t seed) {
    return crypto::Signer::from_seed(Bytes(32, seed)).value();
  }
  static crypto::Signer ledger_signer() { return crypto::Signer::from_seed(Bytes(32, 2)).value(); }

  // Against the server, the last.
  [[nodiscard]] const std::optional<merkle::Misbehaviour>& evidence() const { return evidence_; }

  agent::Station& station() { return *station_; }
  FakeServer& server() { return server_; }
  ManualClock& clock() { return clock_; }
  MemoryJournalStore& journal() { return journal_; }
  MemoryReplicaStore& replica() { return replica_; }
  bool is_connected() const { return connected_; }

 private:
  static constexpr std::uint8_t kAcrossSeed = 3;
  movement::PostSide side_;
  std::string agent_ = "bridge-a-1";
  std::uint8_t seed_ = 1;
  int people_ = 0;  // of pass_many
  ManualClock clock_{kMonday};
  SeededRandom random_{1};
  MemoryJournalStore journal_;
  MemoryReplicaStore replica_;
  FakeServer server_{"river-line", signer_of(seed_).public_key(), ledger_signer()};
  std::unique_ptr<agent::Station> station_;
  std::optional<merkle::Misbehaviour> evidence_;
  bool connected_ = false;
};

}  // namespace crossline::testing
