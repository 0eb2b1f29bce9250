// One post's agent: what the station page, the readers and the link ask of it, as plain functions.
#pragma once

#include "crossline/agent/alarms.hpp"
#include "crossline/agent/declaration.hpp"
#include "crossline/agent/history.hpp"
#include "crossline/agent/journal.hpp"
#include "crossline/agent/own_movements.hpp"
#include "crossline/agent/own_quota_use.hpp"
#include "crossline/agent/ports.hpp"
#include "crossline/agent/post_editions.hpp"
#include "crossline/agent/replica.hpp"
#include "crossline/agent/scan_session.hpp"
#include "crossline/agent/settings.hpp"
#include "crossline/agent/slips.hpp"
#include "crossline/agent/uplink.hpp"
#include "crossline/movement/fold.hpp"
#include "crossline/procedure/edition.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossline::agent {

// The running shift. That the officer is who they say is the caller's business.
struct Shift {
  std::string officer;
  movement::Direction direction = movement::Direction::kExit;
  std::string language = "en";  // of the articles' words
  UtcMillis started_at;
};

// One delivery of a reader, or lines typed by hand.
struct ScanInput {
  std::string text{};
  bool typed = false;          // no repair is tried
  std::string category{};      // chosen beforehand; used when it is among those that fit
  std::optional<With> with{};  // in an open group
  DeclarationInput declared{};
};

enum class Action : std::uint8_t { kPass, kTurnBack, kAcknowledge };

// What the shell has to do after a call.
struct Effects {
  std::vector<wire::AgentFrame> frames;               // to send, in this order
  bool close_link = false;                            // without telling on_disconnected()
  std::optional<merkle::Misbehaviour> evidence = {};  // against the server, to be kept and reported
};

// The whole agent but its sockets and its disk. Owned by one thread, on which every call is made; the same
// calls and the same clock give the same agent. After any call, take_effects() says what to send, and
// next_deadline_ms() when on_time() is wanted at the latest.
//
// Errors: kForbidden without a shift, kNotFound for a scan or group that is not on the desk, kConflict for a
// call that does not fit what lies there, and the journal's error when nothing can be recorded: then nothing
// was, the desk is empty, and the scan is to be repeated.
class Station {
 public:
  struct Ports {
    JournalStore& journal;
    ReplicaStore& replica;
    const Clock& clock;
    Random& random;
  };
  // `configured` is the procedure to start with; editions in the replica store add to it. Its error when it
  // does not hold, kCorruptData when the journal contradicts itself.
  static Result<std::unique_ptr<Station>> open(Settings settings, crypto::Signer signer, Ports ports,
                                               const ConfiguredProcedure& configured);
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  // --- the shift
  // Ends the running one first.
  Result<void> start_shift(std::string officer, movement::Direction direction, std::string language);
  // An allowed person who waits is recorded as abandoned.
  Result<void> end_shift();
  Result<void> set_direction(movement::Direction direction);
  Result<void> set_language(std::string language);

  // --- the desk
  // An allowed person who waits is recorded as abandoned; what is wrong with the document is shown on the
  // desk. A declaration that the edition does not know is refused before anything is done. The scan may be at
  // kAsking afterwards: then the answer, or on_time(), moves it on.
  Result<ScanId> scan(const ScanInput& input);
  Result<void> confirm_reading(const ScanId& id);
  Result<void> choose_category(const ScanId& id, std::string_view category);
  // Of the single scan on the desk. Repeating what was done already changes nothing.
  Result<void> confirm(const ScanId& id, Action action);
  Result<movement::GroupId> begin_group();
  Result<void> close_group(const movement::GroupId& id);
  // Of all members that are allowed.
  Result<void> confirm_group(const movement::GroupId& id, Action action);
  // Before it is decided: nothing is recorded.
  Result<void> cancel_group(const movement::GroupId& id);
  // Takes back one of this post's own movements, within Settings::undo_ms.
  Result<void> undo(JournalIndex index, std::string reason);

