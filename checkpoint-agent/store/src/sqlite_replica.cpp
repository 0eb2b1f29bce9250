#include "crossline/agent/sqlite_replica.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/movement/record_limits.hpp"
#include "crossline/sqlite/database.hpp"
#include "crossline/sqlite/schema.hpp"

#include <utility>

namespace crossline::agent {
namespace {

constexpr const char* kReplicaSteps[] = {
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
    // Whole records in place of statuses: the server sends everything once more.
    R"(DROP TABLE subject;
       DROP TABLE listed;
       CREATE TABLE person (
         id BLOB NOT NULL PRIMARY KEY,
         state BLOB NOT NULL
       ) STRICT, WITHOUT ROWID;
       DELETE FROM closure;
       UPDATE summary SET position = 0, current_at_ms = 0;)",
    // The one edition becomes all that were taken; the server hands it over again.
    R"(ALTER TABLE summary DROP COLUMN edition;
       CREATE TABLE edition (
         number INTEGER NOT NULL PRIMARY KEY,
         enveloped INTEGER NOT NULL,
         bytes BLOB NOT NULL
       ) STRICT;)",
    // Records tell of notices, and leases are kept: the server sends everything once more.
    R"(CREATE TABLE lease (
         number INTEGER PRIMARY KEY,
         quota TEXT NOT NULL,
         agent TEXT NOT NULL,
         day INTEGER NOT NULL,
         amount INTEGER NOT NULL,
         party TEXT NOT NULL,
         reason TEXT NOT NULL,
         spent INTEGER NOT NULL
       ) STRICT;
       DELETE FROM person;
       DELETE FROM closure;
       UPDATE summary SET position = 0, current_at_ms = 0;)",
    // The ledger's signature of its head: nothing until the next one comes.
    "ALTER TABLE summary ADD COLUMN ledger_signature BLOB NOT NULL DEFAULT x'';",
    // The largest head that was proven, beside the largest seen. One without its signature could prove
    // nothing.
    R"(UPDATE summary SET ledger_size = 0, ledger_root = zeroblob(32), ledger_seen_at_ms = 0
         WHERE ledger_signature = x'';
       ALTER TABLE summary ADD COLUMN proven_size INTEGER NOT NULL DEFAULT 0;
       ALTER TABLE summary ADD COLUMN proven_root BLOB NOT NULL DEFAULT x'';
       ALTER TABLE summary ADD COLUMN proven_signature BLOB NOT NULL DEFAULT x'';)"};
constexpr sqlite::Schema kReplicaSchema{"replica", 0x436C5270 /* "ClRp" */, kReplicaSteps};

constexpr std::size_t kReplicaCacheKib = 512;

// Of the columns `first`.. : size, root, signature.
Result<std::optional<wire::SignedHead>> head_from(const sqlite::Rows& rows, int first) {
  if (rows.number(first) == 0) return std::nullopt;
  wire::SignedHead head;
  head.head.size = TreeSize(rows.number(first));
  CROSSLINE_TRY(head.head.root, crypto::hash_from(rows.blob(first + 1)));
  CROSSLINE_TRY(head.signature, crypto::signature_from(rows.blob(first + 2)));
  return head;
}

}  // namespace

struct SqliteReplica::Connection {
  sqlite::Database database;
  sqlite::Statement load, closures, leases, editions, find, set_person, add_closure, add_lease, drop_leases,
      set_position, set_current_at, set_seen_head, set_proven_head, set_edition;

  static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& path);
};

