#include "crossline/accounts/password.hpp"

#include <array>

#include <argon2.h>
#include <fmt/format.h>

namespace crossline::accounts {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

}  // namespace

Result<std::string> hash_password(std::string_view password, Random& random) {
  std::array<std::uint8_t, kSaltBytes> salt;
  random.fill(salt);
  std::string encoded(
      argon2_encodedlen(kArgon2Passes, kArgon2MemoryKib, kArgon2Lanes, kSaltBytes, kHashBytes, Argon2_id),
      '\0');
  const int code =
      argon2id_hash_encoded(kArgon2Passes, kArgon2MemoryKib, kArgon2Lanes, password.data(), password.size(),
                            salt.data(), salt.size(), kHashBytes, encoded.data(), encoded.size());
  if (code != ARGON2_OK) {
    return fail(ErrorCode::kBusy, "cannot hash a password: {}", argon2_error_message(code));
  }
  encoded.resize(encoded.find('\0'));
  return encoded;
}

Result<bool> verify_password(std::string_view encoded, std::string_view password) {
  const int code = argon2id_verify(std::string(encoded).c_str(), password.data(), password.size());
  if (code == ARGON2_OK) return true;
  if (code == ARGON2_VERIFY_MISMATCH) return false;
  if (code == ARGON2_MEMORY_ALLOCATION_ERROR) {
    return fail(ErrorCode::kBusy, "cannot verify a password: {}", argon2_error_message(code));
  }
  return fail(ErrorCode::kCorruptData, "a stored password hash is damaged: {}", argon2_error_message(code));
}

const std::string& decoy_hash() {
  // 16 bytes of salt and 32 of hash, all zero, in base64 without padding.
  static const std::string hash = fmt::format("$argon2id$v=19$m={},t={},p={}${:A<22}${:A<43}",
                                              kArgon2MemoryKib, kArgon2Passes, kArgon2Lanes, "", "");
  return hash;
}

}  // namespace crossline::accounts
