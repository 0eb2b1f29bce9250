// The people who may sign in to the server, and what a name and a password must be like. Pure.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crossline::accounts {

enum class Party : std::uint8_t { kA, kB, kGuarantor };  // "A", "B", "G"

enum class Role : std::uint8_t { kStaff, kShiftLead, kSupervisor, kNegotiator, kAuditor, kAdministrator };
inline constexpr std::array kRoles{Role::kStaff,      Role::kShiftLead, Role::kSupervisor,
                                   Role::kNegotiator, Role::kAuditor,   Role::kAdministrator};

[[nodiscard]] std::string_view name_of(Party party);
// "staff", "shift_lead", "supervisor", "negotiator", "auditor", "administrator".
[[nodiscard]] std::string_view name_of(Role role);
[[nodiscard]] std::optional<Party> party_from(std::string_view name);
[[nodiscard]] std::optional<Role> role_from(std::string_view name);

// One person's account. The name stands in the ledger beside what the person does, so it is an identifier
// ("a.supervisor1"), not a person's name, and it is never given to somebody else.
struct Account {
  std::string name;
  Party party = Party::kA;
  Role role = Role::kStaff;
  std::string language = "en";  // of the pages
  std::string password_hash;    // argon2id, encoded; see password.hpp
  bool disabled = false;
  UtcMillis created_at;
  UtcMillis password_set_at;
  friend bool operator==(const Account&, const Account&) = default;
};

inline constexpr std::size_t kMinNameBytes = 2;
inline constexpr std::size_t kMaxNameBytes = 64;  // an officer's name in an event has the same bound
inline constexpr std::size_t kMinPasswordCharacters = 12;
inline constexpr std::size_t kMaxPasswordBytes = 256;

// Lower-case letters, digits, '.', '_' and '-', beginning with a letter. kInvalidArgument, saying what is
// wrong.
Result<void> check_name(std::string_view name);

// A language tag of two or three lower-case letters ("en", "ru"). kInvalidArgument otherwise.
Result<void> check_language(std::string_view language);

// Long enough, well-formed UTF-8 without control characters, at least five different characters, and
// without the account's name in it (whatever the case of ASCII letters). kInvalidArgument otherwise; the
// message never repeats the password.
Result<void> check_password(std::string_view password, std::string_view account_name);

}  // namespace crossline::accounts
