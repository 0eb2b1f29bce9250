// Passwords as argon2id hashes (RFC 9106). libargon2 stays behind the .cpp file.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/base/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace crossline::accounts {

// What one hash costs: 19 MiB of memory for tens of milliseconds. Never run it on an I/O thread, and bound
// how many run at once.
inline constexpr std::uint32_t kArgon2MemoryKib = 19 * 1024;
inline constexpr std::uint32_t kArgon2Passes = 2;
inline constexpr std::uint32_t kArgon2Lanes = 1;

// "$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>" with a fresh salt of 16 bytes. kBusy when there is no
// memory for it.
Result<std::string> hash_password(std::string_view password, Random& random);

// False for a wrong password; kCorruptData when `encoded` is not an argon2id hash, kBusy without memory.
Result<bool> verify_password(std::string_view encoded, std::string_view password);

// A hash of full cost that no password has: verified in place of one that does not exist, so that the time of
// an answer does not tell which accounts there are.
[[nodiscard]] const std::string& decoy_hash();

}  // namespace crossline::accounts
