// A clock that stands until it is told to move, and randomness that repeats.
#pragma once

#include "crossline/base/time.hpp"

#include <cstdint>
#include <span>

namespace crossline::testing {

// Wall and steady time move together.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(UtcMillis start) : start_(start) {}
  [[nodiscard]] UtcMillis now() const override { return start_.plus(static_cast<std::int64_t>(elapsed_ms_)); }
  [[nodiscard]] std::uint64_t steady_ms() const override { return elapsed_ms_; }
  void advance_ms(std::uint64_t ms) { elapsed_ms_ += ms; }

 private:
  UtcMillis start_;
  std::uint64_t elapsed_ms_ = 0;
};

// splitmix64: the same seed gives the same bytes.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(next() >> 56);
  }

 private:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace crossline::testing
