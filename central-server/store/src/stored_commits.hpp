// The ledger's commits as they stand in its file, one after the other.
#pragma once

#include "crossline/sqlite/database.hpp"
#include "journal_fold.hpp"
#include "sqlite_journals.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace crossline::server {

// Belongs to the database's thread, and goes before it.
class StoredCommits {
 public:
  static Result<StoredCommits> of(sqlite::Database& database);

  // Whether a commit left the ledger at `range`.
  Result<bool> has_ended_at(const merkle::CompactRange& range);
  // Folds whole commits behind `fold`, until `enough` entries or the end: false when that was the end.
  // kCorruptData when entries are missing or do not lead to the root that was signed.
  Result<bool> fold_more(JournalFold& fold, std::size_t enough);
  // The run that holds event `index` of the agent's journal, of which `known` says where the index ends.
  // Reads every entry behind that.
  Result<std::optional<Run>> find(std::string_view agent, JournalIndex index, const IndexedEvent& known);

 private:
  StoredCommits(sqlite::Statement from, sqlite::Statement before)
      : from_(std::move(from)), before_(std::move(before)) {}

  sqlite::Statement from_;
  sqlite::Statement before_;
};

}  // namespace crossline::server
