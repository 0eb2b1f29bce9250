// Keeps the index of journals up with the ledger, on a thread of its own: a commit need not wait for it.
#pragma once

#include "crossline/server/sqlite_ledger.hpp"
#include "crossline/sqlite/database.hpp"
#include "journal_fold.hpp"
#include "sqlite_journals.hpp"
#include "stored_commits.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace crossline::server {

// The index follows the ledger by at most about this, so that what is looked for behind it is found soon.
inline constexpr std::size_t kIndexEntries = 4'096;
inline constexpr std::chrono::seconds kIndexInterval{1};

// The index of the ledger in the file `ledger`.
[[nodiscard]] std::filesystem::path journals_file(const std::filesystem::path& ledger);

class JournalIndexer {
 public:
  // Catches up first; says why and how far when the index is made again. kCorruptData as of
  // StoredCommits::fold_more.
  static Result<std::unique_ptr<JournalIndexer>> start(const std::filesystem::path& ledger,
                                                       const SqliteLedger::Say& say);
  ~JournalIndexer();
  JournalIndexer(const JournalIndexer&) = delete;
  JournalIndexer& operator=(const JournalIndexer&) = delete;

  // The ledger has grown; any thread, waits for nobody. Fails once the index could not be kept.
  Result<void> note(TreeSize size);

 private:
  JournalIndexer(std::unique_ptr<sqlite::Database> database, StoredCommits commits,
                 std::unique_ptr<SqliteJournals> journals);
  // Takes the index as it is, or empties it and adds to `why_anew`.
  Result<void> begin(std::string& why_anew);
  Result<void> catch_up(const std::string& why_anew, const SqliteLedger::Say& say);
  Result<bool> advance_once();
  Result<void> advance();
  [[nodiscard]] bool is_due() const { return size_.value() >= indexed_.value() + kIndexEntries; }
  void work();

  std::unique_ptr<sqlite::Database> database_;
  StoredCommits commits_;
  std::unique_ptr<SqliteJournals> journals_;
  JournalFold fold_;  // the thread's, once it runs
  std::mutex mutex_;
  std::condition_variable due_;
  TreeSize size_;     // of the ledger
  TreeSize indexed_;  // of it
  bool stopping_ = false;
  std::optional<Error> failure_;
  std::jthread thread_;  // last: it uses the rest
};

}  // namespace crossline::server
