// The journal in a SQLite file (docs/formats/journal.md).
#pragma once

#include "crossline/agent/ports.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace crossline::agent {

// One thread at a time. The file is made readable by its owner alone: it holds identities.
class SqliteJournal final : public JournalStore {
 public:
  // `vfs` names a SQLite file system, for tests that inject faults; empty: the system's own.
  static Result<std::unique_ptr<SqliteJournal>> open(std::filesystem::path path, std::string vfs = {});
  ~SqliteJournal() override;

  Result<JournalTail> load() override;
  Result<void> append(std::span<const JournalRecord> records,
                      const merkle::CompactRange& range_after) override;
  Result<std::vector<JournalRecord>> read(JournalIndex first, std::size_t count) override;
  Result<void> acknowledge(JournalIndex first, std::span<const LedgerIndex> places) override;
  Result<std::optional<crypto::Hash>> identity_of(const crypto::SubjectId& subject) override;

 private:
  struct Connection;
  SqliteJournal(std::filesystem::path path, std::string vfs);
  Result<void> reopen();
  Result<void> write(std::span<const JournalRecord> records, const merkle::CompactRange& range_after);

  std::filesystem::path path_;
  std::string vfs_;
  std::unique_ptr<Connection> connection_;
  bool in_doubt_ = false;  // a write failed: only a new connection tells what is there
};

}  // namespace crossline::agent