Result<std::unique_ptr<SqliteReplica::Connection>> SqliteReplica::Connection::open(
    const std::filesystem::path& path) {
  CROSSLINE_TRY(auto database, sqlite::Database::open(path, {.durability = sqlite::Durability::kLately,
                                                             .cache_kib = kReplicaCacheKib}));
  CROSSLINE_CHECK_OK(sqlite::migrate(database, kReplicaSchema));
  CROSSLINE_TRY(auto load, database.prepare(
                               "SELECT position, current_at_ms, ledger_seen_at_ms, ledger_size, ledger_root, "
                               "ledger_signature, proven_size, proven_root, proven_signature FROM summary"));
  CROSSLINE_TRY(auto closures, database.prepare("SELECT checkpoint, lifted, from_ms, until_ms, reason, party "
                                                "FROM closure ORDER BY number"));
  CROSSLINE_TRY(auto leases,
                database.prepare("SELECT quota, agent, day, amount, party, reason, spent FROM lease "
                                 "ORDER BY number"));
  CROSSLINE_TRY(auto editions,
                database.prepare("SELECT number, enveloped, bytes FROM edition ORDER BY number"));
  CROSSLINE_TRY(auto add_lease,
                database.prepare("INSERT INTO lease VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  CROSSLINE_TRY(auto drop_leases, database.prepare("DELETE FROM lease WHERE day <= ?1"));
  CROSSLINE_TRY(auto find, database.prepare("SELECT state FROM person WHERE id = ?1"));
  CROSSLINE_TRY(auto set_person, database.prepare("INSERT OR REPLACE INTO person VALUES (?1, ?2)"));
  CROSSLINE_TRY(auto add_closure,
                database.prepare("INSERT INTO closure VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6)"));
  CROSSLINE_TRY(auto set_position, database.prepare("UPDATE summary SET position = ?1"));
  CROSSLINE_TRY(auto set_current_at, database.prepare("UPDATE summary SET current_at_ms = ?1"));
  CROSSLINE_TRY(
      auto set_seen_head,
      database.prepare("UPDATE summary SET ledger_size = ?1, ledger_root = ?2, ledger_signature = ?3, "
                       "ledger_seen_at_ms = ?4"));
  CROSSLINE_TRY(
      auto set_proven_head,
      database.prepare("UPDATE summary SET proven_size = ?1, proven_root = ?2, proven_signature = ?3"));
  CROSSLINE_TRY(auto set_edition, database.prepare("INSERT OR REPLACE INTO edition VALUES (?1, ?2, ?3)"));
  return std::unique_ptr<Connection>(new Connection{
      std::move(database), std::move(load), std::move(closures), std::move(leases), std::move(editions),
      std::move(find), std::move(set_person), std::move(add_closure), std::move(add_lease),
      std::move(drop_leases), std::move(set_position), std::move(set_current_at), std::move(set_seen_head),
      std::move(set_proven_head), std::move(set_edition)});
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
    summary.ledger_seen_at = {rows.integer(2)};
    CROSSLINE_TRY(summary.seen_head, head_from(rows, 3));
    CROSSLINE_TRY(summary.proven_head, head_from(rows, 6));
  }
  CROSSLINE_CHECK_OK(load_closures(summary));
  CROSSLINE_CHECK_OK(load_leases(summary));
  CROSSLINE_CHECK_OK(load_editions(summary));
  return summary;
}

Result<void> SqliteReplica::load_closures(ReplicaSummary& summary) {
  CROSSLINE_TRY(auto rows, connection_->closures.query());
  for (;;) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return {};
    summary.closures.push_back({.checkpoint = std::string(rows.text(0)),
                                .lifted = rows.integer(1) != 0,
                                .from = {rows.integer(2)},
                                .until = {rows.integer(3)},
                                .reason = std::string(rows.text(4)),
                                .party = std::string(rows.text(5))});
  }
}

Result<void> SqliteReplica::load_editions(ReplicaSummary& summary) {
  CROSSLINE_TRY(auto kept, connection_->editions.query());
  for (;;) {
    CROSSLINE_TRY(const bool found, kept.next());
    if (!found) return {};
    summary.editions.push_back({.number = kept.number(0),
                                .enveloped = kept.integer(1) != 0,
                                .bytes = std::string(as_text(kept.blob(2)))});
  }
}

Result<void> SqliteReplica::load_leases(ReplicaSummary& summary) {
  CROSSLINE_TRY(auto rows, connection_->leases.query());
  for (;;) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return {};
    summary.leases.push_back({.quota = std::string(rows.text(0)),
                              .agent = std::string(rows.text(1)),
                              .day = static_cast<std::int32_t>(rows.integer(2)),
                              .amount = rows.integer(3),
                              .party = std::string(rows.text(4)),
                              .reason = std::string(rows.text(5)),
                              .spent = rows.integer(6)});
  }
}

Result<std::optional<std::string>> SqliteReplica::find(const crypto::SubjectId& id) {
  CROSSLINE_TRY(auto rows, connection_->find.query(ByteView(id.bytes)));
  CROSSLINE_TRY(const bool is_known, rows.next());
  if (!is_known) return std::nullopt;
  return std::string(as_text(rows.blob(0)));
}

Result<void> SqliteReplica::put(const ReplicaPiece& piece) {
  Connection& c = *connection_;
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(c.database));
  for (const ReplicaPiece::Person& person : piece.persons)
    CROSSLINE_CHECK_OK(c.set_person.run(ByteView(person.subject.bytes), as_bytes(person.state)));
  for (const movement::Closure& closure : piece.closures) {
    CROSSLINE_CHECK_OK(c.add_closure.run(std::string_view(closure.checkpoint), closure.lifted ? 1 : 0,
                                         closure.from.ms, closure.until.ms, std::string_view(closure.reason),
                                         std::string_view(closure.party)));
  }
  for (const movement::QuotaLease& lease : piece.leases) {
    CROSSLINE_CHECK_OK(c.add_lease.run(std::string_view(lease.quota), std::string_view(lease.agent),
                                       std::int64_t{lease.day}, lease.amount, std::string_view(lease.party),
                                       std::string_view(lease.reason), lease.spent));
    CROSSLINE_CHECK_OK(c.drop_leases.run(std::int64_t{lease.day} - limits::kQuotaDays));
  }
  CROSSLINE_CHECK_OK(c.set_position.run(piece.to.value()));
  return transaction.commit();
}

Result<void> SqliteReplica::put_current_at(UtcMillis at) {
  CROSSLINE_CHECK_OK(connection_->set_current_at.run(at.ms));
  return {};
}

Result<void> SqliteReplica::put_seen_head(const wire::SignedHead& head, UtcMillis seen_at) {
  CROSSLINE_CHECK_OK(connection_->set_seen_head.run(head.head.size.value(), head.head.root.view(),
                                                    ByteView(head.signature.bytes), seen_at.ms));
  return {};
}

Result<void> SqliteReplica::put_proven_head(const wire::SignedHead& head) {
  CROSSLINE_CHECK_OK(connection_->set_proven_head.run(head.head.size.value(), head.head.root.view(),
                                                      ByteView(head.signature.bytes)));
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
