#include "crossline/agent/sqlite_journal.hpp"

#include "crossline/crypto/sha256.hpp"
#include "crossline/merkle/range_bytes.hpp"
#include "crossline/sqlite/database.hpp"
#include "crossline/sqlite/schema.hpp"

#include <system_error>
#include <utility>

namespace crossline::agent {
namespace {

constexpr const char* kJournalSteps[] = {
    R"(CREATE TABLE event (
         journal_index INTEGER NOT NULL PRIMARY KEY,
         bytes BLOB NOT NULL,
         head_signature BLOB NOT NULL,
         subject BLOB,
         opening BLOB,
         identity BLOB,
         placed INTEGER
       ) STRICT;
       CREATE TABLE tail (
         only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
         size INTEGER NOT NULL,
         hashes BLOB NOT NULL,
         acknowledged INTEGER NOT NULL
       ) STRICT;
       INSERT INTO tail VALUES (1, 0, x'', 0);
       CREATE TABLE last_identity (
         subject BLOB NOT NULL PRIMARY KEY,
         hash BLOB NOT NULL
       ) STRICT, WITHOUT ROWID;)"};
constexpr sqlite::Schema kJournalSchema{"journal", 0x436C4A6E /* "ClJn" */, kJournalSteps};

constexpr std::size_t kJournalCacheKib = 512;

// Acknowledgements may be lost, so they do not wait for the disk. The next event's sync takes them along:
// there is one log for both.
class WithoutSync {
 public:
  static Result<WithoutSync> begin(sqlite::Database& database) {
    CROSSLINE_CHECK_OK(database.execute("PRAGMA synchronous = NORMAL"));
    return WithoutSync(&database);
  }
  WithoutSync(WithoutSync&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  WithoutSync& operator=(WithoutSync&&) = delete;
  ~WithoutSync() {
    if (database_ != nullptr) CROSSLINE_ASSERT(database_->execute("PRAGMA synchronous = FULL").has_value());
  }

 private:
  explicit WithoutSync(sqlite::Database* database) : database_(database) {}
  sqlite::Database* database_;
};

Result<JournalRecord> record_of(const sqlite::Rows& row) {
  JournalRecord record;
  record.event = as_text(row.blob(0));
  CROSSLINE_TRY(record.head_signature, crypto::signature_from(row.blob(1)));
  if (!row.is_null(4)) {
    IdentityBeside beside;
    CROSSLINE_TRY(beside.subject, crypto::subject_from(row.blob(2)));
    const ByteView opening = row.blob(3);
    if (opening.size() != beside.opening.size())
      return fail(ErrorCode::kCorruptData, "journal: an opening of {} bytes", opening.size());
    std::copy(opening.begin(), opening.end(), beside.opening.begin());
    beside.identity = as_text(row.blob(4));
    record.identity = std::move(beside);
  }
  if (!row.is_null(5)) record.placed = LedgerIndex(row.number(5));
  return record;
}

}  // namespace

struct SqliteJournal::Connection {
  sqlite::Database database;
  sqlite::Statement load, add, read, set_tail, set_identity, find_identity, place, acknowledge;

  static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& path, const std::string& vfs) {
    CROSSLINE_TRY(auto database, sqlite::Database::open(path, {.durability = sqlite::Durability::kFull,
                                                               .cache_kib = kJournalCacheKib,
                                                               .vfs = vfs}));
    using std::filesystem::perms;
    std::error_code error;
    std::filesystem::permissions(path, perms::owner_read | perms::owner_write, error);
    if (error) return fail(ErrorCode::kUnavailable, "{}: {}", path.string(), error.message());
    CROSSLINE_CHECK_OK(sqlite::migrate(database, kJournalSchema));

    CROSSLINE_TRY(auto load, database.prepare("SELECT size, hashes, acknowledged FROM tail"));
    CROSSLINE_TRY(auto add, database.prepare("INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)"));
    CROSSLINE_TRY(
        auto read,
        database.prepare("SELECT bytes, head_signature, subject, opening, identity, placed FROM event "
                         "WHERE journal_index >= ?1 ORDER BY journal_index LIMIT ?2"));
    CROSSLINE_TRY(auto set_tail, database.prepare("UPDATE tail SET size = ?1, hashes = ?2"));
    CROSSLINE_TRY(auto set_identity,
                  database.prepare("INSERT OR REPLACE INTO last_identity VALUES (?1, ?2)"));
    CROSSLINE_TRY(auto find_identity, database.prepare("SELECT hash FROM last_identity WHERE subject = ?1"));
    CROSSLINE_TRY(auto place, database.prepare("UPDATE event SET placed = ?2 WHERE journal_index = ?1"));
    CROSSLINE_TRY(auto acknowledge, database.prepare("UPDATE tail SET acknowledged = max(acknowledged, ?1)"));
    return std::unique_ptr<Connection>(new Connection{
        std::move(database), std::move(load), std::move(add), std::move(read), std::move(set_tail),
        std::move(set_identity), std::move(find_identity), std::move(place), std::move(acknowledge)});
  }
};

