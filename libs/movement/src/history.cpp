#include "crossline/movement/history.hpp"

#include "crossline/movement/state.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace crossline::movement {
namespace {

std::size_t at(Side side) {
  return std::to_underlying(side);
}

std::size_t at(const Leg& leg) {
  return std::size_t{2} * std::to_underlying(leg.direction) + std::to_underlying(leg.side);
}

std::int32_t floor_div(std::int32_t value, std::int32_t by) {
  return value >= 0 ? value / by : -((by - 1 - value) / by);
}

}  // namespace

Legs legs_of(PostSide post, Direction direction) {
  using enum procedure::Direction;
  const Side own = post == PostSide::kB ? Side::kB : Side::kA;
  switch (direction) {
    case Direction::kExit:
      return {{Leg{kExit, own}}, 1};
    case Direction::kEntry:
      return {{Leg{kEntry, own}}, 1};
    case Direction::kAToB:
      return {{Leg{kExit, Side::kA}, Leg{kEntry, Side::kB}}, 2};
    case Direction::kBToA:
      return {{Leg{kExit, Side::kB}, Leg{kEntry, Side::kA}}, 2};
  }
  std::unreachable();
}

std::int32_t week_of(std::int32_t day) {
  constexpr std::int32_t kThursday = 3;  // 1970-01-01, counted from Monday
  return floor_div(day + kThursday, 7);
}

std::int32_t month_of(std::int32_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return static_cast<int>(date.year()) * 12 + static_cast<std::int32_t>(static_cast<unsigned>(date.month()));
}

void Tally::add(std::int32_t on_day, std::int64_t amount) {
  sums = as_of(on_day);
  sums.today += amount;
  sums.this_week += amount;
  sums.this_month += amount;
  day = std::max(day, on_day);
}

PeriodSums Tally::as_of(std::int32_t on_day) const {
  if (day == kNoDay) return {};
  return {.today = day == on_day ? sums.today : 0,
          .this_week = week_of(day) == week_of(on_day) ? sums.this_week : 0,
          .this_month = month_of(day) == month_of(on_day) ? sums.this_month : 0};
}

std::array<bool, 2> doubtful_stays(const Presence& before, const Step& step) {
  const Presence next = after(before, step);
  if (next.status == Status::kDisputed) return {true, true};
  std::array<bool, 2> doubtful{};
  const Leg first = legs_of(step.post, step.direction).legs[0];
  if (first.direction == procedure::Direction::kExit) {
    doubtful[at(first.side)] = before.status == Status::kUnknown;
  } else {
    doubtful[at(other(first.side))] = next.unmatched;
  }
  return doubtful;
}

void History::record(const Presence& before, const Step& step) {
  const auto doubtful = doubtful_stays(before, step);
  const Legs halves = legs_of(step.post, step.direction);
  for (const Side side : {Side::kA, Side::kB}) {
    if (!doubtful[at(side)]) continue;
    doubt(side, step.key.occurred_at);
    // An entry whose exit was not recorded.
    if (halves.legs[0].direction == procedure::Direction::kEntry)
      tallies[at(Leg{procedure::Direction::kExit, side})].missing = step.day;
  }
  for (std::size_t i = 0; i < halves.count; ++i) {
    const Leg& leg = halves.legs[i];
    if (leg.direction == procedure::Direction::kExit) {
      leave(leg.side, step);
    } else {
      enter(leg.side, step);
    }
    tallies[at(leg)].add(step.day, 1);
  }
}

void History::enter(Side side, const Step& step) {
  std::vector<Stretch>& own = stays[at(side)];
  if (!own.empty() && (own.back().left == procedure::kStillPresent || step.day <= own.back().last_day + 1)) {
    own.back().left = procedure::kStillPresent;
    own.back().last_day = std::max(own.back().last_day, step.day);
    return;
  }
  own.push_back({step.key.occurred_at, procedure::kStillPresent, step.day, step.day});
}

void History::leave(Side side, const Step& step) {
  std::vector<Stretch>& own = stays[at(side)];
  if (own.empty() || own.back().left != procedure::kStillPresent) return;
  own.back().left = step.key.occurred_at;
  own.back().last_day = std::max(own.back().last_day, step.day);
}

// What lasts by the records may have ended, nobody knows when.
void History::doubt(Side side, UtcMillis when) {
  gap[at(side)] = when;
  std::vector<Stretch>& own = stays[at(side)];
  if (!own.empty() && own.back().left == procedure::kStillPresent) own.pop_back();
}

void History::settle(Side side, UtcMillis when, std::int32_t day) {
  doubt(Side::kA, when);
  doubt(Side::kB, when);
  for (Tally& tally : tallies) tally.missing = day;
  stays[at(side)].push_back({when, procedure::kStillPresent, day, day});
}

void History::forget_before(std::int32_t day) {
  for (std::vector<Stretch>& own : stays) {
    std::erase_if(own, [day](const Stretch& stay) {
      return stay.left != procedure::kStillPresent && stay.last_day < day;
    });
  }
}

void History::clear() {
  for (std::vector<Stretch>& own : stays) own.clear();
  gap = {kNoGap, kNoGap};
  tallies = {};
}

const Tally& History::tally(const Leg& leg) const {
  return tallies[at(leg)];
}

}  // namespace crossline::movement
