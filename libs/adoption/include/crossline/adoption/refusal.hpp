// Why an edition is not adopted. Whatever the reason, the edition in force stays in force.
#pragma once

#include "crossline/base/error.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace crossline::adoption {

enum class Refusal : std::uint8_t {
  kTooLarge,           // the envelope has more bytes or signatures than limits allow
  kMalformedEnvelope,  // not a DSSE envelope
  kDuplicateKey,       // the envelope or the procedure says something twice
  kWrongType,          // an envelope of something else
  kBadSignature,       // names a known key, and is not that key's signature
  kTooFewSignatures,   // of one party, however many there are of the others
  kInvalidEdition,     // signed, and not a valid sealed procedure
  kNotCanonical,       // the same procedure in another spelling
  kOtherProcedure,     // of another line
  kAlreadyAdopted,     // the very edition that is the newest
  kOlderEdition,       // a number that the chain has passed
  kSkippedEdition,     // not exactly the next number
  kOtherPredecessor,   // carries another hash than that of the edition before it
  kGap,                // would leave a time without a procedure
  kOverlap,            // would put two editions in force at one time
  kBadKeys,            // its own keys or thresholds could not sign anything
};
// Stable lower-case name for JSON, logs and the wire: "too_few_signatures".
[[nodiscard]] std::string_view name_of(Refusal reason);

struct Refused {
  Refusal reason = Refusal::kMalformedEnvelope;
  std::string message;  // what, where, what to do; no personal data
  // As an error of everybody else's kind: "<name>: <message>", with the code that says who acts next.
  [[nodiscard]] Error error() const;
};

template <class T>
using Judged = std::expected<T, Refused>;

}  // namespace crossline::adoption
