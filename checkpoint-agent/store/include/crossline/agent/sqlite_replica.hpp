// The replica in a SQLite file. Deleting the file costs nothing but the time to fetch it from the server
// again.
#pragma once

#include "crossline/agent/ports.hpp"

#include <filesystem>
#include <memory>

namespace crossline::agent {

// One thread at a time.
class SqliteReplica final : public ReplicaStore {
 public:
  static Result<std::unique_ptr<SqliteReplica>> open(const std::filesystem::path& path);
  ~SqliteReplica() override;

  Result<ReplicaSummary> load() override;
  Result<std::optional<std::string>> find(const crypto::SubjectId& subject) override;
  Result<void> put(const ReplicaPiece& piece) override;
  Result<void> put_current_at(UtcMillis at) override;
  Result<void> put_seen_head(const wire::SignedHead& head, UtcMillis seen_at) override;
  Result<void> put_proven_head(const wire::SignedHead& head) override;
  Result<void> put_edition(const KeptEdition& edition) override;

 private:
  struct Connection;
  explicit SqliteReplica(std::unique_ptr<Connection> connection);
  Result<void> load_closures(ReplicaSummary& summary);
  Result<void> load_leases(ReplicaSummary& summary);
  Result<void> load_editions(ReplicaSummary& summary);
  std::unique_ptr<Connection> connection_;
};

}  // namespace crossline::agent
