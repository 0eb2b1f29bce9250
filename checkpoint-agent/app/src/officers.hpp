// Who may work at the desk: officers.toml, and PINs hashed with argon2id.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/base/time.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::agent {

inline constexpr std::size_t kMinPinBytes = 4;
inline constexpr std::size_t kMaxPinBytes = 32;

struct OfficerRecord {
  std::string id;
  std::string pin_hash;  // "$argon2id$v=19$m=19456,t=2,p=1$..."
  std::string language;
  std::vector<std::string> roles;
};

// A value type.
class Officers {
 public:
  // kMalformed with the place; kForbidden when others may read the file.
  static Result<Officers> read(const std::filesystem::path& path);
  [[nodiscard]] std::string to_toml() const;

  [[nodiscard]] const std::vector<OfficerRecord>& all() const { return records_; }
  [[nodiscard]] const OfficerRecord* find(std::string_view id) const;
  // Adds, or replaces the one of that id. kInvalidArgument for an id, language or role that is none.
  Result<void> put(OfficerRecord record);

 private:
  std::vector<OfficerRecord> records_;
};

// Takes tens of milliseconds and 19 MiB: not for an I/O thread. kInvalidArgument for a PIN of another length.
Result<std::string> hash_pin(std::string_view pin, Random& random);
[[nodiscard]] bool verify_pin(std::string_view pin, const std::string& pin_hash);

// Slows down whoever tries PINs. One thread at a time.
class PinGate {
 public:
  // How long to wait before the next attempt; 0 when it may be made.
  [[nodiscard]] std::uint64_t wait_ms(std::uint64_t now_ms) const;
  void failed(std::uint64_t now_ms);
  void passed() { failures_ = 0; }

 private:
  std::uint64_t failures_ = 0;
  std::uint64_t closed_until_ms_ = 0;
};

}  // namespace crossline::agent
