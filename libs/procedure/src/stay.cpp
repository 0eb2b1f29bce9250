#include "crossline/procedure/stay.hpp"

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

std::int64_t used_days(std::span<const Stay> stays, const ZoneOffsets& offsets, UtcMillis instant,
                       std::int64_t window) {
  const std::int64_t today = offsets.local_day(instant);
  DayCounter counter(today - (window - 1), today);
  // In order of entry is in order of days, but where a clock goes back over midnight.
  std::int64_t before = INT64_MIN;
  for (const Stay& stay : stays) {
    if (stay.entered > instant) continue;
    const DaySpan days = days_of(stay, offsets, instant);
    if (days.first < before) return used_days_in_any_order(stays, offsets, instant, window);
    before = days.first;
    counter.add(days);
  }
  counter.add({today, today});
  return counter.days();
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
