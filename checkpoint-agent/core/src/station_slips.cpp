// Slips at the station: those of its own passages, and those of other posts.
#include "crossline/agent/station.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <variant>

namespace crossline::agent {
namespace {

constexpr std::uint64_t kSlipSearchEvents = 500;

}  // namespace

// What was learnt stands in this post's own journal.
Result<void> Station::load_slips() {
  const UtcMillis oldest = clock_->now().plus(-kSlipBelievedMs);
  bool enough = false;
  for (std::uint64_t end = journal_.size().value(); end > 0 && !enough;) {
    const std::uint64_t first = end - std::min<std::uint64_t>(end, kSlipSearchEvents);
    CROSSLINE_TRY(const auto records, journal_.read(JournalIndex(first), end - first));
    for (const JournalRecord& record : records) {
      CROSSLINE_TRY(const movement::Event event, wire::decode_event(as_bytes(record.event)));
      enough = enough || event.recorded_at < oldest;
      const auto* seen = std::get_if<movement::SlipSeen>(&event.body);
      if (seen == nullptr || event.recorded_at < oldest) continue;
      const SlipReading reading = read_slip(wire::slip_text(seen->slip), settings_, clock_->now());
      if (reading.outcome == SlipOutcome::kLearnt) learnt_.add(learnt_from(reading));
    }
    end = first;
  }
  return {};
}

Result<Station::IssuedSlip> Station::issue_slip(JournalIndex index) const {
  CROSSLINE_TRY(const auto records, journal_.read(index, 1));
  if (records.empty()) return fail(ErrorCode::kNotFound, "there is no record {} here", index.value());
  CROSSLINE_TRY(movement::Event event, wire::decode_event(as_bytes(records.front().event)));
  const auto* movement = std::get_if<movement::Movement>(&event.body);
  if (movement == nullptr || movement->outcome != movement::Outcome::kPassed)
    return fail(ErrorCode::kConflict, "record {} is no passage: there is no slip of it", index.value());
  const OwnMovement* own = own_.find(index);
  if (own != nullptr && own->corrected)
    return fail(ErrorCode::kConflict, "record {} was taken back: there is no slip of it", index.value());
  wire::Slip slip{.line = settings_.line,
                  .head_signature = records.front().head_signature,
                  .path = {},
                  .event = records.front().event};
  CROSSLINE_TRY(slip.path, journal_.path_of(index));
  CROSSLINE_TRY(const std::string bytes, wire::encode_slip(slip));
  const merkle::Hash leaf = merkle::leaf_hash(as_bytes(slip.event));
  std::string reference = wire::slip_reference(settings_.agent, index, leaf);
  return IssuedSlip{wire::slip_text(bytes), std::move(event), std::move(reference)};
}

Result<SlipReading> Station::take_slip(std::string_view text) {
  CROSSLINE_CHECK_OK(require_shift());
  SlipReading reading = read_slip(text, settings_, clock_->now());
  if (reading.outcome != SlipOutcome::kLearnt) return reading;
  const LearntMovement movement = learnt_from(reading);
  CROSSLINE_TRY(const auto since, replica_.since(movement.subject));
  const auto learnt = learnt_.of(movement.subject);
  if (since >= movement.at || std::ranges::find(learnt, movement) != learnt.end()) {
    reading.outcome = SlipOutcome::kKnown;
    return reading;
  }
  CROSSLINE_TRY(std::string bytes, wire::slip_bytes(text));
  CROSSLINE_CHECK_OK(record({{event_of(movement::SlipSeen{std::move(bytes)}), std::nullopt}}));
  uplink_.on_recorded();
  learnt_.add(movement);
  return reading;
}

}  // namespace crossline::agent
