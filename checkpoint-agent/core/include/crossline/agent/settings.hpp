// What an agent is told once, at its start.
#pragma once

#include "crossline/base/limits.hpp"
#include "crossline/crypto/commitment.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/movement/event.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace crossline::agent {

// Another post of the line, whose slips are believed.
struct KnownPost {
  std::string agent;
  movement::Post post;
  crypto::PublicKey journal_key;  // read with crypto::public_key_from
  bool revoked = false;
};

struct Settings {
  std::string line;              // "river-line"
  std::string agent;             // "bridge-a-1", as enrolled
  movement::Post post;           // the one it serves
  crypto::LineKey line_key{};    // under which the line's pseudonyms are made
  crypto::PublicKey ledger_key;  // believes its heads; read with crypto::public_key_from
  std::uint64_t boot_id = 0;     // of this boot of the machine
  std::vector<KnownPost> posts;  // all enrolled ones; none when this post was not told

  std::uint64_t answer_wait_ms =
      limits::kDefaultAnswerWaitMs;           // for the server, before the local verdict stands
  std::uint64_t double_scan_ms = 5 * 60'000;  // within which a second scan of a document shows the first
  std::uint64_t undo_ms = 5 * 60'000;         // within which a movement can be taken back at the desk
  std::string reader_prefix;                  // what readers put before and after a scan
  std::string reader_suffix;
};

// How often things happen; fixed, so that every post of a line behaves alike.
inline constexpr std::uint64_t kHeartbeatMs = 2'000;        // an idle link is heard from this often, each way
inline constexpr std::uint64_t kSilenceMs = 4'500;          // without a frame: the link is down
inline constexpr std::uint64_t kBusySilenceMs = 30'000;     // the same, while a backlog waits for its answers
inline constexpr std::uint64_t kGreetingMs = 5'000;         // for the server's welcome
inline constexpr std::uint64_t kLedgerQuestionMs = 10'000;  // whether the ledger goes on is asked this often
inline constexpr std::uint64_t kLedgerReplyMs = 120'000;    // for the proof, behind other things
inline constexpr std::uint64_t kReconnectMinMs = 500;       // before the first new attempt; doubles
inline constexpr std::uint64_t kReconnectMaxMs = 15'000;    // up to this
inline constexpr std::uint64_t kRefusedRetryMs = 300'000;   // before asking again after a refusal
inline constexpr std::uint64_t kRecoveryMs = 2'000;  // between attempts to record again after a failed write
inline constexpr std::uint64_t kQuietJournalMs =
    900'000;  // a shift without events: the journal shows it is alive
inline constexpr std::size_t kBacklogBatchEvents = 1'000;  // events of one submission of a backlog
inline constexpr std::size_t kMaxGroup = 33;  // members of a group: one and limits::kMaxCompanions

}  // namespace crossline::agent
