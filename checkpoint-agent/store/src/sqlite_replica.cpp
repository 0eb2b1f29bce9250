#include "crossline/agent/sqlite_replica.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/sqlite/database.hpp"
#include "crossline/sqlite/schema.hpp"

#include <utility>

namespace crossline::agent {
namespace {

constexpr const char* kSteps[] = {
    R"(CREATE TABLE subject (
         id BLOB NOT NULL PRIMARY KEY,
         status INTEGER NOT NULL,
         came_from INTEGER NOT NULL,
         since_ms INTEGER NOT NULL,
         checkpoint TEXT NOT NULL
       ) STRICT, WITHOUT ROWID;
       CREATE TABLE listed (
         subject BLOB NOT NULL,
         list TEXT NOT NULL,
         PRIMARY KEY (subject, list)
       ) STRICT, WITHOUT ROWID;
       CREATE TABLE closure (
         number INTEGER PRIMARY KEY,
         checkpoint TEXT NOT NULL,
         lifted INTEGER NOT NULL,
         from_ms INTEGER NOT NULL,
         until_ms INTEGER NOT NULL,
         reason TEXT NOT NULL,
         party TEXT NOT NULL
       ) STRICT;
       CREATE TABLE summary (
         only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
         position INTEGER NOT NULL,
         current_at_ms INTEGER NOT NULL,
         ledger_size INTEGER NOT NULL,
         ledger_root BLOB NOT NULL,
         ledger_seen_at_ms INTEGER NOT NULL,
         edition BLOB NOT NULL
       ) STRICT;
       INSERT INTO summary VALUES (1, 0, 0, 0, zeroblob(32), 0, x'');)",
    // The one edition becomes all that were taken; the server hands it over again.
    R"(ALTER TABLE summary DROP COLUMN edition;
       CREATE TABLE edition (
         number INTEGER NOT NULL PRIMARY KEY,
         enveloped INTEGER NOT NULL,
         bytes BLOB NOT NULL
       ) STRICT;)"};
constexpr sqlite::Schema kSchema{"replica", 0x436C5270 /* "ClRp" */, kSteps};

constexpr std::size_t kCacheKib = 512;
constexpr int kStatuses = 5;

}  // namespace

struct SqliteReplica::Connection {
  sqlite::Database database;
  sqlite::Statement load, closures, editions, find, lists, set_subject, set_listed, set_unlisted, add_closure,
      set_position, set_current_at, set_ledger, set_edition;

  static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& path);
};

Result<std::unique_ptr<SqliteReplica::Connection>> SqliteReplica::Connection::open(
    const std::filesystem::path& path) {
  CROSSLINE_TRY(auto database, sqlite::Database::open(path, {.durability = sqlite::Durability::kLately,
                                                             .cache_kib = kCacheKib}));
  CROSSLINE_CHECK_OK(sqlite::migrate(database, kSchema));
  CROSSLINE_TRY(auto load, database.prepare("SELECT position, current_at_ms, ledger_size, ledger_root, "
                                            "ledger_seen_at_ms FROM summary"));
  CROSSLINE_TRY(auto closures, database.prepare("SELECT checkpoint, lifted, from_ms, until_ms, reason, party "
                                                "FROM closure ORDER BY number"));
  CROSSLINE_TRY(auto editions,
                database.prepare("SELECT number, enveloped, bytes FROM edition ORDER BY number"));
  CROSSLINE_TRY(auto find, database.prepare(
                               "SELECT status, came_from, since_ms, checkpoint FROM subject WHERE id = ?1"));
  CROSSLINE_TRY(auto lists, database.prepare("SELECT list FROM listed WHERE subject = ?1 ORDER BY list"));
  CROSSLINE_TRY(auto set_subject,
                database.prepare("INSERT OR REPLACE INTO subject VALUES (?1, ?2, ?3, ?4, ?5)"));
  CROSSLINE_TRY(auto set_listed, database.prepare("INSERT OR IGNORE INTO listed VALUES (?1, ?2)"));
  CROSSLINE_TRY(auto set_unlisted, database.prepare("DELETE FROM listed WHERE subject = ?1 AND list = ?2"));
  CROSSLINE_TRY(auto add_closure,
                database.prepare("INSERT INTO closure VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6)"));
  CROSSLINE_TRY(auto set_position, database.prepare("UPDATE summary SET position = ?1"));
  CROSSLINE_TRY(auto set_current_at, database.prepare("UPDATE summary SET current_at_ms = ?1"));
  CROSSLINE_TRY(auto set_ledger, database.prepare("UPDATE summary SET ledger_size = ?1, ledger_root = ?2, "
                                                  "ledger_seen_at_ms = ?3"));
  CROSSLINE_TRY(auto set_edition, database.prepare("INSERT OR REPLACE INTO edition VALUES (?1, ?2, ?3)"));
  return std::unique_ptr<Connection>(
      new Connection{std::move(database), std::move(load), std::move(closures), std::move(editions),
                     std::move(find), std::move(lists), std::move(set_subject), std::move(set_listed),
                     std::move(set_unlisted), std::move(add_closure), std::move(set_position),
                     std::move(set_current_at), std::move(set_ledger), std::move(set_edition)});
}

