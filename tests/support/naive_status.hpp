// A slow, obvious second reading of the status rules, for tests only: sorts everything it ever heard and
// walks the diagram of docs/architecture.md from the beginning. Shares no code with libs/movement but the
// plain types.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace crossline::testing {

struct NaiveMovement {
  std::int64_t occurred_at_ms = 0;
  std::string agent;
  std::uint64_t journal_index = 0;
  std::string post;       // "A", "B", "joint"
  std::string direction;  // "exit", "entry", "a_to_b", "b_to_a"
};

// What the diagram says about one person: "unknown", "side_a", "side_b", "between from A", "between from B",
// "disputed"; with " unmatched" behind it when the last entry's exit is missing.
class NaivePerson {
 public:
  void moved(const NaiveMovement& movement) {
    movements_[{movement.agent, movement.journal_index}] = movement;
  }
  void took_back(const std::string& agent, std::uint64_t journal_index) {
    taken_back_.insert({agent, journal_index});
  }

  // `tie` orders movements of the same millisecond, as the format defines it.
  template <class Tie>
  std::string status(Tie tie) const {
    std::vector<NaiveMovement> sorted;
    for (const auto& [place, movement] : movements_) {
      if (!taken_back_.contains(place)) sorted.push_back(movement);
    }
    std::sort(sorted.begin(), sorted.end(), [&](const NaiveMovement& a, const NaiveMovement& b) {
      return std::tuple(a.occurred_at_ms, tie(a.agent, a.journal_index)) <
             std::tuple(b.occurred_at_ms, tie(b.agent, b.journal_index));
    });
    std::string where = "unknown";
    bool unmatched = false;
    for (const NaiveMovement& movement : sorted) {
      for (const auto& [direction, side] : halves(movement)) {
        if (where == "disputed") break;
        const std::string here = side == "A" ? "side_a" : "side_b";
        if (direction == "exit") {
          const bool may_leave = where == "unknown" || where == here;
          unmatched = false;
          where = may_leave ? "between from " + side : "disputed";
        } else {
          unmatched = where != "disputed" && where.substr(0, 7) != "between";
          if (where == here) {
            where = "disputed";
            unmatched = false;
          } else {
            where = here;
          }
        }
      }
    }
    return unmatched ? where + " unmatched" : where;
  }

  // How often the person went `direction` ("exit", "entry") at `side` on the UTC day of the last time.
  std::int64_t times_on_last_day(const std::string& direction, const std::string& side) const {
    std::map<std::int64_t, std::int64_t> times;
    for (const auto& [place, movement] : movements_) {
      if (taken_back_.contains(place)) continue;
      for (const auto& half : halves(movement)) {
        if (half == std::pair(direction, side)) ++times[movement.occurred_at_ms / 86'400'000];
      }
    }
    return times.empty() ? 0 : times.rbegin()->second;
  }

 private:
  static std::vector<std::pair<std::string, std::string>> halves(const NaiveMovement& movement) {
    if (movement.direction == "a_to_b") return {{"exit", "A"}, {"entry", "B"}};
    if (movement.direction == "b_to_a") return {{"exit", "B"}, {"entry", "A"}};
    return {{movement.direction, movement.post}};
  }

  std::map<std::pair<std::string, std::uint64_t>, NaiveMovement> movements_;
  std::set<std::pair<std::string, std::uint64_t>> taken_back_;
};

}  // namespace crossline::testing
