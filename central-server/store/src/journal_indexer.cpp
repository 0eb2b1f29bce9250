#include "journal_indexer.hpp"

#include <utility>

namespace crossline::server {
namespace {

constexpr std::uint64_t kReportEntries = 1'000'000;  // folded between two words about it

}  // namespace

std::filesystem::path journals_file(const std::filesystem::path& ledger) {
  return std::filesystem::path(ledger).replace_filename("journals.db");
}

Result<std::unique_ptr<JournalIndexer>> JournalIndexer::start(const std::filesystem::path& ledger,
                                                              const SqliteLedger::Say& say) {
  std::error_code ignored;  // a file that cannot be looked at cannot be opened either
  std::string why_anew =
      std::filesystem::exists(journals_file(ledger), ignored) ? std::string() : "it was missing";
  CROSSLINE_TRY(auto database, sqlite::Database::open(ledger, {.read_only = true}));
  CROSSLINE_TRY(auto journals, SqliteJournals::open(journals_file(ledger), why_anew));
  auto own = std::make_unique<sqlite::Database>(std::move(database));
  CROSSLINE_TRY(auto commits, StoredCommits::of(*own));
  auto indexer = std::unique_ptr<JournalIndexer>(
      new JournalIndexer(std::move(own), std::move(commits), std::move(journals)));
  CROSSLINE_CHECK_OK(indexer->begin(why_anew));
  CROSSLINE_CHECK_OK(indexer->catch_up(why_anew, say));
  indexer->thread_ = std::jthread([raw = indexer.get()] { raw->work(); });
  return indexer;
}

JournalIndexer::JournalIndexer(std::unique_ptr<sqlite::Database> database, StoredCommits commits,
                               std::unique_ptr<SqliteJournals> journals)
    : database_(std::move(database)), commits_(std::move(commits)), journals_(std::move(journals)) {}

JournalIndexer::~JournalIndexer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  due_.notify_one();
}

Result<void> JournalIndexer::note(TreeSize size) {
  const std::lock_guard lock(mutex_);
  if (failure_) return std::unexpected(*failure_);
  const bool was_due = is_due();
  size_ = size;
  if (is_due() != was_due) due_.notify_one();
  return {};
}

// An index of another ledger, or of one that was longer, is of no use.
Result<void> JournalIndexer::begin(std::string& why_anew) {
  auto fold = journals_->load();
  if (fold) {
    CROSSLINE_TRY(const bool fits, commits_.has_ended_at(fold->range()));
    if (fits) {
      fold_ = *std::move(fold);
      return {};
    }
    why_anew = "it was of another ledger, or of one that was longer";
  } else {
    why_anew = fold.error().message;
  }
  return journals_->clear();
}

Result<void> JournalIndexer::catch_up(const std::string& why_anew, const SqliteLedger::Say& say) {
  if (!say) return advance();
  CROSSLINE_TRY(const std::int64_t has_entries,
                database_->query_number("SELECT EXISTS(SELECT 1 FROM bundle)"));
  const bool anew = !why_anew.empty() && has_entries != 0;
  if (anew) say(fmt::format("journals.db is made again from the whole ledger: {}", why_anew));
  std::uint64_t said = fold_.range().size().value();
  for (bool more = true; more;) {
    CROSSLINE_TRY(more, advance_once());
    const std::uint64_t folded = fold_.range().size().value();
    if (folded < said + kReportEntries && (more || !anew)) continue;
    said = folded;
    say(fmt::format("journals.db holds {} ledger entries", folded));
  }
  return {};
}

// False at the ledger's end.
Result<bool> JournalIndexer::advance_once() {
  CROSSLINE_TRY(const bool more, commits_.fold_more(fold_, kIndexEntries));
  if (fold_.runs().empty()) return more;
  CROSSLINE_CHECK_OK(journals_->save(fold_));
  fold_.settle();
  return more;
}

Result<void> JournalIndexer::advance() {
  for (bool more = true; more;) {
    CROSSLINE_TRY(more, advance_once());
  }
  return {};
}

void JournalIndexer::work() {
  std::unique_lock lock(mutex_);
  indexed_ = size_ = fold_.range().size();
  while (!stopping_ && !failure_) {
    due_.wait_for(lock, kIndexInterval, [this] { return stopping_ || is_due(); });
    if (stopping_ || size_ <= indexed_) continue;
    lock.unlock();
    const auto advanced = advance();
    lock.lock();
    if (!advanced) failure_ = advanced.error();
    indexed_ = fold_.range().size();
  }
}

}  // namespace crossline::server
