#include "moments.hpp"

#include <algorithm>
#include <set>

namespace crossline::analysis {

std::size_t Moments::add(const procedure::Timeline& timeline) {
  return numbers_.emplace(timeline.boundaries_s(), numbers_.size()).first->second;
}

std::vector<Moment> Moments::within(UtcMillis from, UtcMillis until, std::size_t most) const {
  // When which timeline changes, in order of time.
  std::vector<std::pair<std::int64_t, std::size_t>> changes;
  std::vector<bool> shows(size());
  for (const auto& [boundaries, number] : numbers_)
    for (const std::int64_t boundary_s : boundaries) {
      if (boundary_s * 1000 <= from.ms)
        shows[number] = !shows[number];
      else if (boundary_s * 1000 < until.ms)
        changes.emplace_back(boundary_s * 1000, number);
    }
  std::ranges::sort(changes);
  std::vector<Moment> moments;
  std::set<std::vector<bool>> seen;
  std::int64_t since = from.ms;
  for (std::size_t i = 0;;) {
    const std::int64_t end = i < changes.size() ? changes[i].first : until.ms;
    if (seen.insert(shows).second) moments.push_back({{since}, {end}, shows});
    if (i == changes.size() || moments.size() > most) return moments;
    for (; i < changes.size() && changes[i].first == end; ++i)
      shows[changes[i].second] = !shows[changes[i].second];
    since = end;
  }
}

}  // namespace crossline::analysis
