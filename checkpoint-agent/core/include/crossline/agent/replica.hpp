// The agent's copy of what all posts together know, so that it can decide alone.
#pragma once

#include "crossline/agent/own_movements.hpp"
#include "crossline/agent/ports.hpp"
#include "crossline/agent/slips.hpp"
#include "crossline/movement/state.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/wire/link.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace crossline::agent {

// The replica on disk with the agent's own newer movements on top. Persons stay on disk and are read when
// they are scanned; only what concerns the line as a whole is kept in memory. One thread at a time.
class Replica {
 public:
  static Result<Replica> open(ReplicaStore& store);

  // Takes the next piece of the ledger. A piece that is already here changes nothing; kConflict when one
  // before it is missing.
  Result<void> apply(const wire::ReplicaUpdate& update);
  [[nodiscard]] LedgerIndex position() const { return position_; }

  // Notes that nothing was missing at `now`.
  Result<void> mark_current(UtcMillis now);
  // How long ago nothing was missing; at least 1, since another post may have recorded something meanwhile.
  [[nodiscard]] std::int64_t age_ms(UtcMillis now) const;

  // The largest ledger head seen so far; the caller has compared it. A smaller one changes nothing.
  Result<void> believe(const wire::SignedHead& head, UtcMillis now);
  [[nodiscard]] const std::optional<wire::SignedHead>& seen_head() const { return seen_head_; }
  [[nodiscard]] UtcMillis ledger_seen_at() const { return ledger_seen_at_; }
  // The same for events: nothing is of size 0.
  [[nodiscard]] movement::Beacon ledger() const;
  // The largest that is proven to continue those before; at most the one seen. A smaller one changes nothing.
  Result<void> prove(const wire::SignedHead& head);
  [[nodiscard]] const std::optional<wire::SignedHead>& proven_head() const { return proven_head_; }

  // The editions taken from the server before this start, by number.
  [[nodiscard]] const std::vector<KeptEdition>& kept_editions() const { return kept_editions_; }
  Result<void> store_edition(const KeptEdition& edition) { return store_->put_edition(edition); }

  // What is on record about `subject`: the replica, and on top of it the movements of this agent at `post`
  // that the replica does not hold yet (`ahead`, oldest first), and what travellers' slips proved (`learnt`),
  // on the days that the clock of `edition` shows.
  [[nodiscard]] Result<movement::SubjectState> state_of(const crypto::SubjectId& subject,
                                                        std::span<const OwnMovement> ahead,
                                                        std::span<const LearntMovement> learnt,
                                                        const movement::Post& post, std::uint32_t agent_tag,
                                                        const procedure::Edition& edition);
  // Since when the replica's status of the subject holds; nothing when no record names it.
  [[nodiscard]] Result<std::optional<UtcMillis>> since(const crypto::SubjectId& subject);
  // Closures, and what was leased to which post; not what the others used.
  [[nodiscard]] const movement::LineState& line() const { return line_; }
  [[nodiscard]] const movement::Names& names() const { return names_; }

 private:
  Replica(ReplicaStore& store, ReplicaSummary summary);
  Result<ReplicaPiece> fold(const wire::ReplicaUpdate& update);
  // What the replica alone holds.
  Result<movement::SubjectState> recorded(const crypto::SubjectId& subject);

  ReplicaStore* store_;
  LedgerIndex position_;
  UtcMillis current_at_;
  UtcMillis current_at_written_;
  std::optional<wire::SignedHead> seen_head_;
  UtcMillis ledger_seen_at_;
  std::optional<wire::SignedHead> proven_head_;
  std::vector<KeptEdition> kept_editions_;
  movement::LineState line_;
  movement::Names names_;
};

}  // namespace crossline::agent
