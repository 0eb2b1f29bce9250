#include "crossline/accounts/throttle.hpp"

#include "crossline/base/bytes.hpp"
#include "crossline/crypto/sha256.hpp"

#include <algorithm>

namespace crossline::accounts {

Throttle::Throttle(Rate rate, Random& random) : rate_(rate), full_at_ms_(kBuckets, 0) {
  random.fill(secret_);
}

std::size_t Throttle::bucket_of(std::string_view key) const {
  const crypto::Hash hash = crypto::hmac_sha256(secret_, as_bytes(key));
  return load_u32_be(hash.bytes.data()) % kBuckets;
}

std::uint64_t Throttle::take(std::string_view key, std::uint64_t now_ms) {
  const std::size_t bucket = bucket_of(key);
  const std::lock_guard lock(mutex_);
  const std::uint64_t full_at = std::max(full_at_ms_[bucket], now_ms);
  const std::uint64_t owed_ms = full_at - now_ms;
  const std::uint64_t free_ms = (rate_.burst - 1) * rate_.interval_ms;
  if (owed_ms > free_ms) return owed_ms - free_ms;
  full_at_ms_[bucket] = full_at + rate_.interval_ms;
  return 0;
}

void Throttle::forgive(std::string_view key) {
  const std::size_t bucket = bucket_of(key);
  const std::lock_guard lock(mutex_);
  full_at_ms_[bucket] = 0;
}

}  // namespace crossline::accounts
