#include "crossline/crypto/random.hpp"

#include "crossline/base/assert.hpp"

#include <limits>

#include <openssl/rand.h>

namespace crossline::crypto {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  CROSSLINE_ASSERT(out.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  CROSSLINE_ASSERT(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

}  // namespace crossline::crypto
