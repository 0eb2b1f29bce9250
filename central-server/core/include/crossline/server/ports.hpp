// The server's doors to its disk. Clock and Random are base's. Synchronous: who calls them waits, so they are
// called on the sequencer's thread, the views' thread or a blocking pool, never on an I/O thread. Every
// implementation passes tests/contract/server.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/base/strong.hpp"
#include "crossline/base/time.hpp"
#include "crossline/crypto/commitment.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/merkle/tree.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/wire/link.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::server {

// How far the ledger has come with one agent's journal.
struct JournalState {
  std::string agent;
  std::optional<movement::Post> post;  // where it serves; none for the office
  merkle::CompactRange range;
  crypto::Signature head_signature;  // the agent's, of the head (range.size(), range.root())
  friend bool operator==(const JournalState&, const JournalState&) = default;
};

// Consecutive events of one journal that stand one after the other in the ledger.
struct Run {
  std::string agent;
  JournalIndex first;
  LedgerIndex at;  // of the event `first`
  std::uint64_t count = 0;
  friend bool operator==(const Run&, const Run&) = default;
};

// An agent whose journal a commit continues. How far it comes is what the entries say.
struct GrownJournal {
  std::string agent;
  std::optional<movement::Post> post;  // where it serves; none for the office
};

// Everything that one durable commit adds.
struct Commit {
  LedgerIndex first;                 // of `entries`: the ledger's size before
  std::vector<std::string> entries;  // bytes of wire::encode_ledger_entry
  std::vector<GrownJournal> grown;   // of every agent that an entry is of, once
  merkle::CompactRange range;        // of the ledger afterwards
  crypto::Signature head_signature;  // the server's, of the ledger's head afterwards
};

// Two histories under one key: what an agent signed that does not fit what it had signed before.
struct ForkEvidence {
  std::string agent;
  UtcMillis found_at;
  std::string what;                         // in words, for people
  std::optional<wire::SignedHead> seen;     // the head that the server had verified
  std::optional<wire::SignedHead> claimed;  // the one that does not fit
  JournalIndex first;                       // of the first of both lists
  std::vector<std::string> seen_events;     // as they stand in the ledger
  std::vector<std::string> claimed_events;  // as the agent sent them
  friend bool operator==(const ForkEvidence&, const ForkEvidence&) = default;
};

// What a sequencer needs in order to go on.
struct LedgerSnapshot {
  merkle::CompactRange range;
  std::optional<wire::SignedHead> head;  // nothing while the ledger is empty
  std::vector<JournalState> journals;    // ordered by agent
  std::vector<std::string> suspended;    // agents with evidence against them that nobody lifted; ordered
};

// The truth. Writes come from one thread at a time, reads from any thread at any time, also beside a write.
// After a failed write (kStorageFull, kStorageFailed) all of it is there or none of it, and only a new
// instance can tell: the process must not write again.
class LedgerStore {
 public:
  virtual ~LedgerStore() = default;

  virtual Result<LedgerSnapshot> load() = 0;
  // Durable, in one transaction, when it returns. Requires commit.first to be the ledger's size.
  virtual Result<void> append(const Commit& commit) = 0;

  // The newest; nothing while the ledger is empty.
  virtual Result<std::optional<wire::SignedHead>> head() = 0;
  // At most `count` entries from `first` on; fewer at the end, none beyond it.
  virtual Result<std::vector<std::string>> read(LedgerIndex first, std::size_t count) = 0;
  // The signed head of the commit that holds `index`. kNotFound beyond the end.
  virtual Result<wire::SignedHead> head_of(LedgerIndex index) = 0;
  // A run that holds the event, if the ledger has it.
  virtual Result<std::optional<Run>> find(std::string_view agent, JournalIndex index) = 0;

  // Keeps the sealed bytes of an edition for ever, by their SHA-256, and the envelope that holds its
  // signatures; empty when nobody signed. Durable; again changes nothing, but adds an envelope that was
  // missing.
  virtual Result<void> put_edition(std::string_view sealed, std::string_view envelope) = 0;
  virtual Result<std::optional<std::string>> edition(const crypto::Hash& hash) = 0;
  // Of every edition kept, in order of hash.
  virtual Result<std::vector<crypto::Hash>> edition_hashes() = 0;
  // Nothing when nobody signed it, or there is no such edition.
  virtual Result<std::optional<std::string>> edition_envelope(const crypto::Hash& hash) = 0;

  // Keeps the evidence and suspends the agent. Durable.
  virtual Result<void> add_evidence(const ForkEvidence& evidence) = 0;
  // In the order it was found; lifted suspensions included.
  virtual Result<std::vector<ForkEvidence>> evidence() = 0;
  // Ends the agent's suspension; the evidence stays. kNotFound when it is not suspended. Durable.
  virtual Result<void> lift_suspension(std::string_view agent) = 0;
};

// A person's identity as it came beside an event.
struct IdentityRecord {
  crypto::SubjectId subject;
  crypto::Hash commitment;  // as the event has it
  crypto::Opening opening{};
  std::string identity;  // bytes of wire::encode_identity
  friend bool operator==(const IdentityRecord&, const IdentityRecord&) = default;
};

// The only place with names. Any thread.
class IdentityStore {
 public:
  virtual ~IdentityStore() = default;

  // Durable when it returns; all of them or none. One that is there already (by commitment) changes nothing.
  virtual Result<void> put(std::span<const IdentityRecord> records) = 0;
  // The one last put about the subject.
  virtual Result<std::optional<IdentityRecord>> latest(const crypto::SubjectId& subject) = 0;
  virtual Result<std::optional<IdentityRecord>> find(const crypto::Hash& commitment) = 0;
};

// What a row of the view store is about. Only ever append.
enum class ViewKind : std::uint8_t {
  kSubject,
  kAgentClock,
  kClosure,
  kCell,
  kArticle,
  kDisagreement,
  kEdition,
  kQuotaDay,
  kNotice,
  kQuotaUses,
  kLedgerHead
};
inline constexpr int kViewKinds = 11;

// Views as bytes; what they mean is views' own business (view_rows.hpp).
struct ViewRow {
  ViewKind kind = ViewKind::kSubject;
  std::string key;
  std::optional<std::string> value;  // nothing: the row goes
  friend bool operator==(const ViewRow&, const ViewRow&) = default;
};

// Where views rest between two runs. Everything in it can be folded from the ledger again, so a write need
// not be durable when it returns; writes may be lost in a crash, the latest first, each whole. One thread at
// a time.
class ViewStore {
 public:
  virtual ~ViewStore() = default;

  // The rows hold everything of the ledger before this index.
  virtual Result<LedgerIndex> position() = 0;
  // Every row, in order of kind and key.
  virtual Result<void> load(const std::function<Result<void>(const ViewRow& row)>& take) = 0;
  // Puts the rows and moves the position, in one transaction.
  virtual Result<void> save(LedgerIndex position, std::span<const ViewRow> rows) = 0;
  // Forgets everything; the position is 0.
  virtual Result<void> clear() = 0;
};

}  // namespace crossline::server
