#include "crossline/procedure/rehearsal.hpp"

namespace crossline::procedure {
namespace {

constexpr std::int64_t kWeekMs = 7LL * 24 * 3'600'000;

// "Still present" and "never notified" are no dates.
UtcMillis moved(UtcMillis instant, std::int64_t by_ms) {
  return instant == kStillPresent ? instant : instant.plus(by_ms);
}

void move_stays(Fact<std::span<const Stay>>& stays, std::int64_t by_ms, std::vector<Stay>& buffer) {
  if (!stays.known) return;
  buffer.assign(stays.value.begin(), stays.value.end());
  for (Stay& stay : buffer) stay = {stay.entered.plus(by_ms), moved(stay.left, by_ms)};
  stays.value = buffer;
}

void move_notice(Fact<Notice>& notice, std::int64_t by_ms) {
  if (!notice.known) return;
  notice.value.notified_at = moved(notice.value.notified_at, by_ms);
  notice.value.objected_at = notice.value.objected_at.plus(by_ms);
  notice.value.ruled_at = notice.value.ruled_at.plus(by_ms);
}

}  // namespace

UtcMillis Rehearsal::moment_of(const Edition& edition, UtcMillis instant) {
  const std::int64_t ahead_ms = edition.from().ms - instant.ms;
  if (ahead_ms <= 0) return instant;
  const std::int64_t weeks = (ahead_ms + kWeekMs - 1) / kWeekMs;
  const UtcMillis moment = instant.plus(weeks * kWeekMs);
  return moment < edition.until() ? moment : edition.from();
}

void Rehearsal::decide(const Edition& edition, const Facts& facts, UtcMillis instant, Decision& decision) {
  const UtcMillis moment = moment_of(edition, instant);
  const std::int64_t by_ms = moment.ms - instant.ms;
  Facts then = facts;
  move_stays(then.stays_on_a, by_ms, stays_on_a_);
  move_stays(then.stays_on_b, by_ms, stays_on_b_);
  move_notice(then.notice, by_ms);
  if (then.permits.known) {
    permits_.assign(then.permits.value.begin(), then.permits.value.end());
    for (Permit& permit : permits_) {
      permit.valid_from = permit.valid_from.plus(by_ms);
      permit.valid_until = moved(permit.valid_until, by_ms);
    }
    then.permits.value = permits_;
  }
  overrides_.assign(then.overrides.begin(), then.overrides.end());
  for (Override& granted : overrides_) granted.granted_at = granted.granted_at.plus(by_ms);
  then.overrides = overrides_;
  edition.decide(then, moment, decision);
}

}  // namespace crossline::procedure
