// Identities in one SQLite file of their own, so that they can be erased, and guarded, apart from the ledger.
#pragma once

#include "crossline/server/ports.hpp"

#include <filesystem>
#include <memory>

namespace crossline::server {

// Deleted rows are overwritten. Thread-safe.
class SqliteIdentities final : public IdentityStore {
 public:
  static Result<std::unique_ptr<SqliteIdentities>> open(const std::filesystem::path& path);
  ~SqliteIdentities() override;

  Result<void> put(std::span<const IdentityRecord> records) override;
  Result<std::optional<IdentityRecord>> latest(const crypto::SubjectId& subject) override;
  Result<std::optional<IdentityRecord>> find(const crypto::Hash& commitment) override;

 private:
  struct State;
  explicit SqliteIdentities(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossline::server
