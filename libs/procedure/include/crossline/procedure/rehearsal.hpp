// How an edition that is still to come would decide what happens now.
#pragma once

#include "crossline/procedure/edition.hpp"

#include <vector>

namespace crossline::procedure {

// Asked before it begins, an edition refuses everybody, and knows no hours before its `from`. So it is asked
// about a later moment: as many whole weeks on as bring it into the edition's time, at the same hour of the
// same weekday, with everything that the facts date moved as far. Where summer time begins or ends in
// between, the hour is off by that. Keeps its buffers; one thread at a time.
class Rehearsal {
 public:
  // As edition.decide() does once the edition has begun: then `instant` itself counts.
  void decide(const Edition& edition, const Facts& facts, UtcMillis instant, Decision& decision);

  // The moment at which `edition` is asked: the first one of it when it lasts less than a week.
  [[nodiscard]] static UtcMillis moment_of(const Edition& edition, UtcMillis instant);

 private:
  std::vector<Permit> permits_;
  std::vector<Stay> stays_on_a_;
  std::vector<Stay> stays_on_b_;
  std::vector<Override> overrides_;
};

}  // namespace crossline::procedure
