#include "crossline/runtime/system_clock.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/bytes.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/runtime/file.hpp"

#include <ctime>

namespace crossline::runtime {
namespace {

std::int64_t read_ms(clockid_t id) {
  timespec time{};
  CROSSLINE_ASSERT(::clock_gettime(id, &time) == 0);
  return std::int64_t{time.tv_sec} * 1'000 + time.tv_nsec / 1'000'000;
}

}  // namespace

UtcMillis SystemClock::now() const {
  return {read_ms(CLOCK_REALTIME)};
}

std::uint64_t SystemClock::steady_ms() const {
  return static_cast<std::uint64_t>(read_ms(CLOCK_BOOTTIME));
}

Result<std::uint64_t> boot_id() {
  constexpr std::size_t kMaxBootIdBytes = 64;
  CROSSLINE_TRY(const auto text, read_text_file("/proc/sys/kernel/random/boot_id", kMaxBootIdBytes));
  return load_u64_be(crypto::sha256(as_bytes(text)).bytes.data());
}

}  // namespace crossline::runtime
