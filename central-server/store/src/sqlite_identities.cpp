#include "crossline/server/sqlite_identities.hpp"

#include "crossline/sqlite/checkpointer.hpp"
#include "crossline/sqlite/database.hpp"
#include "crossline/sqlite/schema.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

namespace crossline::server {
namespace {

constexpr std::array<const char*, 1> kIdentitySteps = {R"sql(
  CREATE TABLE identity(
    id INTEGER PRIMARY KEY, subject BLOB NOT NULL, commitment BLOB NOT NULL, opening BLOB NOT NULL,
    identity BLOB NOT NULL);
  CREATE UNIQUE INDEX identity_commitment ON identity(commitment);
  CREATE INDEX identity_subject ON identity(subject);
)sql"};
constexpr sqlite::Schema kIdentitySchema{
    .name = "identity", .application_id = 0x436c4964, .steps = kIdentitySteps};  // "ClId"

Result<std::optional<IdentityRecord>> first_record(sqlite::Rows rows) {
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return std::nullopt;
  IdentityRecord record;
  CROSSLINE_TRY(record.subject, crypto::subject_from(rows.blob(0)));
  CROSSLINE_TRY(record.commitment, crypto::hash_from(rows.blob(1)));
  const ByteView opening = rows.blob(2);
  if (opening.size() != record.opening.size()) {
    return fail(ErrorCode::kCorruptData, "the opening of a commitment has {} bytes", opening.size());
  }
  std::copy(opening.begin(), opening.end(), record.opening.begin());
  record.identity = rows.text(3);
  return record;
}

}  // namespace

struct SqliteIdentities::State {
  std::mutex mutex;
  sqlite::Database database;
  sqlite::Statement insert;
  sqlite::Statement by_subject;
  sqlite::Statement by_commitment;

  State(sqlite::Database opened, sqlite::Statement put, sqlite::Statement latest, sqlite::Statement find)
      : database(std::move(opened)),
        insert(std::move(put)),
        by_subject(std::move(latest)),
        by_commitment(std::move(find)) {}
  std::unique_ptr<sqlite::Checkpointer> checkpointer;  // last: it ends before its writer
};

SqliteIdentities::SqliteIdentities(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteIdentities::~SqliteIdentities() = default;

Result<std::unique_ptr<SqliteIdentities>> SqliteIdentities::open(const std::filesystem::path& path) {
  CROSSLINE_TRY(auto database, sqlite::Database::open(path, {.checkpoint_pages = 0}));
  CROSSLINE_CHECK_OK(database.execute("PRAGMA secure_delete = ON"));
  CROSSLINE_CHECK_OK(sqlite::migrate(database, kIdentitySchema));
  CROSSLINE_TRY(auto insert, database.prepare("INSERT OR IGNORE INTO identity(subject, commitment, opening, "
                                              "identity) VALUES(?, ?, ?, ?)"));
  CROSSLINE_TRY(auto by_subject,
                database.prepare("SELECT subject, commitment, opening, identity FROM identity "
                                 "WHERE subject = ? ORDER BY id DESC LIMIT 1"));
  CROSSLINE_TRY(auto by_commitment,
                database.prepare("SELECT subject, commitment, opening, identity FROM identity "
                                 "WHERE commitment = ?"));
  auto state = std::make_unique<State>(std::move(database), std::move(insert), std::move(by_subject),
                                       std::move(by_commitment));
  CROSSLINE_TRY(state->checkpointer, sqlite::Checkpointer::start(path, state->database));
  return std::unique_ptr<SqliteIdentities>(new SqliteIdentities(std::move(state)));
}

Result<void> SqliteIdentities::put(std::span<const IdentityRecord> records) {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(state_->database));
  for (const IdentityRecord& record : records) {
    CROSSLINE_CHECK_OK(state_->insert.run(ByteView(record.subject.bytes), record.commitment.view(),
                                          ByteView(record.opening), as_bytes(record.identity)));
  }
  return transaction.commit();
}

Result<std::optional<IdentityRecord>> SqliteIdentities::latest(const crypto::SubjectId& subject) {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(auto rows, state_->by_subject.query(ByteView(subject.bytes)));
  return first_record(std::move(rows));
}

Result<std::optional<IdentityRecord>> SqliteIdentities::find(const crypto::Hash& commitment) {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(auto rows, state_->by_commitment.query(commitment.view()));
  return first_record(std::move(rows));
}

}  // namespace crossline::server