SqliteJournal::SqliteJournal(std::filesystem::path path, std::string vfs)
    : path_(std::move(path)), vfs_(std::move(vfs)) {}
SqliteJournal::~SqliteJournal() = default;

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(std::filesystem::path path, std::string vfs) {
  std::unique_ptr<SqliteJournal> journal(new SqliteJournal(std::move(path), std::move(vfs)));
  CROSSLINE_CHECK_OK(journal->reopen());
  return journal;
}

// A failed sync may leave pages in memory that the kernel takes for written. Moving the log into the file and
// syncing that writes every page that a reader can see once more, so that what is read here is on the disk.
Result<void> SqliteJournal::reopen() {
  connection_.reset();
  CROSSLINE_TRY(connection_, Connection::open(path_, vfs_));
  if (in_doubt_) {
    CROSSLINE_TRY(const std::int64_t busy,
                  connection_->database.query_number("PRAGMA wal_checkpoint(TRUNCATE)"));
    if (busy != 0) return fail(ErrorCode::kBusy, "{}: another process reads it", path_.string());
  }
  in_doubt_ = false;
  return {};
}

Result<JournalTail> SqliteJournal::load() {
  if (in_doubt_ || !connection_) CROSSLINE_CHECK_OK(reopen());
  CROSSLINE_TRY(auto rows, connection_->load.query());
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return fail(ErrorCode::kCorruptData, "{}: the tail is missing", path_.string());
  JournalTail tail;
  CROSSLINE_TRY(tail.range, merkle::range_from(TreeSize(rows.number(0)), rows.blob(1)));
  tail.acknowledged = TreeSize(rows.number(2));
  return tail;
}

Result<void> SqliteJournal::append(std::span<const JournalRecord> records,
                                   const merkle::CompactRange& range_after) {
  if (in_doubt_ || !connection_)
    return fail(ErrorCode::kStorageFailed, "{}: an earlier write failed and was not looked after",
                path_.string());
  auto written = write(records, range_after);
  in_doubt_ = !written.has_value();
  return written;
}

Result<void> SqliteJournal::write(std::span<const JournalRecord> records,
                                  const merkle::CompactRange& range_after) {
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(connection_->database));
  std::uint64_t index = range_after.size().value() - records.size();
  for (const JournalRecord& record : records) {
    std::optional<ByteView> subject;
    std::optional<ByteView> opening;
    std::optional<ByteView> identity;
    if (record.identity) {
      subject = record.identity->subject.bytes;
      opening = record.identity->opening;
      identity = as_bytes(record.identity->identity);
      CROSSLINE_CHECK_OK(connection_->set_identity.run(*subject, crypto::sha256(*identity).view()));
    }
    CROSSLINE_CHECK_OK(connection_->add.run(
        index++, as_bytes(record.event), ByteView(record.head_signature.bytes), subject, opening, identity));
  }
  const Bytes hashes = merkle::range_bytes(range_after);
  CROSSLINE_CHECK_OK(connection_->set_tail.run(range_after.size().value(), ByteView(hashes)));
  return transaction.commit();
}

Result<std::vector<JournalRecord>> SqliteJournal::read(JournalIndex first, std::size_t count) {
  if (!connection_) return fail(ErrorCode::kStorageFailed, "{}: not open", path_.string());
  std::vector<JournalRecord> records;
  CROSSLINE_TRY(auto rows, connection_->read.query(first.value(), count));
  for (;;) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return records;
    CROSSLINE_TRY(auto record, record_of(rows));
    records.push_back(std::move(record));
  }
}

Result<void> SqliteJournal::acknowledge(JournalIndex first, std::span<const LedgerIndex> places) {
  if (!connection_) return fail(ErrorCode::kStorageFailed, "{}: not open", path_.string());
  CROSSLINE_TRY(const auto without_sync, WithoutSync::begin(connection_->database));
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(connection_->database));
  std::uint64_t index = first.value();
  for (const LedgerIndex place : places) CROSSLINE_CHECK_OK(connection_->place.run(index++, place.value()));
  CROSSLINE_CHECK_OK(connection_->acknowledge.run(index));
  return transaction.commit();
}

Result<std::optional<crypto::Hash>> SqliteJournal::identity_of(const crypto::SubjectId& subject) {
  if (!connection_) return fail(ErrorCode::kStorageFailed, "{}: not open", path_.string());
  CROSSLINE_TRY(auto rows, connection_->find_identity.query(ByteView(subject.bytes)));
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return std::nullopt;
  CROSSLINE_TRY(const auto hash, crypto::hash_from(rows.blob(0)));
  return hash;
}

}  // namespace crossline::agent
