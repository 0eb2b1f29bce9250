// The operating system's randomness behind the Random port.
#pragma once

#include "crossline/base/time.hpp"

namespace crossline::crypto {

// OpenSSL's CSPRNG. Thread-safe. Aborts when the system has no entropy to give.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace crossline::crypto
