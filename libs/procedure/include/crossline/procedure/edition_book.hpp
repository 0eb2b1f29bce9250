// The editions of a line, and which of them decides at an instant. Server, agents, auditor and simulation all
// ask this one, so that an edition comes into force everywhere at the same instant.
#pragma once

#include "crossline/procedure/edition.hpp"

#include <span>
#include <vector>

namespace crossline::procedure {

// A value type; copies are cheap, one thread at a time. It only ever grows. Pointers and spans are valid
// until the next add().
class EditionBook {
 public:
  // An edition counts from now on for every instant from its own `from`, also for what is recorded later and
  // happened earlier. That it may follow the others is the caller's matter; one that is here already changes
  // nothing.
  void add(Edition edition);

  // The edition by which something at `instant` is decided: of those that have begun the one that began last,
  // of two that began together the one with the higher number; also after its `until`, when it refuses.
  // Before all of them the first one, which refuses as well. Null only while the book is empty.
  [[nodiscard]] const Edition* at(UtcMillis instant) const;
  // The first to begin after `instant`; null when none is to come.
  [[nodiscard]] const Edition* next_after(UtcMillis instant) const;
  // The one with the highest number; null while the book is empty.
  [[nodiscard]] const Edition* newest() const;
  [[nodiscard]] const Edition* find(const crypto::Hash& hash) const;

  // In the order in which they begin, then by number.
  [[nodiscard]] std::span<const Edition> editions() const { return editions_; }
  [[nodiscard]] bool empty() const { return editions_.empty(); }

 private:
  std::vector<Edition> editions_;
};

}  // namespace crossline::procedure
