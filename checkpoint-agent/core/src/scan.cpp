#include "crossline/agent/scan.hpp"

#include "crossline/base/assert.hpp"

#include <utility>

namespace crossline::agent {
namespace {

constexpr std::array<std::string_view, 8> kStepNames{
    "unreadable", "repeated", "confirm_reading", "choose_category", "collected", "asking", "decided", "done"};

}  // namespace

std::string_view name_of(Step step) {
  return kStepNames[std::to_underlying(step)];
}

movement::Movement Scan::movement(movement::Outcome outcome) const {
  CROSSLINE_ASSERT(traveller && shown && local);
  movement::Movement movement = traveller->movement;
  movement.outcome = outcome;
  movement.verdict = shown->verdict;
  movement.articles = shown->articles;
  movement.edition = shown->edition;
  movement.decided_offline = decided_offline;
  if (!decided_offline && local->verdict != shown->verdict) movement.local_verdict = local->verdict;
  return movement;
}

}  // namespace crossline::agent
