// An AccountStore in memory, for tests: passes the same contract as the one on disk.
#pragma once

#include "crossline/accounts/account_store.hpp"

#include <algorithm>
#include <map>
#include <mutex>

namespace crossline::testing {

class MemoryAccounts final : public accounts::AccountStore {
 public:
  Result<void> add(const accounts::Account& account) override {
    const std::lock_guard lock(mutex_);
    if (!accounts_.emplace(account.name, account).second) {
      return fail(ErrorCode::kConflict, "there is an account {} already", account.name);
    }
    return {};
  }
  Result<void> update(const accounts::Account& account) override {
    const std::lock_guard lock(mutex_);
    const auto found = accounts_.find(account.name);
    if (found == accounts_.end()) return fail(ErrorCode::kNotFound, "there is no account {}", account.name);
    found->second = account;
    std::erase_if(sessions_, [&](const auto& entry) { return entry.second.account == account.name; });
    return {};
  }
  Result<std::optional<accounts::Account>> find(std::string_view name) override {
    const std::lock_guard lock(mutex_);
    const auto found = accounts_.find(name);
    if (found == accounts_.end()) return std::nullopt;
    return found->second;
  }
  Result<std::vector<accounts::Account>> list() override {
    const std::lock_guard lock(mutex_);
    std::vector<accounts::Account> all;
    for (const auto& [name, account] : accounts_) all.push_back(account);
    return all;
  }

  Result<void> add_session(const accounts::Session& session, std::size_t max_sessions) override {
    const std::lock_guard lock(mutex_);
    if (!accounts_.contains(session.account)) {
      return fail(ErrorCode::kNotFound, "there is no account {}", session.account);
    }
    if (!sessions_.emplace(session.token_hash, session).second) {
      return fail(ErrorCode::kConflict, "the session is there already");
    }
    while (count_of(session.account) > max_sessions) sessions_.erase(oldest_of(session.account));
    return {};
  }
  Result<std::optional<accounts::Session>> find_session(const crypto::Hash& token_hash) override {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(token_hash);
    if (found == sessions_.end()) return std::nullopt;
    return found->second;
  }
  Result<void> touch_session(const crypto::Hash& token_hash, UtcMillis used_at) override {
    const std::lock_guard lock(mutex_);
    if (const auto found = sessions_.find(token_hash); found != sessions_.end())
      found->second.used_at = used_at;
    return {};
  }
  Result<void> end_session(const crypto::Hash& token_hash) override {
    const std::lock_guard lock(mutex_);
    sessions_.erase(token_hash);
    return {};
  }
  Result<std::size_t> end_sessions_before(UtcMillis started, UtcMillis used) override {
    const std::lock_guard lock(mutex_);
    return std::erase_if(sessions_, [&](const auto& entry) {
      return entry.second.started_at < started || entry.second.used_at < used;
    });
  }

 private:
  using Sessions = std::map<crypto::Hash, accounts::Session>;
  [[nodiscard]] std::size_t count_of(const std::string& account) const {
    return static_cast<std::size_t>(std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& entry) {
      return entry.second.account == account;
    }));
  }
  [[nodiscard]] Sessions::iterator oldest_of(const std::string& account) {
    auto oldest = sessions_.end();
    for (auto it = sessions_.begin(); it != sessions_.end(); ++it) {
      if (it->second.account != account) continue;
      if (oldest == sessions_.end() || it->second.used_at < oldest->second.used_at) oldest = it;
    }
    return oldest;
  }

  std::mutex mutex_;
  std::map<std::string, accounts::Account, std::less<>> accounts_;
  Sessions sessions_;
};

}  // namespace crossline::testing
