// An index of the ledger in a file of its own, journals.db: how far each agent's journal has come and where
// its events stand (docs/formats/ledger.md, "The files"). Made from the ledger alone; it may lag behind it
// and may be deleted.
#pragma once

#include "journal_fold.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace crossline::server {

// What the index knows of one event. The ledger's entries from `position` on are not in it.
struct IndexedEvent {
  LedgerIndex position;
  std::uint64_t journal_size = 0;  // of the agent's journal, up to there
  std::optional<Run> run;          // that holds the event
};

// One thread at a time.
class SqliteJournals {
 public:
  // For writing; begins anew when the file is damaged or of a newer version, and `why_anew` says why.
  static Result<std::unique_ptr<SqliteJournals>> open(const std::filesystem::path& path,
                                                      std::string& why_anew);
  // For reading beside a writer. kUnavailable when there is no such file, other codes when it is of no use.
  static Result<std::unique_ptr<SqliteJournals>> open_reader(const std::filesystem::path& path);
  ~SqliteJournals();

  Result<JournalFold> load();
  Result<IndexedEvent> find(std::string_view agent, JournalIndex index);
  // Adds what is new in `fold`; all of it or nothing. Survives the process, not always a power failure.
  Result<void> save(const JournalFold& fold);
  Result<void> clear();

 private:
  struct State;
  explicit SqliteJournals(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossline::server
