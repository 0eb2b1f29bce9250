// The agent's doors to its disk. Clock and Random are base's; messages go out as Station::take_effects().
// Synchronous: the thread that owns the Station waits for the disk, and nothing else does. Every
// implementation passes tests/contract/agent.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/base/strong.hpp"
#include "crossline/base/time.hpp"
#include "crossline/crypto/commitment.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/merkle/tree.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/movement/state.hpp"
#include "crossline/wire/link.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace crossline::agent {

// A person's identity as it travels beside the event that commits to it.
struct IdentityBeside {
  crypto::SubjectId subject;
  crypto::Opening opening{};
  std::string identity;  // bytes of wire::encode_identity
  friend bool operator==(const IdentityBeside&, const IdentityBeside&) = default;
};

// One event of the journal with all that is needed to send it.
struct JournalRecord {
  std::string event;                 // the bytes that are hashed and signed
  crypto::Signature head_signature;  // of the journal head whose last leaf this event is
  std::optional<IdentityBeside> identity;
  std::optional<LedgerIndex> placed;  // where the ledger has it, once the server said so
  friend bool operator==(const JournalRecord&, const JournalRecord&) = default;
};

// What a writer needs to go on: the journal's compact range and how much of it the server has acknowledged.
struct JournalTail {
  merkle::CompactRange range;
  TreeSize acknowledged;
  friend bool operator==(const JournalTail&, const JournalTail&) = default;
};

class JournalStore {
 public:
  virtual ~JournalStore() = default;

  // What the disk really holds, also after a failed append().
  virtual Result<JournalTail> load() = 0;

  // Adds `records` at the end, in one transaction with the range after them and, for those with an identity,
  // the identity as the last one recorded of its subject. Durable when it returns. After a failure
  // (kStorageFull, kStorageFailed) all of it is there or none of it, and only load() tells which.
  virtual Result<void> append(std::span<const JournalRecord> records,
                              const merkle::CompactRange& range_after) = 0;

  // At most `count` records from `first` on; fewer at the end, none beyond it.
  virtual Result<std::vector<JournalRecord>> read(JournalIndex first, std::size_t count) = 0;

  // Notes that the ledger has events `first`.. at these places, and that everything before them is
  // acknowledged too. May be lost in a crash: the server answers a resend with the same places.
  virtual Result<void> acknowledge(JournalIndex first, std::span<const LedgerIndex> places) = 0;

  // SHA-256 of the identity bytes last recorded for `subject`; nothing when there are none.
  virtual Result<std::optional<crypto::Hash>> identity_of(const crypto::SubjectId& subject) = 0;
};

// An edition as the server hands it over: in an envelope, or without signatures.
struct OfferedEdition {
  std::string sealed;    // empty when there is an envelope
  std::string envelope;  // empty when nobody signed
  [[nodiscard]] bool empty() const { return sealed.empty() && envelope.empty(); }
};
// One that was taken from the server.
struct KeptEdition {
  std::uint64_t number = 0;
  bool enveloped = false;
  std::string bytes;  // of the envelope, or sealed
  friend bool operator==(const KeptEdition&, const KeptEdition&) = default;
};

// The replica as a whole.
struct ReplicaSummary {
  LedgerIndex position;                         // it holds everything in the ledger before this index
  UtcMillis current_at;                         // when it was last known to be complete; 0 when never
  std::optional<wire::SignedHead> seen_head;    // the largest ledger head believed so far
  UtcMillis ledger_seen_at;                     // that one
  std::optional<wire::SignedHead> proven_head;  // the largest proven to continue those before
  std::vector<movement::Closure> closures;      // in ledger order
  std::vector<movement::QuotaLease> leases;     // in ledger order
  std::vector<KeptEdition> editions;            // by number
  friend bool operator==(const ReplicaSummary&, const ReplicaSummary&) = default;
};

// What a piece of the ledger makes of the replica.
struct ReplicaPiece {
  struct Person {
    crypto::SubjectId subject;
    std::string state;  // bytes of movement::encode_state, in place of those before
  };
  LedgerIndex to;
  std::vector<Person> persons;               // each once
  std::vector<movement::Closure> closures;   // in ledger order, after those before
  std::vector<movement::QuotaLease> leases;  // the same
};

// Everything in it can be fetched from the server again, so its writes need not be durable when they return;
// they may be lost in a crash, the latest first, each whole.
class ReplicaStore {
 public:
  virtual ~ReplicaStore() = default;

  virtual Result<ReplicaSummary> load() = 0;
  // Bytes of movement::encode_state; nothing when no record names the subject.
  virtual Result<std::optional<std::string>> find(const crypto::SubjectId& subject) = 0;

  // Takes `piece` and moves the position to piece.to, in one transaction.
  virtual Result<void> put(const ReplicaPiece& piece) = 0;
  virtual Result<void> put_current_at(UtcMillis at) = 0;
  virtual Result<void> put_seen_head(const wire::SignedHead& head, UtcMillis seen_at) = 0;
  virtual Result<void> put_proven_head(const wire::SignedHead& head) = 0;
  // Durable when it returns: an edition is stored before it is used. In the place of one with its number.
  virtual Result<void> put_edition(const KeptEdition& edition) = 0;
};

}  // namespace crossline::agent
