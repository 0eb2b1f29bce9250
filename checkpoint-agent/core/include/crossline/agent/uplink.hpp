// The agent's end of the conversation with the server, as a state machine without a socket.
//
//            connected             welcome
//   kDown -------------> kGreeting --------> kUp
//     ^                      |                |
//     +--- disconnected, silence, error ------+
#pragma once

#include "crossline/agent/alarms.hpp"
#include "crossline/agent/journal.hpp"
#include "crossline/agent/ledger_watch.hpp"
#include "crossline/agent/own_movements.hpp"
#include "crossline/agent/replica.hpp"
#include "crossline/agent/settings.hpp"
#include "crossline/base/time.hpp"
#include "crossline/wire/link.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace crossline::agent {

enum class LinkState : std::uint8_t { kDown, kGreeting, kUp };
// "offline", "connecting", "online"
[[nodiscard]] std::string_view name_of(LinkState state);

// Why the link is not up.
enum class LinkReason : std::uint8_t {
  kNone,             // it is up
  kStarting,         // nothing was tried yet
  kUnreachable,      // no connection, or it broke
  kRefused,          // the server does not take this agent
  kRevoked,          // its enrolment was taken back
  kForked,           // two histories under this agent's key
  kUntrustedServer,  // its certificate or its ledger heads are not the line's
  kIncompatible,     // it speaks another version
};
// "none", "starting", "unreachable", "refused", "revoked", "forked", "untrusted_server", "incompatible"
[[nodiscard]] std::string_view name_of(LinkReason reason);

// Sends the journal in order and once, unless the link broke: then again from where the server says it
// stands. Keeps at most limits::kMaxUnansweredEvents on the way. Frames to send pile up until take_frames().
// One thread at a time.
class Uplink {
 public:
  Uplink(const Settings& settings, Journal& journal, Replica& replica, OwnMovements& own, Alarms& alarms,
         const Clock& clock, Random& random);

  // A connection to a server with the right certificate is there.
  void on_connected();
  // It is gone, or could not be made. `detail` is for the log.
  void on_disconnected(LinkReason reason, std::string detail);

  // What a frame means to those above.
  struct Received {
    std::optional<wire::ConsultAnswer> answer;  // to a consult, maybe to one that nobody waits for any more
    OfferedEdition edition;                     // empty mostly
  };
  Received on_frame(wire::ServerFrame frame);
  // The journal has grown.
  void on_recorded();
  // What this agent enforces; a change is told to the server at once. Required before the first connection.
  void report_editions(wire::EditionReport report);
  // Time has passed: heartbeats, questions about the ledger, silence.
  void on_time();

  // Asks how the server decides. Nothing when it is not worth waiting for: the link is not up, or the server
  // has not answered the last question in time and has been silent since.
  std::optional<std::uint64_t> consult(const movement::Movement& movement);
  void on_consult_unanswered() { doubtful_ = true; }

  [[nodiscard]] LinkState state() const { return state_; }
  [[nodiscard]] LinkReason reason() const { return reason_; }
  [[nodiscard]] const std::string& detail() const { return detail_; }  // of the reason, for the log
  [[nodiscard]] UtcMillis since() const { return since_; }             // of the state
  // Nothing of the ledger is missing in the replica, as far as the server has said.
  [[nodiscard]] bool is_current() const;
  // How long to wait before the next attempt to connect; requires the link not to be connected.
  [[nodiscard]] std::uint64_t reconnect_delay_ms() const { return reconnect_delay_ms_; }
  // When the oldest event that the server has not acknowledged was recorded.
  [[nodiscard]] std::optional<UtcMillis> oldest_unsent() const;

  // Steady time by which on_time() has something to do.
  [[nodiscard]] std::uint64_t next_deadline_ms() const;
  [[nodiscard]] std::vector<wire::AgentFrame> take_frames();
  // The connection is of no further use and has to be closed, without on_disconnected().
  [[nodiscard]] bool take_close();
  // Of a server whose ledger is not the one that it had shown.
  [[nodiscard]] std::optional<merkle::Misbehaviour> take_evidence() { return watch_.take_evidence(); }

 private:
  // One submission on its way.
  struct InFlight {
    JournalIndex end;  // after its last event
    std::size_t bytes = 0;
  };

  void take(const wire::Welcome& welcome);
  void take(const wire::Answer& answer);
  void take(const wire::ReplicaUpdate& update);
  void take(const wire::LinkError& error);
  void take(const wire::LedgerDispute& dispute);
  void resume_from(JournalIndex next_index, TreeSize ledger_size);
  void take(const wire::Heartbeat& heartbeat);
  bool trusts(const Result<void>& shown);
  void place(JournalIndex first, std::span<const LedgerIndex> places);
  void send(wire::AgentFrame frame);
  void send_heartbeat();
  void send_unsent();
  [[nodiscard]] bool window_is_open() const;
  Result<void> send_batch();
  void enter(LinkState state, LinkReason reason);
  void break_off(LinkReason reason, std::string detail);
  void lose(std::string detail) { break_off(LinkReason::kUnreachable, std::move(detail)); }
  void note_currency();
  void store_failed(const Error& error);

  const Settings* settings_;
  Journal* journal_;
  Replica* replica_;
  OwnMovements* own_;
  Alarms* alarms_;
  const Clock* clock_;
  Random* random_;
  LedgerWatch watch_;

  LinkState state_ = LinkState::kDown;
  LinkReason reason_ = LinkReason::kStarting;
  std::string detail_;
  UtcMillis since_;
  std::uint64_t failures_ = 0;  // attempts since the link was last up
  std::uint64_t reconnect_delay_ms_ = 0;
  std::uint64_t connected_ms_ = 0;  // steady times
  std::uint64_t last_sent_ms_ = 0;
  std::uint64_t last_heard_ms_ = 0;
  bool doubtful_ = false;

  JournalIndex next_to_send_;
  JournalIndex next_answer_;        // of this connection
  std::deque<InFlight> in_flight_;  // [next_answer_, next_to_send_)
  std::size_t bytes_in_flight_ = 0;
  TreeSize ledger_at_welcome_;
  std::uint64_t next_consult_ = 1;

  wire::EditionReport editions_;
  bool editions_told_ = false;  // to the server, on this connection

  std::vector<wire::AgentFrame> frames_;
  bool close_ = false;
  mutable std::optional<std::pair<JournalIndex, UtcMillis>> oldest_unsent_;  // as last read from the journal
};

}  // namespace crossline::agent
