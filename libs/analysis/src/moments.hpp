// Time as the solver sees it: instants at which the same hours, seasons and dates hold are one moment.
#pragma once

#include "crossline/base/time.hpp"
#include "crossline/procedure/timeline.hpp"

#include <map>
#include <vector>

namespace crossline::analysis {

// A stretch of time throughout which every timeline keeps its truth: the first of its kind.
struct Moment {
  UtcMillis from;
  UtcMillis until;
  std::vector<bool> shows;  // by the number of the timeline
};

class Moments {
 public:
  // The number of the timeline; equal ones have one number.
  std::size_t add(const procedure::Timeline& timeline);
  [[nodiscard]] std::size_t size() const { return numbers_.size(); }
  // One moment for each different combination of truths that occurs in [from, until), in order of time; at
  // most `most` and one.
  [[nodiscard]] std::vector<Moment> within(UtcMillis from, UtcMillis until, std::size_t most) const;

 private:
  std::map<std::vector<std::int64_t>, std::size_t> numbers_;
};

}  // namespace crossline::analysis
