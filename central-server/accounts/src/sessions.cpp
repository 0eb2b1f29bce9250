#include "crossline/accounts/sessions.hpp"

#include "crossline/accounts/password.hpp"

#include <algorithm>

namespace crossline::accounts {
namespace {

constexpr Throttle::Rate kAccountRate{.burst = 10, .interval_ms = 30'000};
constexpr Throttle::Rate kAddressRate{.burst = 30, .interval_ms = 10'000};

std::unexpected<Error> not_signed_in() {
  return fail(ErrorCode::kUnauthenticated, "not signed in, or the session has ended");
}

bool has_expired(const Session& session, UtcMillis now) {
  return now.ms - session.started_at.ms >= kSessionLimitMs || now.ms - session.used_at.ms >= kIdleLimitMs;
}

Principal principal_of(const Account& account, UtcMillis started_at) {
  return {account.name, account.party, account.role, account.language, started_at.plus(kSessionLimitMs)};
}

}  // namespace

std::optional<SessionToken> token_from_hex(std::string_view hex) {
  SessionToken token;
  if (hex.size() != 2 * token.bytes.size()) return std::nullopt;
  const auto bytes = from_hex(hex);
  if (!bytes) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), token.bytes.begin());
  return token;
}

std::string csrf_token_of(const SessionToken& token) {
  return crypto::hmac_sha256(token.bytes, as_bytes("crossline csrf 1")).hex();
}

Sessions::Sessions(AccountStore& store, const Clock& clock, Random& random)
    : store_(store),
      clock_(clock),
      random_(random),
      per_account_(kAccountRate, random),
      per_address_(kAddressRate, random) {}

std::uint64_t Sessions::wait_ms(std::string_view account, std::string_view address) {
  const std::uint64_t now_ms = clock_.steady_ms();
  if (const auto wait = per_address_.take(address, now_ms); wait != 0) return wait;
  return per_account_.take(account, now_ms);
}

Result<Sessions::SignedIn> Sessions::sign_in(std::string_view account_name, std::string_view password) {
  CROSSLINE_TRY(const auto account, store_.find(account_name));
  CROSSLINE_TRY(const bool matches,
                verify_password(account ? account->password_hash : decoy_hash(), password));
  if (!account || !matches || account->disabled) {
    return fail(ErrorCode::kUnauthenticated, "the name or the password is wrong");
  }
  SignedIn signed_in;
  random_.fill(signed_in.token.bytes);
  const UtcMillis now = clock_.now();
  CROSSLINE_CHECK_OK(store_.add_session({crypto::sha256(signed_in.token.bytes), account->name, now, now},
                                        kMaxSessionsPerAccount));
  per_account_.forgive(account_name);
  signed_in.principal = principal_of(*account, now);
  return signed_in;
}

Result<Principal> Sessions::authenticate(const SessionToken& token, Use use) {
  const crypto::Hash token_hash = crypto::sha256(token.bytes);
  CROSSLINE_TRY(const auto session, store_.find_session(token_hash));
  if (!session) return not_signed_in();
  const UtcMillis now = clock_.now();
  if (has_expired(*session, now)) {
    CROSSLINE_CHECK_OK(store_.end_session(token_hash));
    return not_signed_in();
  }
  CROSSLINE_TRY(const auto account, store_.find(session->account));
  if (!account || account->disabled) return not_signed_in();
  if (use == Use::kProlongs && now.ms - session->used_at.ms >= kTouchEveryMs) {
    CROSSLINE_CHECK_OK(store_.touch_session(token_hash, now));
  }
  return principal_of(*account, session->started_at);
}

Result<void> Sessions::sign_out(const SessionToken& token) {
  return store_.end_session(crypto::sha256(token.bytes));
}

Result<std::size_t> Sessions::sweep() {
  const UtcMillis now = clock_.now();
  return store_.end_sessions_before(now.plus(-kSessionLimitMs), now.plus(-kIdleLimitMs));
}

}  // namespace crossline::accounts
