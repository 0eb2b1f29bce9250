#include "crossline/agent/alarms.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crossline::agent {
namespace {

constexpr std::array<std::string_view, 8> kAlarmNames{"recording_stopped", "ledger_shrank", "ledger_forked",
                                                      "ledger_not_signed", "server_forgot", "edition_refused",
                                                      "store_failed",      "store_damaged"};

}  // namespace

std::string_view name_of(AlarmCode code) {
  return kAlarmNames[std::to_underlying(code)];
}

void Alarms::raise(AlarmCode code, std::string message, UtcMillis at) {
  clear(code);
  alarms_.push_back({code, std::move(message), at});
}

void Alarms::clear(AlarmCode code) {
  std::erase_if(alarms_, [code](const Alarm& alarm) { return alarm.code == code; });
}

}  // namespace crossline::agent
