// Time that moves when a test says so.
#pragma once

#include "crossline/base/time.hpp"

#include <atomic>
#include <cstdint>

namespace crossline::testing {

class ManualClock final : public Clock {
 public:
  explicit ManualClock(UtcMillis start = {1'790'841'600'000}) : now_ms_(start.ms) {}  // 2026-10-01T08:00:00Z

  [[nodiscard]] UtcMillis now() const override { return {now_ms_.load()}; }
  [[nodiscard]] std::uint64_t steady_ms() const override { return steady_ms_.load(); }

  void advance(std::int64_t ms) {
    now_ms_ += ms;
    steady_ms_ += static_cast<std::uint64_t>(ms);
  }
  // The wall clock alone is set, as an operator or a time server does.
  void set_wall(UtcMillis now) { now_ms_ = now.ms; }

 private:
  std::atomic<std::int64_t> now_ms_;
  std::atomic<std::uint64_t> steady_ms_{1'000};
};

// Repeatable "randomness" for keys and openings.
class CountingRandom final : public Random {
 public:
  explicit CountingRandom(std::uint8_t seed = 1) : next_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = next_ = static_cast<std::uint8_t>(next_ * 73 + 11);
  }

 private:
  std::uint8_t next_;
};

}  // namespace crossline::testing
