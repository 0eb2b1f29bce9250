// What this post recorded lately.
#pragma once

#include "crossline/base/strong.hpp"
#include "crossline/base/time.hpp"
#include "crossline/crypto/commitment.hpp"
#include "crossline/movement/event.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace crossline::agent {

struct OwnMovement {
  JournalIndex index;
  UtcMillis at;
  crypto::SubjectId subject;
  movement::Direction direction = movement::Direction::kExit;
  movement::Outcome outcome = movement::Outcome::kPassed;
  bool corrected = false;
  std::optional<LedgerIndex> placed;  // where the ledger has it, once known
  std::vector<movement::DeclaredGoods> goods{};
  friend bool operator==(const OwnMovement&, const OwnMovement&) = default;
};

// The movements that the replica does not hold yet, and those recent enough to matter at the desk: to be
// recognised in a second scan, or taken back. In order of journal index. One thread at a time.
class OwnMovements {
 public:
  // Requires an index above all that are here.
  void add(OwnMovement movement);
  // Those at `first`.. took these places in the ledger.
  void place(JournalIndex first, std::span<const LedgerIndex> places);
  void correct(JournalIndex index);
  // Drops what happened before `before` and the replica, complete up to `position`, holds.
  void forget(UtcMillis before, LedgerIndex position);
  void clear() { movements_.clear(); }

  [[nodiscard]] const OwnMovement* find(JournalIndex index) const;
  // The latest uncorrected passage of `subject` in `direction` not before `since`.
  [[nodiscard]] const OwnMovement* last_passage(const crypto::SubjectId& subject,
                                                movement::Direction direction, UtcMillis since) const;
  // Uncorrected passages of `subject` that a replica complete up to `position` does not hold, oldest first.
  [[nodiscard]] std::vector<OwnMovement> ahead_of(LedgerIndex position,
                                                  const crypto::SubjectId& subject) const;
  // Something about `subject` is recorded here that the server has not acknowledged.
  [[nodiscard]] bool has_unsent(const crypto::SubjectId& subject) const;
  [[nodiscard]] const std::deque<OwnMovement>& all() const { return movements_; }

 private:
  [[nodiscard]] std::deque<OwnMovement>::iterator at_or_after(JournalIndex index);

  std::deque<OwnMovement> movements_;
};

}  // namespace crossline::agent
