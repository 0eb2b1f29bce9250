// The port through which accounts and sessions are kept.
#pragma once

#include "crossline/accounts/account.hpp"
#include "crossline/crypto/sha256.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::accounts {

// A session as it is kept: whoever reads the store cannot act as the person, since only the token opens it.
struct Session {
  crypto::Hash token_hash;  // SHA-256 of the token
  std::string account;
  UtcMillis started_at;
  UtcMillis used_at;  // coarse: see kTouchEveryMs in sessions.hpp
  friend bool operator==(const Session&, const Session&) = default;
};

// Synchronous; calls block, so keep them off I/O threads. Thread-safe. What a call changed is durable when it
// returns, but for touch_session. After a failure nothing has changed: kStorageFailed, kStorageFull.
class AccountStore {
 public:
  virtual ~AccountStore() = default;

  // kConflict when the name is taken, by a disabled account too.
  virtual Result<void> add(const Account& account) = 0;
  // Replaces the account of that name and ends its sessions. kNotFound.
  virtual Result<void> update(const Account& account) = 0;
  virtual Result<std::optional<Account>> find(std::string_view name) = 0;
  // Ordered by name.
  virtual Result<std::vector<Account>> list() = 0;

  // kNotFound when there is no such account, kConflict when the hash is taken. Keeps at most `max_sessions`
  // of the account: the ones used least recently give way.
  virtual Result<void> add_session(const Session& session, std::size_t max_sessions) = 0;
  virtual Result<std::optional<Session>> find_session(const crypto::Hash& token_hash) = 0;
  // Does nothing when there is no such session.
  virtual Result<void> touch_session(const crypto::Hash& token_hash, UtcMillis used_at) = 0;
  virtual Result<void> end_session(const crypto::Hash& token_hash) = 0;
  // Ends every session started before `started` or last used before `used`; returns how many.
  virtual Result<std::size_t> end_sessions_before(UtcMillis started, UtcMillis used) = 0;
};

}  // namespace crossline::accounts
