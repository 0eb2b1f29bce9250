// Where a person has been and how often they moved: what the records say beside the present status.
#pragma once

#include "crossline/base/time.hpp"
#include "crossline/procedure/facts.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace crossline::movement {

using procedure::Side;
enum class Direction : std::uint8_t;
struct Presence;
struct Step;

// Days since 1970-01-01 on the procedure's clock; earlier than any: never.
inline constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::min();

// One half of a movement: a joint post does two at once.
struct Leg {
  procedure::Direction direction = procedure::Direction::kExit;
  Side side = Side::kA;  // of the post, or of the half of the joint post
  friend bool operator==(const Leg&, const Leg&) = default;
};

struct Legs {
  std::array<Leg, 2> legs;
  std::size_t count = 1;
};
[[nodiscard]] Legs legs_of(procedure::PostSide post, Direction direction);

// ISO weeks (they begin on Monday) and months, as numbers that grow by one.
[[nodiscard]] std::int32_t week_of(std::int32_t day);
[[nodiscard]] std::int32_t month_of(std::int32_t day);

// How often something happened in the running local day, week and month.
struct PeriodSums {
  std::int64_t today = 0;
  std::int64_t this_week = 0;
  std::int64_t this_month = 0;
  friend bool operator==(const PeriodSums&, const PeriodSums&) = default;
};

// Counts of one leg up to and with `day`.
struct Tally {
  std::int32_t day = kNoDay;
  std::int32_t missing = kNoDay;  // the last day on which a record of this leg is known to be missing
  PeriodSums sums;
  friend bool operator==(const Tally&, const Tally&) = default;

  void add(std::int32_t on_day, std::int64_t amount);
  [[nodiscard]] PeriodSums as_of(std::int32_t on_day) const;
};

// A stretch of days of presence on one side; days that follow each other are one stretch. `left` is
// procedure::kStillPresent while it lasts.
struct Stretch {
  UtcMillis entered;
  UtcMillis left;
  std::int32_t first_day = kNoDay;
  std::int32_t last_day = kNoDay;  // of entry while it lasts
  friend bool operator==(const Stretch&, const Stretch&) = default;
};

// A record that is missing makes stays doubtful: `gap` is when, for each side, the last time that happened.
struct History {
  static constexpr UtcMillis kNoGap{std::numeric_limits<std::int64_t>::min()};
  static constexpr std::size_t kLegs = 4;

  std::array<std::vector<Stretch>, 2> stays;  // by side, in order of entry
  std::array<UtcMillis, 2> gap{kNoGap, kNoGap};
  std::array<Tally, kLegs> tallies;

  // Takes the next movement, which led from `before` to `after`.
  void record(const Presence& before, const Step& step);
  // Starts anew on `side`: nothing that was recorded before is certain.
  void settle(Side side, UtcMillis at, std::int32_t day);
  // Forgets stays that ended before `day`.
  void forget_before(std::int32_t day);
  void clear();

  [[nodiscard]] const Tally& tally(const Leg& leg) const;
  friend bool operator==(const History&, const History&) = default;

 private:
  void enter(Side side, const Step& step);
  void leave(Side side, const Step& step);
  void doubt(Side side, UtcMillis at);
};

// The sides whose stays `step` makes doubtful when it follows `before`: an entry without its exit the other
// side's, a first exit its own, a contradiction both.
[[nodiscard]] std::array<bool, 2> doubtful_stays(const Presence& before, const Step& step);

// A History that most persons do not need: nothing until there is something to keep. A value.
class PastHistory {
 public:
  PastHistory() = default;
  PastHistory(const PastHistory& other)
      : history_(other.history_ ? std::make_unique<History>(*other.history_) : nullptr) {}
  PastHistory(PastHistory&&) noexcept = default;
  PastHistory& operator=(PastHistory other) noexcept {
    history_ = std::move(other.history_);
    return *this;
  }
  ~PastHistory() = default;

  [[nodiscard]] const History* get() const { return history_.get(); }  // null: nothing
  [[nodiscard]] History& edit() {
    if (!history_) history_ = std::make_unique<History>();
    return *history_;
  }
  friend bool operator==(const PastHistory& a, const PastHistory& b) {
    return a.history_ && b.history_ ? *a.history_ == *b.history_ : a.history_ == b.history_;
  }

 private:
  std::unique_ptr<History> history_;
};

}  // namespace crossline::movement
