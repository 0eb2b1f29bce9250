// Slows down whoever guesses passwords.
#pragma once

#include "crossline/base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

namespace crossline::accounts {

// Token buckets in a table of fixed size. A key (an account name, a network address) finds its bucket
// through a keyed hash, so nobody can choose whom to share one with, and no flood of keys can push a bucket
// out. Whether an account exists makes no difference. Thread-safe.
class Throttle {
 public:
  struct Rate {
    std::uint32_t burst;        // attempts that are free
    std::uint64_t interval_ms;  // then one attempt in this time
  };
  static constexpr std::size_t kBuckets = 4'096;

  Throttle(Rate rate, Random& random);

  // Takes one attempt: 0 when it may go on, otherwise how long to wait, and nothing is taken.
  [[nodiscard]] std::uint64_t take(std::string_view key, std::uint64_t now_ms);
  // Gives back all that `key` has used: its owner has proven who they are.
  void forgive(std::string_view key);

 private:
  [[nodiscard]] std::size_t bucket_of(std::string_view key) const;

  const Rate rate_;
  std::array<std::uint8_t, 32> secret_{};
  std::mutex mutex_;
  // Per bucket the time at which it will be full again, as in the generic cell rate algorithm.
  std::vector<std::uint64_t> full_at_ms_;
};

}  // namespace crossline::accounts
