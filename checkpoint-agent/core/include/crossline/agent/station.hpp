// One post's agent: what the station page, the readers and the link ask of it, as plain functions.
#pragma once

#include "crossline/agent/alarms.hpp"
#include "crossline/agent/journal.hpp"
#include "crossline/agent/own_movements.hpp"
#include "crossline/agent/ports.hpp"
#include "crossline/agent/replica.hpp"
#include "crossline/agent/scan_session.hpp"
#include "crossline/agent/settings.hpp"
#include "crossline/agent/uplink.hpp"
#include "crossline/movement/fold.hpp"
#include "crossline/procedure/edition.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::agent {

// Who works at the desk. That they are who they say is the caller's business.
struct Officer {
  std::string id;
  std::string language = "en";  // of the articles' words
};

// What the shell has to do after a call.
struct Effects {
  std::vector<wire::AgentFrame> frames;  // to send, in this order
  bool close_link = false;               // after which on_disconnected() must not be called for it
};

// The whole agent but its sockets and its disk. Owned by one thread, on which every call is made; the same
// calls and the same clock give the same agent. After any call, take_effects() says what to send, and
// next_deadline_ms() when on_time() is wanted at the latest.
//
// Calls return kConflict when they do not fit what lies on the desk, and the journal's error when nothing can
// be recorded; the desk then shows kNotRecorded, or is unchanged.
class Station {
 public:
  struct Ports {
    JournalStore& journal;
    ReplicaStore& replica;
    const Clock& clock;
    Random& random;
  };
  // `sealed` is the procedure to start with; a newer edition in the replica store goes before it. kMalformed
  // when it does not load, kCorruptData when the journal contradicts itself.
  static Result<std::unique_ptr<Station>> open(Settings settings, crypto::Signer signer, Ports ports,
                                               std::string_view sealed);
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  // --- the shift
  Result<void> start_shift(Officer officer, movement::Direction direction);
  // What is still on the desk is recorded as abandoned.
  Result<void> end_shift();
  // The lane now runs the other way; what is on the desk is recorded as abandoned.
  Result<void> turn_lane(movement::Direction direction);

  // --- the desk (see scan_session.hpp for the phases)
  // One delivery of a reader, or lines typed by hand. In a group, `principal_is` says what its first person
  // is to this one. Fails only without a shift or a working journal: what is wrong with the document is shown
  // on the desk.
  Result<void> scan(std::string_view text, std::optional<movement::Relation> principal_is = std::nullopt);
  Result<void> confirm_read();
  Result<void> choose_category(std::string_view category);
  Result<void> begin_group();
  Result<void> drop_last();
  Result<void> close_group();
  // Enter: an allowed person passes; everything else is acknowledged and leaves the desk.
  Result<void> confirm();
  // Esc: an allowed person is turned back; what has not been decided is forgotten.
  Result<void> turn_back();
  // Takes back one of this post's own movements, within Settings::undo_ms.
  Result<void> undo(JournalIndex index, std::string reason);

  // --- the link
  void on_connected();
  void on_disconnected(std::string reason);
  void on_frame(wire::ServerFrame frame);
  void on_time();
  [[nodiscard]] Effects take_effects();
  // Steady time by which on_time() has to be called.
  [[nodiscard]] std::uint64_t next_deadline_ms() const;

  // --- what there is to see
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const std::optional<Officer>& officer() const { return officer_; }
  [[nodiscard]] movement::Direction direction() const { return direction_; }
  [[nodiscard]] const procedure::Edition& edition() const { return edition_; }
  [[nodiscard]] const ScanSession& desk() const { return desk_; }
  [[nodiscard]] const Uplink& uplink() const { return uplink_; }
  [[nodiscard]] const Journal& journal() const { return journal_; }
  [[nodiscard]] const Replica& replica() const { return replica_; }
  [[nodiscard]] const OwnMovements& own() const { return own_; }
  [[nodiscard]] const Alarms& alarms() const { return alarms_; }
  // Rises with every change of what there is to see.
  [[nodiscard]] std::uint64_t version() const { return version_; }
  // What the records at hand say about one person; for tests and the simulation.
  [[nodiscard]] Result<movement::SubjectState> state_of(const crypto::SubjectId& subject);

 private:
  Station(Settings settings, Journal journal, Replica replica, procedure::Edition edition, Ports ports);

  Result<void> load_own_movements();
  [[nodiscard]] movement::Event event_now(movement::Body body) const;
  Result<JournalIndex> record(std::vector<Journal::Draft> drafts);
  Result<Journal::Draft> draft_of(const Person& person, movement::Outcome outcome);
  Result<void> record_persons(movement::Outcome outcome_of_allowed);
  Result<void> abandon();
  Result<void> require_shift() const;
  [[nodiscard]] std::string_view language() const;

  Result<void> advance();
  Result<void> decide();
  Result<Assessment> assess_locally(const movement::Movement& movement, bool complete);
  Result<void> conclude();
  Result<void> give_up_waiting();
  void adopt(const std::string& sealed);
  void recover_journal();
  void write_heartbeat();

  const Settings settings_;
  const Clock* clock_;
  Random* random_;
  Journal journal_;
  Replica replica_;
  OwnMovements own_;
  Alarms alarms_;
  Uplink uplink_;
  procedure::Edition edition_;
  movement::Decider decider_;

  std::optional<Officer> officer_;
  movement::Direction direction_ = movement::Direction::kExit;
  ScanSession desk_;
  std::uint64_t asking_until_ms_ = 0;   // steady
  std::uint64_t last_recorded_ms_ = 0;  // steady
  std::uint64_t version_ = 1;
};

}  // namespace crossline::agent
