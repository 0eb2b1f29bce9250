// The messages between agent and server as plain values, and their bytes (proto/crossline/v1/link.proto,
// docs/formats/link.md). The frame's length prefix is the runtime's business. Decoders are strict: an unknown
// message, an unknown field, trailing bytes or a value out of bounds is kMalformed, naming what and where.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/crypto/commitment.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/movement/record_change.hpp"
#include "crossline/movement/state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace crossline::wire {

inline constexpr std::uint32_t kProtocol = 1;

struct SignedHead {
  merkle::TreeHead head;
  crypto::Signature signature;
  friend bool operator==(const SignedHead&, const SignedHead&) = default;
};

// --- agent to server

// The replica position of somebody who keeps none, such as a load generator: no updates are sent.
inline constexpr LedgerIndex kNoReplica{UINT64_MAX};

// An edition that the agent was offered and did not take, and why.
struct RefusedEdition {
  crypto::Hash hash;
  std::string reason;  // adoption::name_of(Refusal)
  friend bool operator==(const RefusedEdition&, const RefusedEdition&) = default;
};
// What an agent works by.
struct EditionReport {
  crypto::Hash enforced;  // now
  crypto::Hash newest;    // of those it holds, in force or to come
  std::optional<RefusedEdition> refused;
  friend bool operator==(const EditionReport&, const EditionReport&) = default;
};

// Asks for a proof that two heads, named by their sizes, are of one history.
struct LedgerQuestion {
  TreeSize seen;    // the largest that the agent has seen; 0 when none
  TreeSize proven;  // the largest that was proven to it, at most `seen`; 0 when none
  friend bool operator==(const LedgerQuestion&, const LedgerQuestion&) = default;
};

// That a head continues two others (RFC 9162 section 2.1.4), each at most limits::kMaxProofHashes.
struct LedgerProofs {
  std::vector<crypto::Hash> from_seen{};    // none when that is of size 0 or of the head's own
  std::vector<crypto::Hash> from_proven{};  // the same; none when it is the one seen
  friend bool operator==(const LedgerProofs&, const LedgerProofs&) = default;
};

struct LedgerReply {
  LedgerQuestion asked;
  SignedHead ledger;  // at least of the size asked.seen
  LedgerProofs proofs;
  friend bool operator==(const LedgerReply&, const LedgerReply&) = default;
};

struct Hello {
  std::uint32_t protocol = kProtocol;
  std::string agent;
  std::optional<SignedHead> journal;    // absent when the journal is empty
  LedgerIndex replica_position;         // the agent's replica holds everything before this ledger index
  movement::Beacon ledger;              // the largest ledger head seen
  std::optional<crypto::Hash> edition;  // enforced; a load generator has none
  std::optional<EditionReport> editions{};
  TreeSize ledger_proven{};  // of the largest head proven, at most ledger.size; 0 when none
  friend bool operator==(const Hello&, const Hello&) = default;
};

struct IdentityAttachment {
  std::uint32_t offset = 0;  // which event of the submission, from 0
  crypto::Opening opening{};
  std::string identity;  // bytes of encode_identity
  friend bool operator==(const IdentityAttachment&, const IdentityAttachment&) = default;
};

struct Submit {
  JournalIndex first_index;
  std::vector<std::string> events;  // 1 to limits::kMaxEventsPerSubmission
  std::vector<IdentityAttachment> identities;
  crypto::Signature head_signature;  // of the journal head after the last event
  friend bool operator==(const Submit&, const Submit&) = default;
};

struct Consult {
  std::uint64_t id = 0;
  movement::Movement movement;  // outcome, verdict and commitment are not looked at
  UtcMillis at;
  friend bool operator==(const Consult&, const Consult&) = default;
};

struct Heartbeat {
  std::uint64_t unsent = 0;
  UtcMillis clock;
  std::uint64_t oldest_unsent_ms = 0;               // age
  std::optional<EditionReport> editions{};          // an agent's, when it changed
  std::optional<LedgerQuestion> ledger_question{};  // an agent's
  std::optional<LedgerReply> ledger_reply{};        // the server's, once to each question
  friend bool operator==(const Heartbeat&, const Heartbeat&) = default;
};

using AgentFrame = std::variant<Hello, Submit, Consult, Heartbeat>;
[[nodiscard]] std::string encode_agent_frame(const AgentFrame& frame);
Result<AgentFrame> decode_agent_frame(ByteView bytes);

// --- server to agent

struct Welcome {
  std::uint32_t protocol = kProtocol;
  JournalIndex next_index;  // the journal index the server expects next
  UtcMillis clock;
  std::optional<SignedHead> ledger;  // absent while the ledger is empty
  std::optional<crypto::Hash> edition;
  LedgerProofs proofs{};  // that `ledger` continues the heads in the hello
  friend bool operator==(const Welcome&, const Welcome&) = default;
};

struct EventAnswer {
  std::optional<movement::Verdict> verdict;  // for movements
  std::vector<std::string> articles;
  LedgerIndex ledger_index;
  bool conflict = false;
  friend bool operator==(const EventAnswer&, const EventAnswer&) = default;
};

struct Answer {
  JournalIndex first_index;
  std::vector<EventAnswer> events;
  SignedHead ledger;  // of the commit that holds the last of these events
  friend bool operator==(const Answer&, const Answer&) = default;
};

struct ConsultAnswer {
  std::uint64_t id = 0;
  movement::Verdict verdict = movement::Verdict::kRefuse;
  std::vector<std::string> articles;
  movement::Status status = movement::Status::kUnknown;
  std::uint32_t edition = 0;
  friend bool operator==(const ConsultAnswer&, const ConsultAnswer&) = default;
};

// Everything in the ledger's [from, to) that a replica needs, in ledger order.
struct ReplicaUpdate {
  LedgerIndex from;
  LedgerIndex to;
  std::vector<movement::RecordChange> changes;
  std::vector<movement::Closure> closures;
  std::vector<movement::QuotaLease> leases{};  // of all agents
  std::string edition;                         // sealed bytes of one that nobody signed; empty otherwise
  std::string edition_envelope{};              // an edition with its signatures; empty otherwise
  friend bool operator==(const ReplicaUpdate&, const ReplicaUpdate&) = default;
};

// Instead of a welcome: the server's ledger does not continue the head in the hello.
struct LedgerDispute {
  SignedHead ledger;  // of the hello's size when there is one of that size
  // When it is larger: the root that its tree had at the hello's size, and that it continues it (RFC 9162
  // section 2.1.4; at most limits::kMaxProofHashes).
  std::optional<crypto::Hash> root = std::nullopt;
  std::vector<crypto::Hash> consistency = {};
  friend bool operator==(const LedgerDispute&, const LedgerDispute&) = default;
};

struct LinkError {
  std::string code;  // name_of(ErrorCode)
  std::string message;
  bool retry = false;
  friend bool operator==(const LinkError&, const LinkError&) = default;
};

using ServerFrame =
    std::variant<Welcome, Answer, ConsultAnswer, ReplicaUpdate, Heartbeat, LinkError, LedgerDispute>;
[[nodiscard]] std::string encode_server_frame(const ServerFrame& frame);
Result<ServerFrame> decode_server_frame(ByteView bytes);

}  // namespace crossline::wire
