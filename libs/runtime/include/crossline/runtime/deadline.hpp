// A point in time by which an operation must be done.
#pragma once

#include <chrono>
#include <cstdint>

namespace crossline::runtime {

// A value on the monotonic clock. One deadline may cover many operations, so that a peer who sends one byte
// a second cannot stretch it.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] static Deadline in_ms(std::uint64_t ms) {
    return Deadline(Clock::now() + std::chrono::milliseconds(ms));
  }
  [[nodiscard]] static Deadline never() { return Deadline(Clock::time_point::max()); }

  [[nodiscard]] bool passed() const { return time_ != Clock::time_point::max() && Clock::now() >= time_; }
  [[nodiscard]] Clock::time_point time() const { return time_; }

  friend auto operator<=>(Deadline, Deadline) = default;

 private:
  explicit Deadline(Clock::time_point time) : time_(time) {}
  Clock::time_point time_;
};

}  // namespace crossline::runtime
