// Compares names of zones with one another and with names on lists, where equality would miss too much: names
// are cut, spelled in several ways, and their parts change places.
#pragma once

#include <cstdint>
#include <string>

namespace crossline::documents {

struct ZoneName {
  std::string primary;  // components separated by one blank, A to Z
  std::string secondary;
  bool truncated = false;
};

enum class NameMatch : std::uint8_t {
  kSame,      // the same components in the same order and roles
  kPossible,  // the same but for a cut, another spelling, another order, or parts that one side leaves out
  kDifferent,
};

// Symmetric. kPossible asks a person to look; it is never proof.
[[nodiscard]] NameMatch match_names(const ZoneName& one, const ZoneName& other);

}  // namespace crossline::documents