SqliteReplica::SqliteReplica(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
SqliteReplica::~SqliteReplica() = default;

Result<std::unique_ptr<SqliteReplica>> SqliteReplica::open(const std::filesystem::path& path) {
  CROSSLINE_TRY(auto connection, Connection::open(path));
  return std::unique_ptr<SqliteReplica>(new SqliteReplica(std::move(connection)));
}

Result<ReplicaSummary> SqliteReplica::load() {
  ReplicaSummary summary;
  {
    CROSSLINE_TRY(auto rows, connection_->load.query());
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return fail(ErrorCode::kCorruptData, "replica: the summary is missing");
    summary.position = LedgerIndex(rows.number(0));
    summary.current_at = {rows.integer(1)};
    summary.ledger.size = TreeSize(rows.number(2));
    CROSSLINE_TRY(summary.ledger.root, crypto::hash_from(rows.blob(3)));
    summary.ledger_seen_at = {rows.integer(4)};
  }
  CROSSLINE_TRY(auto rows, connection_->closures.query());
  for (;;) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) break;
    summary.closures.push_back({.checkpoint = std::string(rows.text(0)),
                                .lifted = rows.integer(1) != 0,
                                .from = {rows.integer(2)},
                                .until = {rows.integer(3)},
                                .reason = std::string(rows.text(4)),
                                .party = std::string(rows.text(5))});
  }
  CROSSLINE_TRY(auto kept, connection_->editions.query());
  for (;;) {
    CROSSLINE_TRY(const bool found, kept.next());
    if (!found) return summary;
    summary.editions.push_back({.number = kept.number(0),
                                .enveloped = kept.integer(1) != 0,
                                .bytes = std::string(as_text(kept.blob(2)))});
  }
}

Result<std::optional<ReplicaSubject>> SqliteReplica::find(const crypto::SubjectId& id) {
  ReplicaSubject subject;
  bool is_known = false;
  {
    CROSSLINE_TRY(auto rows, connection_->find.query(ByteView(id.bytes)));
    CROSSLINE_TRY(is_known, rows.next());
    if (is_known) {
      if (rows.integer(0) < 0 || rows.integer(0) >= kStatuses)
        return fail(ErrorCode::kCorruptData, "replica: status {}", rows.integer(0));
      subject.status = static_cast<movement::Status>(rows.integer(0));
      subject.came_from = rows.integer(1) == 0 ? movement::Side::kA : movement::Side::kB;
      subject.since = {rows.integer(2)};
      subject.checkpoint = rows.text(3);
    }
  }
  CROSSLINE_TRY(auto rows, connection_->lists.query(ByteView(id.bytes)));
  for (;;) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) break;
    subject.lists.emplace_back(rows.text(0));
  }
  if (!is_known && subject.lists.empty()) return std::nullopt;
  return subject;
}

Result<void> SqliteReplica::apply(const wire::ReplicaUpdate& update) {
  Connection& c = *connection_;
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(c.database));
  for (const wire::StatusDelta& delta : update.statuses) {
    CROSSLINE_CHECK_OK(c.set_subject.run(ByteView(delta.subject.bytes), std::to_underlying(delta.status),
                                         std::to_underlying(delta.came_from), delta.since.ms,
                                         std::string_view(delta.checkpoint)));
  }
  for (const wire::ListDelta& delta : update.lists) {
    auto& statement = delta.removed ? c.set_unlisted : c.set_listed;
    CROSSLINE_CHECK_OK(statement.run(ByteView(delta.subject.bytes), std::string_view(delta.list)));
  }
  for (const movement::Closure& closure : update.closures) {
    CROSSLINE_CHECK_OK(c.add_closure.run(std::string_view(closure.checkpoint), closure.lifted ? 1 : 0,
                                         closure.from.ms, closure.until.ms, std::string_view(closure.reason),
                                         std::string_view(closure.party)));
  }
  CROSSLINE_CHECK_OK(c.set_position.run(update.to.value()));
  return transaction.commit();
}

Result<void> SqliteReplica::put_current_at(UtcMillis at) {
  CROSSLINE_CHECK_OK(connection_->set_current_at.run(at.ms));
  return {};
}

Result<void> SqliteReplica::put_ledger(const movement::Beacon& head, UtcMillis seen_at) {
  CROSSLINE_CHECK_OK(connection_->set_ledger.run(head.size.value(), head.root.view(), seen_at.ms));
  return {};
}

Result<void> SqliteReplica::put_edition(const KeptEdition& edition) {
  CROSSLINE_CHECK_OK(connection_->database.execute("PRAGMA synchronous = FULL"));
  auto stored =
      connection_->set_edition.run(edition.number, edition.enveloped ? 1 : 0, as_bytes(edition.bytes));
  CROSSLINE_CHECK_OK(connection_->database.execute("PRAGMA synchronous = NORMAL"));
  if (!stored) return std::unexpected(std::move(stored).error());
  return {};
}

}  // namespace crossline::agent
