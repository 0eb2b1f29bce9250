// Slips: proofs of passages at other posts, brought by the travellers themselves (docs/formats/slip.md).
#pragma once

#include "crossline/agent/settings.hpp"
#include "crossline/base/time.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/wire/slip.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::agent {

// What came of a scanned slip. Only kLearnt changes anything.
enum class SlipOutcome : std::uint8_t {
  kLearnt,        // proven, and news
  kKnown,         // proven; the records here know of it, or of something later: scanned again, or old
  kOwn,           // this post's own record
  kMalformed,     // no slip, or damaged
  kForeign,       // of another line
  kUnknownAgent,  // of an agent that is not enrolled as far as this post knows
  kRevoked,       // of an agent that must not be believed any more
  kBadSignature,  // altered, or made up
  kNoPassage,     // signed, but of an event that is no passage
  kTooOld,        // before kSlipBelievedMs: the records know better by now
  kFuture,        // of a time that has not come, by this machine's clock
};
// "learnt", "known", "own", "malformed", "foreign", "unknown_agent", "revoked", "bad_signature",
// "no_passage", "too_old", "future"
[[nodiscard]] std::string_view name_of(SlipOutcome outcome);

// How long a passage on a slip is believed without the server's word: a correction of it may be on its way.
inline constexpr std::int64_t kSlipBelievedMs = 72LL * 3'600 * 1'000;
// How far two posts' clocks may be apart.
inline constexpr std::int64_t kSlipClockMs = 10LL * 60 * 1'000;

struct SlipReading {
  SlipOutcome outcome = SlipOutcome::kMalformed;
  std::string detail;                    // for people, in English; empty when the outcome says it all
  std::optional<wire::SlipProof> proof;  // when the signature was verified
  std::optional<movement::Post> post;    // whose record it is; with the proof
  std::string reference;                 // with the proof
};

// A passage that a slip proved.
struct LearntMovement {
  crypto::SubjectId subject;
  UtcMillis at;
  std::uint64_t tie = 0;  // as in movement::MovementKey
  movement::Post post;
  movement::Direction direction = movement::Direction::kExit;
  friend bool operator==(const LearntMovement&, const LearntMovement&) = default;
};

// Verifies `text` with the keys of the posts that `settings` knows. Pure; kKnown is for the caller to find
// out. Requires nothing of the text.
[[nodiscard]] SlipReading read_slip(std::string_view text, const Settings& settings, UtcMillis now);
// Requires a reading with a proof of a passage.
[[nodiscard]] LearntMovement learnt_from(const SlipReading& reading);

// The passages learnt from slips that are still believed. One thread at a time.
class LearntMovements {
 public:
  static constexpr std::size_t kMax = 20'000;

  // The oldest goes when there are too many. False when it is here already.
  bool add(LearntMovement movement);
  void forget(UtcMillis before);
  [[nodiscard]] std::vector<LearntMovement> of(const crypto::SubjectId& subject) const;
  [[nodiscard]] std::size_t size() const { return movements_.size(); }

 private:
  std::deque<LearntMovement> movements_;
};

}  // namespace crossline::agent
