#include "crossline/procedure/stay.hpp"

#include "crossline/base/assert.hpp"

#include <algorithm>
#include <vector>

namespace crossline::procedure {
namespace {

// Adds spans up without counting a day twice: spans in order of their first day.
class DayCounter {
 public:
  DayCounter(std::int64_t first, std::int64_t last) : next_(first), last_(last) {}
  void add(DaySpan span) {
    const std::int64_t from = std::max(span.first, next_);
    const std::int64_t to = std::min(span.last, last_);
    if (from > to) return;
    days_ += to - from + 1;
    next_ = to + 1;
  }
  [[nodiscard]] std::int64_t days() const { return days_; }

 private:
  std::int64_t next_;  // the first day not yet counted
  std::int64_t last_;
  std::int64_t days_ = 0;
};

DaySpan days_of(const Stay& stay, const ZoneOffsets& offsets, UtcMillis instant) {
  const std::int64_t entered = offsets.local_day(stay.entered);
  const std::int64_t left = offsets.local_day(std::min(stay.left, instant));
  // Where the clock goes back over midnight, one may leave on the day before the day of entry.
  return {std::min(entered, left), std::max(entered, left)};
}

}  // namespace

std::int64_t used_days(std::span<const DaySpan> spans, std::int64_t day, std::int64_t window) {
  std::vector<DaySpan> ordered(spans.begin(), spans.end());
  std::ranges::sort(ordered, {}, &DaySpan::first);
  DayCounter counter(day - (window - 1), day);
  for (const DaySpan& span : ordered) counter.add(span);
  return counter.days();
}

std::int64_t longest_stay(std::span<const DaySpan> spans, std::int64_t day, std::int64_t most,
                          std::int64_t window) {
  std::vector<DaySpan> with_plan(spans.begin(), spans.end());
  with_plan.push_back({day, day});
  for (std::int64_t days = 0; days < window; ++days) {
    with_plan.back().last = day + days;
    if (used_days(with_plan, day + days, window) > most) return days;
  }
  return window;
}

namespace {

std::int64_t used_days_in_any_order(std::span<const Stay> stays, const ZoneOffsets& offsets,
                                    UtcMillis instant, std::int64_t window) {
  const std::int64_t today = offsets.local_day(instant);
  std::vector<DaySpan> spans{{today, today}};
  for (const Stay& stay : stays)
    if (stay.entered <= instant) spans.push_back(days_of(stay, offsets, instant));
  return used_days(spans, today, window);
}

}  // namespace

void count_used_days(std::span<const Stay> stays, const ZoneOffsets& offsets, UtcMillis instant,
                     std::span<const std::int64_t> windows, std::span<std::int64_t> used) {
  CROSSLINE_ASSERT(windows.size() == used.size());
  const std::int64_t today = offsets.local_day(instant);
  std::ranges::fill(used, 0);
  std::int64_t counted = INT64_MIN;  // the last day that is in `used` already
  const auto add = [&](DaySpan days) {
    const std::int64_t from = std::max(days.first, counted + 1);
    const std::int64_t to = std::min(days.last, today);
    if (from > to) return;
    counted = to;
    for (std::size_t i = 0; i < windows.size(); ++i)
      used[i] += std::max<std::int64_t>(0, to - std::max(from, today - (windows[i] - 1)) + 1);
  };
  // In order of entry is in order of days, but where a clock goes back over midnight.
  std::int64_t before = INT64_MIN;
  for (const Stay& stay : stays) {
    if (stay.entered > instant) continue;
    const DaySpan days = days_of(stay, offsets, instant);
    if (days.first < before) {
      std::ranges::transform(windows, used.begin(), [&](std::int64_t window) {
        return used_days_in_any_order(stays, offsets, instant, window);
      });
      return;
    }
    before = days.first;
    add(days);
  }
  add({today, today});
}

std::int64_t used_days(std::span<const Stay> stays, const ZoneOffsets& offsets, UtcMillis instant,
                       std::int64_t window) {
  std::int64_t used = 0;
  count_used_days(stays, offsets, instant, {&window, 1}, {&used, 1});
  return used;
}

std::optional<std::int64_t> days_absent(std::span<const Stay> stays, const ZoneOffsets& offsets,
                                        UtcMillis instant) {
  std::int64_t last = INT64_MIN;
  for (const Stay& stay : stays)
    if (stay.entered <= instant) last = std::max(last, days_of(stay, offsets, instant).last);
  if (last == INT64_MIN) return std::nullopt;
  return offsets.local_day(instant) - last;
}

}  // namespace crossline::procedure