  // --- slips
  // The slip of one of this post's own passages. kNotFound when there is no such event; kConflict when it is
  // no passage, or was taken back; kInvalidArgument when it does not fit a slip.
  struct IssuedSlip {
    std::string text;  // for the QR code
    movement::Event event;
    std::string reference;
  };
  [[nodiscard]] Result<IssuedSlip> issue_slip(JournalIndex index) const;
  // Verifies another post's slip, offline. One that is proven and news is recorded in the journal, and counts
  // from then on as if the replica held it.
  Result<SlipReading> take_slip(std::string_view text);

  // --- the link
  void on_connected();
  void on_disconnected(LinkReason reason, std::string detail);
  void on_frame(wire::ServerFrame frame);
  void on_time();
  [[nodiscard]] Effects take_effects();
  // Steady time by which on_time() has to be called.
  [[nodiscard]] std::uint64_t next_deadline_ms() const;

  // --- what there is to see
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const std::optional<Shift>& shift() const { return shift_; }
  // The edition that decides now.
  [[nodiscard]] const procedure::Edition& edition() const { return edition_at(clock_->now()); }
  [[nodiscard]] const procedure::EditionBook& editions() const { return editions_.book(); }
  [[nodiscard]] const ScanSession& desk() const { return desk_; }
  [[nodiscard]] const Uplink& uplink() const { return uplink_; }
  [[nodiscard]] const Journal& journal() const { return journal_; }
  [[nodiscard]] const Replica& replica() const { return replica_; }
  [[nodiscard]] const History& history() const { return history_; }
  [[nodiscard]] const Alarms& alarms() const { return alarms_; }
  [[nodiscard]] UtcMillis now() const { return clock_->now(); }
  [[nodiscard]] std::uint64_t steady_ms() const { return clock_->steady_ms(); }
  // What the records at hand say about one person.
  [[nodiscard]] Result<movement::SubjectState> state_of(const crypto::SubjectId& subject);

 private:
  Station(Settings settings, Journal journal, Replica replica, PostEditions editions, Ports ports);

  // station.cpp
  Result<void> load_recent();
  Result<void> load_slips();
  [[nodiscard]] Result<void> require_shift() const;
  [[nodiscard]] movement::Event event_of(movement::Body body) const;
  Result<JournalIndex> record(std::vector<Journal::Draft> drafts);
  Result<void> record_shift(bool started);
  [[nodiscard]] const procedure::Edition& edition_at(UtcMillis instant) const {
    return *editions_.book().at(instant);
  }
  void adopt(const OfferedEdition& offered);
  void refuse_edition(const adoption::Refused& refused, std::optional<crypto::Hash> hash);
  void report_editions();
  void try_recovery();
  void write_heartbeat();

  // desk.cpp
  [[nodiscard]] std::array<std::uint8_t, 8> new_id();
  [[nodiscard]] Result<Scan> read(const ScanInput& input);
  Result<void> abandon();
  Result<void> advance();
  Result<void> ask(std::span<const std::size_t> members);
  Result<Assessment> assess_locally(const movement::Movement& movement, bool records_complete);
  Result<void> decide();
  Result<void> decide_without_answers();
  Result<void> give_up_waiting();
  // `done`; when it failed, nothing is left on the desk: half of a decision would be taken for the whole.
  Result<void> or_clear(Result<void> done);
  void note_link_lost();
  Result<void> act(Action action);
  Result<Journal::Draft> draft_of(const Scan& scan, movement::Outcome outcome);
  // Records the members who are allowed, with this outcome; or those who are not, each with their own.
  Result<void> record_allowed(movement::Outcome outcome);
  Result<void> record_stopped();
  Result<void> record_members(std::span<const std::pair<std::size_t, movement::Outcome>> outcomes);

  const Settings settings_;
  const std::uint32_t agent_tag_;
  const Clock* clock_;
  Random* random_;
  Journal journal_;
  Replica replica_;
  OwnMovements own_;
  OwnQuotaUse quota_use_;
  LearntMovements learnt_;
  History history_;
  Alarms alarms_;
  Uplink uplink_;
  PostEditions editions_;
  std::optional<wire::RefusedEdition> refused_edition_;  // the last one, until another is taken
  movement::Decider decider_;

  std::optional<Shift> shift_;
  ScanSession desk_;
  std::uint64_t ask_until_ms_ = 0;      // steady
  std::uint64_t last_recorded_ms_ = 0;  // steady
  std::uint64_t next_recovery_ms_ = 0;  // steady
};

}  // namespace crossline::agent
