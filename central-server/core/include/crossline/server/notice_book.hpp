// The advance notices that stand, with the ledger entries of their steps: what the fold keeps of a notice,
// and where the ledger says who took each step.
#pragma once

#include "crossline/movement/state.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace crossline::server {

// Given and not withdrawn.
struct StandingNotice {
  movement::SubjectId subject;
  movement::NoticeEntry state;
  LedgerIndex given;                    // entries of the steps
  std::optional<LedgerIndex> objected;  // when an objection was raised
  std::optional<LedgerIndex> ruled;     // of the last ruling
  friend bool operator==(const StandingNotice&, const StandingNotice&) = default;
};

// A value. One notice of a person.
class NoticeBook {
 public:
  // Takes the step as the fold does, which leaves out what is not the party's to take; then false.
  bool take(const movement::NoticeAct& act, UtcMillis at, LedgerIndex entry);
  // Puts a notice in the place of the person's.
  void restore(const StandingNotice& notice);

  // Null when none stands. Valid until the next change.
  [[nodiscard]] const StandingNotice* find(const movement::SubjectId& subject) const;
  // The last given first; those given before the entry `before`, or all.
  [[nodiscard]] std::vector<StandingNotice> page(std::optional<LedgerIndex> before, std::size_t limit) const;
  [[nodiscard]] std::size_t size() const { return by_entry_.size(); }

 private:
  void remove(const movement::SubjectId& subject);

  std::map<LedgerIndex, StandingNotice, std::greater<>> by_entry_;  // by `given`
  std::unordered_map<movement::SubjectId, LedgerIndex> given_;
};

}  // namespace crossline::server
