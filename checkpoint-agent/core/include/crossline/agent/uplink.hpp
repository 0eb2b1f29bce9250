// The agent's end of the conversation with the server, as a state machine without a socket.
//
//            connected             welcome
//   kDown -------------> kGreeting --------> kUp
//     ^                      |                |
//     +--- disconnected, silence, error ------+      kRefused: as kDown, but the server said that asking
//     again does
//                                                    not help; it is asked again all the same, rarely
#pragma once

#include "crossline/agent/alarms.hpp"
#include "crossline/agent/journal.hpp"
#include "crossline/agent/own_movements.hpp"
#include "crossline/agent/replica.hpp"
#include "crossline/agent/settings.hpp"
#include "crossline/base/time.hpp"
#include "crossline/wire/link.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace crossline::agent {

enum class LinkState : std::uint8_t { kDown, kGreeting, kUp, kRefused };
// "down", "greeting", "up", "refused"
[[nodiscard]] std::string_view name_of(LinkState state);

// Sends the journal in order and once, unless the link broke: then again from where the server says it
// stands. Keeps at most limits::kMaxUnansweredEvents on the way. Frames to send pile up until take_frames().
// One thread at a time.
class Uplink {
 public:
  Uplink(const Settings& settings, Journal& journal, Replica& replica, OwnMovements& own, Alarms& alarms,
         const Clock& clock, Random& random);

  // A connection to a server with the right certificate is there.
  void on_connected();
  // It is gone, or could not be made. `reason` is for the officer.
  void on_disconnected(std::string reason);

  // What a frame means to those above.
  struct Received {
    std::optional<wire::ConsultAnswer> answer;  // to a consult, maybe to one that nobody waits for any more
    std::string edition;                        // sealed bytes the server offers; empty mostly
  };
  Received on_frame(wire::ServerFrame frame);
  // The journal has grown.
  void on_recorded();
  // Time has passed: heartbeats, silence.
  void on_time();

  // Asks how the server decides. Nothing when it is not worth waiting for: the link is not up, or the server
  // has not answered the last question in time and has been silent since.
  std::optional<std::uint64_t> consult(const movement::Movement& movement);
  void on_consult_unanswered() { doubtful_ = true; }

  [[nodiscard]] LinkState state() const { return state_; }
  [[nodiscard]] const std::string& reason() const { return reason_; }  // why the link is not up
  // Nothing of the ledger is missing in the replica, as far as the server has said.
  [[nodiscard]] bool is_current() const;
  // How long to wait before the next attempt to connect; requires the link not to be connected.
  [[nodiscard]] std::uint64_t reconnect_delay_ms() const { return reconnect_delay_ms_; }
  // When the oldest event that the server has not acknowledged was recorded.
  [[nodiscard]] std::optional<UtcMillis> oldest_unsent() const;

  [[nodiscard]] std::vector<wire::AgentFrame> take_frames();
  // The connection is of no further use and has to be closed; on_disconnected() has been applied already.
  [[nodiscard]] bool take_close();

 private:
  struct InFlight {
    JournalIndex first;
    std::size_t events = 0;
    std::size_t bytes = 0;
  };

  void take(const wire::Welcome& welcome);
  void take(const wire::Answer& answer);
  void take(const wire::ReplicaUpdate& update);
  void take(const wire::LinkError& error);
  void resume_from(const wire::Welcome& welcome);
  void send(wire::AgentFrame frame);
  void send_unsent();
  [[nodiscard]] bool window_is_open() const;
  Result<bool> send_batch();
  bool believe(const wire::SignedHead& head);
  void break_off(std::string reason, LinkState state = LinkState::kDown);
  void refresh_currency();

  const Settings* settings_;
  Journal* journal_;
  Replica* replica_;
  OwnMovements* own_;
  Alarms* alarms_;
  const Clock* clock_;
  Random* random_;

  LinkState state_ = LinkState::kDown;
  std::string reason_;
  std::uint64_t failures_ = 0;  // attempts since the link was last up
  std::uint64_t reconnect_delay_ms_ = 0;
  std::uint64_t connected_ms_ = 0;  // steady times
  std::uint64_t last_sent_ms_ = 0;
  std::uint64_t last_heard_ms_ = 0;
  bool doubtful_ = false;

  JournalIndex next_to_send_;
  std::deque<InFlight> in_flight_;
  std::size_t bytes_in_flight_ = 0;
  TreeSize ledger_at_welcome_;
  std::uint64_t next_consult_ = 1;

  std::vector<wire::AgentFrame> frames_;
  bool close_ = false;
};

}  // namespace crossline::agent
