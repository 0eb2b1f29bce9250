// From what a reader delivers to the lines of the zone.
//
//   wedge    L1 L2 [L3] in one run (90, 72 or 88 characters), or with one separator (92, 73 or 89),
//            or ended by CR, LF, CR LF or form feed; sometimes with a prefix and a suffix
//   serial   STX L1 CR L2 CR [L3 CR] ETX
//   serial   SOH length(2) "OU" STX flag L1 CR L2 CR L3 CR ETX BCC (ISO 1745), lines padded with '_', an
//   absent line
//            empty and the bottom line last
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crossline::documents {

struct Framing {
  std::string_view prefix;
  std::string_view suffix;
};

struct Delivery {
  std::vector<std::string> lines;  // without line ends, padding and blank lines; possibly not a zone
  bool frame_checksum_wrong = false;
};

// Removes the framing; never fails: what is not framed comes back as its lines.
[[nodiscard]] Delivery unframe(std::string_view scan, const Framing& framing);

}  // namespace crossline::documents
