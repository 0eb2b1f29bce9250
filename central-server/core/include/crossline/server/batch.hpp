// What the sequencer makes of submissions: decided, then committed. Proof types: no step can be left out.
#pragma once

#include "crossline/movement/world.hpp"
#include "crossline/procedure/edition_book.hpp"
#include "crossline/server/shadow.hpp"
#include "crossline/server/submission.hpp"
#include "crossline/wire/ledger_codec.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace crossline::server {

// One ledger entry with all that views and replicas need of it.
struct Recorded {
  LedgerIndex index;
  wire::LedgerEntry entry;
  movement::Event event;                                        // what entry.event says
  std::optional<movement::Post> post;                           // of the agent; none for the office
  movement::Status status_before = movement::Status::kUnknown;  // of entry's subject, if it has one
  std::int32_t day = 0;                    // of the procedure's clock, days since 1970-01-01
  bool disagreement = false;               // the server decides otherwise than the post did
  std::optional<LedgerIndex> corrected;    // the entry that this one takes back
  std::optional<std::int64_t> between_ms;  // how long the person stood between the posts, when this ended it
  std::optional<Rehearsed> rehearsed;      // a movement, by the next edition while one is to come
};

// Whom the event concerns, as the ledger's chain has it: entry.state is there exactly for these.
[[nodiscard]] std::optional<movement::SubjectId> subject_of(const movement::Event& event);

// The one way an event becomes a ledger entry, for the sequencer and for a recovery that replays the ledger.
// It is decided by the edition in force when it happened, whenever it arrives. `editions` must not be empty.
[[nodiscard]] Recorded fold(movement::World& world, const procedure::EditionBook& editions,
                            VerifiedEvent verified, const std::optional<movement::Post>& post,
                            UtcMillis received_at, LedgerIndex index);

// The states of the subjects of `entries`, each once, and of the quotas' days, as rows of the view store.
[[nodiscard]] std::vector<ViewRow> state_rows(const movement::World& world,
                                              std::span<const Recorded> entries);

// Folded, and not yet durable. Only the Sequencer makes one.
class Decided {
 public:
  [[nodiscard]] std::span<const Recorded> entries() const { return entries_; }

 private:
  friend class Sequencer;
  friend class Committed;
  Decided() = default;
  std::vector<Recorded> entries_;
  Commit commit_;
  std::vector<ViewRow> state_rows_;
};

// Durable. Immutable: shared by the threads that build views and replica updates.
class Committed {
 public:
  // Appends to the ledger. On failure nothing may be acknowledged and the process must stop.
  static Result<std::shared_ptr<const Committed>> make(Decided decided, LedgerStore& ledger);

  [[nodiscard]] LedgerIndex first() const { return first_; }
  [[nodiscard]] LedgerIndex end() const { return LedgerIndex(first_.value() + entries_.size()); }
  [[nodiscard]] std::span<const Recorded> entries() const { return entries_; }
  [[nodiscard]] const wire::SignedHead& head() const { return head_; }
  [[nodiscard]] std::span<const ViewRow> state_rows() const { return state_rows_; }

 private:
  Committed() = default;
  LedgerIndex first_;
  std::vector<Recorded> entries_;
  wire::SignedHead head_;
  std::vector<ViewRow> state_rows_;
};

}  // namespace crossline::server
