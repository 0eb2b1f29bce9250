// Bugs on purpose, to prove that the simulation finds them. In every program that ships, planted() is a
// constant false and the code behind it is gone; only a build with CROSSLINE_PLANTED_BUGS (tests/simulation)
// can turn one on.
#pragma once

#include <cstdint>

namespace crossline {

enum class PlantedBug : std::uint8_t {
  kNone,
  kAcknowledgeBeforeSync,  // the server answers before its commit is durable
  kNoDeduplication,        // a resent event is recorded again
  kUncheckedSignature,     // the server does not verify the journal's head
};

#ifdef CROSSLINE_PLANTED_BUGS
inline PlantedBug planted_bug = PlantedBug::kNone;
[[nodiscard]] inline bool planted(PlantedBug bug) {
  return planted_bug == bug;
}
#else
[[nodiscard]] constexpr bool planted(PlantedBug) {
  return false;
}
#endif

}  // namespace crossline
