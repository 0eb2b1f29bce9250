// Byte strings one after the other, as tlog-tiles bundles entries: (u16 big-endian length || bytes)*.
#pragma once

#include "crossline/base/bytes.hpp"

#include <span>
#include <string>
#include <vector>

namespace crossline::server {

// Requires each to have at most 65,535 bytes.
[[nodiscard]] Bytes bundle(std::span<const std::string> strings);
// Views into `bytes`; kCorruptData when the lengths do not add up.
Result<std::vector<ByteView>> unbundle(ByteView bytes);

}  // namespace crossline::server
