// The real clock behind the Clock port, the real randomness is crypto's.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/base/time.hpp"

#include <cstdint>

namespace crossline::runtime {

// Wall time from CLOCK_REALTIME; steady time from CLOCK_BOOTTIME, which counts while the machine sleeps.
// Stateless; any thread.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] UtcMillis now() const override;
  [[nodiscard]] std::uint64_t steady_ms() const override;
};

// Names this boot of this machine: the first 64 bits of the SHA-256 of the kernel's boot id, so that steady
// times of two boots are never compared. kUnavailable when the kernel does not tell.
Result<std::uint64_t> boot_id();

}  // namespace crossline::runtime
