// Accounts and sessions in an SQLite file.
#pragma once

#include "crossline/accounts/account_store.hpp"

#include <filesystem>
#include <memory>

namespace crossline::accounts {

// One file, which only its owner may read. Thread-safe: calls take turns on one connection. The command line
// may change accounts while a server runs; the server sees it with its next request.
class SqliteAccounts final : public AccountStore {
 public:
  // Creates the file when there is none. kUnavailable, kCorruptData, kUnsupported; see sqlite/database.hpp.
  static Result<std::unique_ptr<SqliteAccounts>> open(const std::filesystem::path& path);
  ~SqliteAccounts() override;

  Result<void> add(const Account& account) override;
  Result<void> update(const Account& account) override;
  Result<std::optional<Account>> find(std::string_view name) override;
  Result<std::vector<Account>> list() override;
  Result<void> add_session(const Session& session, std::size_t max_sessions) override;
  Result<std::optional<Session>> find_session(const crypto::Hash& token_hash) override;
  Result<void> touch_session(const crypto::Hash& token_hash, UtcMillis used_at) override;
  Result<void> end_session(const crypto::Hash& token_hash) override;
  Result<std::size_t> end_sessions_before(UtcMillis started, UtcMillis used) override;

 private:
  struct State;
  explicit SqliteAccounts(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossline::accounts
