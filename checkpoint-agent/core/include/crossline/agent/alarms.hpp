// What an officer or operator has to be told, beside any traveller.
#pragma once

#include "crossline/base/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::agent {

enum class AlarmCode : std::uint8_t {
  kRecordingStopped,  // the disk refused a write, or another history was found under this agent's key
  kLedgerShrank,      // the server showed a ledger smaller than one it had signed before
  kLedgerForked,      // two ledger heads of one size with different roots
  kLedgerNotSigned,   // a ledger head whose signature is not the line's
  kServerForgot,      // the server no longer has events it had acknowledged; they are sent again
  kEditionRefused,    // an edition from the server does not load, or would go back
  kStoreFailed,       // the disk refused to keep what the server said; it will be asked again
  kStoreDamaged,      // what this machine has kept cannot be read: whom it concerns cannot be decided here
};
// "recording_stopped", ...
[[nodiscard]] std::string_view name_of(AlarmCode code);

struct Alarm {
  AlarmCode code = AlarmCode::kRecordingStopped;
  std::string message;  // no personal data
  UtcMillis at;         // last time
};

// At most one of each kind, the newest message. One thread at a time.
class Alarms {
 public:
  void raise(AlarmCode code, std::string message, UtcMillis at);
  void clear(AlarmCode code);
  [[nodiscard]] const std::vector<Alarm>& all() const { return alarms_; }

 private:
  std::vector<Alarm> alarms_;
};

}  // namespace crossline::agent
