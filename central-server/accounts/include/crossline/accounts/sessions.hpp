// Signing in and out, and knowing who asks.
#pragma once

#include "crossline/accounts/account_store.hpp"
#include "crossline/accounts/throttle.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crossline::accounts {

inline constexpr std::int64_t kIdleLimitMs = 15 * 60 * 1'000;
inline constexpr std::int64_t kSessionLimitMs = 8 * 60 * 60 * 1'000;
// The store hears of a session's use at most this often, so a session may end this much early, never late.
inline constexpr std::int64_t kTouchEveryMs = 30 * 1'000;
inline constexpr std::size_t kMaxSessionsPerAccount = 8;

// Whoever holds the token holds the session. 256 random bits; in the cookie as lower-case hex.
struct SessionToken {
  std::array<std::uint8_t, 32> bytes{};
  [[nodiscard]] std::string hex() const { return to_hex(bytes); }
};
// Nothing unless exactly 64 hexadecimal digits.
[[nodiscard]] std::optional<SessionToken> token_from_hex(std::string_view hex);

// What a page must send back with every change, bound to the session and useless for opening it:
// HMAC-SHA256(token, "crossline csrf 1"), hex.
[[nodiscard]] std::string csrf_token_of(const SessionToken& token);

// Who asks, once that is established.
struct Principal {
  std::string account;
  Party party = Party::kA;
  Role role = Role::kStaff;
  std::string language;
  UtcMillis session_ends_at;  // at the latest
};

enum class Use : std::uint8_t { kProlongs, kLooks };  // does this request count against idleness?

// Signs people in. A second factor, when it comes, goes between the password and the session in sign_in.
// Thread-safe; every call blocks on the store, sign_in on argon2 as well.
class Sessions {
 public:
  Sessions(AccountStore& store, const Clock& clock, Random& random);

  // How long this account or address has to wait before it may try again; 0 takes one attempt of each and
  // is to be followed by sign_in. Cheap, without blocking: asked before a hash is spent.
  [[nodiscard]] std::uint64_t wait_ms(std::string_view account, std::string_view address);

  struct SignedIn {
    SessionToken token;
    Principal principal;
  };
  // kUnauthenticated, with one and the same message and after the same work, for an unknown name, a wrong
  // password and a disabled account. Success forgives the account its failed attempts.
  Result<SignedIn> sign_in(std::string_view account, std::string_view password);

  // kUnauthenticated when there is no such session, it has expired or the account was disabled.
  Result<Principal> authenticate(const SessionToken& token, Use use = Use::kProlongs);

  // Ends the session, if there is one.
  Result<void> sign_out(const SessionToken& token);

  // Removes what has expired; to be called now and then.
  Result<std::size_t> sweep();

 private:
  AccountStore& store_;
  const Clock& clock_;
  Random& random_;
  Throttle per_account_;
  Throttle per_address_;
};

}  // namespace crossline::accounts
