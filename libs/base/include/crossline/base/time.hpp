// Time as plain values, and the ports through which clocks and randomness reach the code.
#pragma once

#include "crossline/base/strong.hpp"

#include <compare>
#include <cstdint>
#include <span>
#include <string>

namespace crossline {

// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX).
struct UtcMillis {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(UtcMillis, UtcMillis) = default;
  [[nodiscard]] constexpr UtcMillis plus(std::int64_t delta_ms) const { return {ms + delta_ms}; }
};

// "2026-10-01T08:00:00Z", with milliseconds (".250") only when they are not zero (RFC 3339).
[[nodiscard]] std::string format_utc(UtcMillis instant);

// The one door to wall-clock and monotonic time. Adapters in app/ folders; a virtual one in tests.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual UtcMillis now() const = 0;
  // Milliseconds since an arbitrary start of this boot; never goes back.
  [[nodiscard]] virtual std::uint64_t steady_ms() const = 0;
};

// The one door to randomness. Fills the whole buffer or aborts the process: there is no weak fallback.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

}  // namespace crossline
