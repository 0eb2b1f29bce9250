#include "crossline/server/sqlite_ledger.hpp"

#include "bundle.hpp"
#include "crossline/base/assert.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/sqlite/checkpointer.hpp"
#include "crossline/sqlite/database.hpp"
#include "crossline/sqlite/schema.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <utility>

namespace crossline::server {
namespace {

// A commit's entries go into rows of this many, so that reading one entry reads little more than it.
constexpr std::size_t kBundleEntries = 128;
constexpr std::size_t kHeadBytes = 8 + 32 + 64;

constexpr std::array<const char*, 2> kLedgerSteps = {
    R"sql(
  CREATE TABLE bundle(first INTEGER PRIMARY KEY, entries BLOB NOT NULL);
  CREATE TABLE head(size INTEGER PRIMARY KEY, root BLOB NOT NULL, signature BLOB NOT NULL);
  CREATE TABLE tip(id INTEGER PRIMARY KEY CHECK(id = 1), size INTEGER NOT NULL, hashes BLOB NOT NULL);
  CREATE TABLE journal(
    id INTEGER PRIMARY KEY, agent TEXT NOT NULL UNIQUE, checkpoint TEXT, side INTEGER,
    size INTEGER NOT NULL, hashes BLOB NOT NULL, signature BLOB NOT NULL);
  CREATE TABLE run(
    journal INTEGER NOT NULL REFERENCES journal, first INTEGER NOT NULL, at INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY(journal, first)) WITHOUT ROWID;
  CREATE TABLE edition(hash BLOB PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE evidence(
    id INTEGER PRIMARY KEY, agent TEXT NOT NULL, found_at_ms INTEGER NOT NULL, what TEXT NOT NULL,
    seen BLOB, claimed BLOB, first INTEGER NOT NULL, seen_events BLOB NOT NULL, claimed_events BLOB NOT NULL,
    lifted INTEGER NOT NULL DEFAULT 0);
)sql",
    R"sql(ALTER TABLE edition ADD COLUMN envelope BLOB NOT NULL DEFAULT x'')sql"};
constexpr sqlite::Schema kLedgerSchema{
    .name = "ledger", .application_id = 0x436c4c67, .steps = kLedgerSteps};  // "ClLg"

Bytes join(std::span<const crypto::Hash> hashes) {
  Bytes out;
  out.reserve(hashes.size() * 32);
  for (const crypto::Hash& hash : hashes) out.insert(out.end(), hash.bytes.begin(), hash.bytes.end());
  return out;
}

Result<merkle::CompactRange> range_from(std::uint64_t size, ByteView bytes) {
  std::vector<crypto::Hash> hashes;
  for (; bytes.size() >= 32; bytes = bytes.subspan(32)) {
    CROSSLINE_TRY(hashes.emplace_back(), crypto::hash_from(bytes.first(32)));
  }
  return merkle::CompactRange::restore(TreeSize(size), std::move(hashes));
}

std::array<std::uint8_t, kHeadBytes> head_bytes(const wire::SignedHead& head) {
  std::array<std::uint8_t, kHeadBytes> out{};
  store_u64_be(head.head.size.value(), out.data());
  std::copy(head.head.root.bytes.begin(), head.head.root.bytes.end(), out.begin() + 8);
  std::copy(head.signature.bytes.begin(), head.signature.bytes.end(), out.begin() + 40);
  return out;
}

Result<std::optional<wire::SignedHead>> head_from(const sqlite::Rows& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  const ByteView bytes = row.blob(column);
  if (bytes.size() != kHeadBytes)
    return fail(ErrorCode::kCorruptData, "a head in the evidence does not decode");
  wire::SignedHead head;
  head.head.size = TreeSize(load_u64_be(bytes.data()));
  CROSSLINE_TRY(head.head.root, crypto::hash_from(bytes.subspan(8, 32)));
  CROSSLINE_TRY(head.signature, crypto::signature_from(bytes.subspan(40)));
  return head;
}

Result<wire::SignedHead> head_from(const sqlite::Rows& row) {
  wire::SignedHead head;
  head.head.size = TreeSize(row.number(0));
  CROSSLINE_TRY(head.head.root, crypto::hash_from(row.blob(1)));
  CROSSLINE_TRY(head.signature, crypto::signature_from(row.blob(2)));
  return head;
}

Result<JournalState> journal_from(const sqlite::Rows& row) {
  JournalState journal;
  journal.agent = row.text(0);
  if (!row.is_null(1)) {
    if (row.number(2) > 2) return fail(ErrorCode::kCorruptData, "agent {} has no known side", journal.agent);
    journal.post = movement::Post{std::string(row.text(1)), static_cast<movement::PostSide>(row.number(2))};
  }
  CROSSLINE_TRY(journal.range, range_from(row.number(3), row.blob(4)));
  CROSSLINE_TRY(journal.head_signature, crypto::signature_from(row.blob(5)));
  return journal;
}

Result<std::vector<std::string>> strings_from(ByteView bytes) {
  CROSSLINE_TRY(const auto parts, unbundle(bytes));
  std::vector<std::string> strings;
  for (const ByteView part : parts) strings.emplace_back(as_text(part));
  return strings;
}

}  // namespace

struct SqliteLedger::Writer {
  sqlite::Database database;
  sqlite::Statement put_bundle;
  sqlite::Statement put_head;
  sqlite::Statement put_tip;
  sqlite::Statement put_journal;
  sqlite::Statement put_run;
  std::map<std::string, std::int64_t, std::less<>> journal_ids;
  std::unique_ptr<sqlite::Checkpointer> checkpointer;

  static Result<std::unique_ptr<Writer>> open(const std::filesystem::path& path) {
    CROSSLINE_TRY(auto database, sqlite::Database::open(path, {.checkpoint_pages = 0}));
    CROSSLINE_CHECK_OK(sqlite::migrate(database, kLedgerSchema));
    CROSSLINE_TRY(auto put_bundle, database.prepare("INSERT INTO bundle VALUES(?, ?)"));
    CROSSLINE_TRY(auto put_head, database.prepare("INSERT INTO head VALUES(?, ?, ?)"));
    CROSSLINE_TRY(auto put_tip, database.prepare("INSERT OR REPLACE INTO tip VALUES(1, ?, ?)"));
    CROSSLINE_TRY(auto put_journal,
                  database.prepare("INSERT OR REPLACE INTO journal VALUES(?, ?, ?, ?, ?, ?, ?)"));
    CROSSLINE_TRY(auto put_run, database.prepare("INSERT INTO run VALUES(?, ?, ?, ?)"));
    auto writer = std::unique_ptr<Writer>(new Writer{std::move(database),
                                                     std::move(put_bundle),
                                                     std::move(put_head),
                                                     std::move(put_tip),
                                                     std::move(put_journal),
                                                     std::move(put_run),
                                                     {},
                                                     nullptr});
    CROSSLINE_TRY(writer->checkpointer, sqlite::Checkpointer::start(path, writer->database));
    CROSSLINE_TRY(auto ids, writer->database.prepare("SELECT agent, id FROM journal"));
    CROSSLINE_TRY(auto rows, ids.query());
    for (;;) {
      CROSSLINE_TRY(const bool found, rows.next());
      if (!found) return writer;
      writer->journal_ids.emplace(rows.text(0), rows.integer(1));
    }
  }

  Result<void> add(const JournalState& journal) {
    const auto id =
        journal_ids.try_emplace(journal.agent, static_cast<std::int64_t>(journal_ids.size()) + 1).first;
    std::optional<std::string_view> checkpoint;
    std::optional<int> side;
    if (journal.post) {
      checkpoint = journal.post->checkpoint;
      side = static_cast<int>(journal.post->side);
    }
    const Bytes hashes = join(journal.range.hashes());
    CROSSLINE_CHECK_OK(put_journal.run(id->second, std::string_view(journal.agent), checkpoint, side,
                                       journal.range.size().value(), ByteView(hashes),
                                       ByteView(journal.head_signature.bytes)));
    return {};
  }

  Result<void> add_entries(const Commit& commit) {
    const std::span<const std::string> entries = commit.entries;
    for (std::size_t begin = 0; begin < entries.size(); begin += kBundleEntries) {
      const Bytes bytes = bundle(entries.subspan(begin, std::min(kBundleEntries, entries.size() - begin)));
      CROSSLINE_CHECK_OK(put_bundle.run(commit.first.value() + begin, ByteView(bytes)));
    }
    return {};
  }

  Result<void> append(const Commit& commit) {
    CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(database));
    CROSSLINE_CHECK_OK(add_entries(commit));
    for (const JournalState& journal : commit.journals) CROSSLINE_CHECK_OK(add(journal));
    for (const Run& run : commit.runs) {
      const auto id = journal_ids.find(run.agent);
      CROSSLINE_ASSERT(id != journal_ids.end());
      CROSSLINE_CHECK_OK(put_run.run(id->second, run.first.value(), run.at.value(), run.count));
    }
    const crypto::Hash root = commit.range.root();
    const Bytes hashes = join(commit.range.hashes());
    CROSSLINE_CHECK_OK(put_head.run(commit.range.size().value(), ByteView(root.bytes),
                                    ByteView(commit.head_signature.bytes)));
    CROSSLINE_CHECK_OK(put_tip.run(commit.range.size().value(), ByteView(hashes)));
    return transaction.commit();
  }
};

struct SqliteLedger::Reader {
  std::mutex mutex;
  sqlite::Database database;
  sqlite::Statement get_bundles;
  sqlite::Statement get_head;
  sqlite::Statement get_run;
  sqlite::Statement get_edition;

  Reader(sqlite::Database opened, sqlite::Statement bundles, sqlite::Statement head, sqlite::Statement run,
         sqlite::Statement sealed)
      : database(std::move(opened)),
        get_bundles(std::move(bundles)),
        get_head(std::move(head)),
        get_run(std::move(run)),
        get_edition(std::move(sealed)) {}

  static Result<std::unique_ptr<Reader>> open(const std::filesystem::path& path) {
    CROSSLINE_TRY(auto database, sqlite::Database::open(path, {.read_only = true}));
    CROSSLINE_CHECK_OK(sqlite::check_version(database, kLedgerSchema));
    CROSSLINE_TRY(auto bundles,
                  database.prepare("SELECT first, entries FROM bundle WHERE first >= "
                                   "(SELECT max(first) FROM bundle WHERE first <= ?) ORDER BY first"));
    CROSSLINE_TRY(auto head,
                  database.prepare("SELECT size, root, signature FROM head WHERE size > ? LIMIT 1"));
    CROSSLINE_TRY(
        auto run,
        database.prepare("SELECT run.first, at, count FROM run JOIN journal ON journal.id = run.journal "
                         "WHERE agent = ? AND run.first <= ? ORDER BY run.first DESC LIMIT 1"));
    CROSSLINE_TRY(auto sealed, database.prepare("SELECT sealed, envelope FROM edition WHERE hash = ?"));
    return std::make_unique<Reader>(std::move(database), std::move(bundles), std::move(head), std::move(run),
                                    std::move(sealed));
  }

  Result<void> load_journals(LedgerSnapshot& snapshot) {
    CROSSLINE_TRY(auto statement, database.prepare("SELECT agent, checkpoint, side, size, hashes, signature "
                                                   "FROM journal ORDER BY agent"));
    CROSSLINE_TRY(auto rows, statement.query());
    for (;;) {
      CROSSLINE_TRY(const bool found, rows.next());
      if (!found) return {};
      CROSSLINE_TRY(snapshot.journals.emplace_back(), journal_from(rows));
    }
  }

  Result<void> load_suspended(LedgerSnapshot& snapshot) {
    CROSSLINE_TRY(auto statement,
                  database.prepare("SELECT DISTINCT agent FROM evidence WHERE lifted = 0 ORDER BY agent"));
    CROSSLINE_TRY(auto rows, statement.query());
    for (;;) {
      CROSSLINE_TRY(const bool found, rows.next());
      if (!found) return {};
      snapshot.suspended.emplace_back(rows.text(0));
    }
  }

  Result<void> load_tip(LedgerSnapshot& snapshot) {
    CROSSLINE_TRY(auto tip, database.prepare("SELECT size, hashes FROM tip"));
    {
      CROSSLINE_TRY(auto row, tip.query());
      CROSSLINE_TRY(const bool found, row.next());
      if (!found) return {};
      CROSSLINE_TRY(snapshot.range, range_from(row.number(0), row.blob(1)));
    }
    CROSSLINE_TRY(auto last,
                  database.prepare("SELECT size, root, signature FROM head ORDER BY size DESC LIMIT 1"));
    CROSSLINE_TRY(auto row, last.query());
    CROSSLINE_TRY(const bool found, row.next());
    if (found) {
      CROSSLINE_TRY(snapshot.head, head_from(row));
    }
    if (!found || snapshot.head->head != merkle::TreeHead{snapshot.range.size(), snapshot.range.root()}) {
      return fail(ErrorCode::kCorruptData, "the ledger's last head is not that of its {} entries",
                  snapshot.range.size().value());
    }
    return {};
  }

  Result<ForkEvidence> evidence_from(const sqlite::Rows& row) {
    ForkEvidence found;
    found.agent = row.text(0);
    found.found_at.ms = row.integer(1);
    found.what = row.text(2);
    CROSSLINE_TRY(found.seen, head_from(row, 3));
    CROSSLINE_TRY(found.claimed, head_from(row, 4));
    found.first = JournalIndex(row.number(5));
    CROSSLINE_TRY(found.seen_events, strings_from(row.blob(6)));
    CROSSLINE_TRY(found.claimed_events, strings_from(row.blob(7)));
    return found;
  }
};

SqliteLedger::SqliteLedger(std::unique_ptr<Writer> writer, std::unique_ptr<Reader> reader)
    : writer_(std::move(writer)), reader_(std::move(reader)) {}
SqliteLedger::~SqliteLedger() = default;

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open(const std::filesystem::path& path, Access access) {
  std::unique_ptr<Writer> writer;
  if (access == Access::kReadWrite) {
    CROSSLINE_TRY(writer, Writer::open(path));
  }
  CROSSLINE_TRY(auto reader, Reader::open(path));
  return std::unique_ptr<SqliteLedger>(new SqliteLedger(std::move(writer), std::move(reader)));
}

Result<LedgerSnapshot> SqliteLedger::load() {
  const std::lock_guard lock(reader_->mutex);
  LedgerSnapshot snapshot;
  CROSSLINE_CHECK_OK(reader_->load_tip(snapshot));
  CROSSLINE_CHECK_OK(reader_->load_journals(snapshot));
  CROSSLINE_CHECK_OK(reader_->load_suspended(snapshot));
  return snapshot;
}

Result<void> SqliteLedger::append(const Commit& commit) {
  CROSSLINE_ASSERT(writer_ != nullptr);
  return writer_->append(commit);
}

Result<std::vector<std::string>> SqliteLedger::read(LedgerIndex first, std::size_t count) {
  const std::lock_guard lock(reader_->mutex);
  std::vector<std::string> entries;
  CROSSLINE_TRY(auto rows, reader_->get_bundles.query(first.value()));
  while (entries.size() < count) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) break;
    CROSSLINE_TRY(const auto parts, unbundle(rows.blob(1)));
    const std::uint64_t begin = rows.number(0);
    for (std::uint64_t i = begin < first.value() ? first.value() - begin : 0; i < parts.size(); ++i) {
      if (entries.size() == count) break;
      entries.emplace_back(as_text(parts[i]));
    }
  }
  return entries;
}

Result<wire::SignedHead> SqliteLedger::head_of(LedgerIndex index) {
  const std::lock_guard lock(reader_->mutex);
  CROSSLINE_TRY(auto rows, reader_->get_head.query(index.value()));
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return fail(ErrorCode::kNotFound, "the ledger has no entry {}", index.value());
  return head_from(rows);
}

Result<std::optional<Run>> SqliteLedger::find(std::string_view agent, JournalIndex index) {
  const std::lock_guard lock(reader_->mutex);
  CROSSLINE_TRY(auto rows, reader_->get_run.query(agent, index.value()));
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return std::nullopt;
  Run run{std::string(agent), JournalIndex(rows.number(0)), LedgerIndex(rows.number(1)), rows.number(2)};
  if (index.value() >= run.first.value() + run.count) return std::nullopt;
  return std::optional(std::move(run));
}

Result<void> SqliteLedger::put_edition(std::string_view sealed, std::string_view envelope) {
  CROSSLINE_ASSERT(writer_ != nullptr);
  const crypto::Hash hash = crypto::sha256(as_bytes(sealed));
  CROSSLINE_TRY(auto statement,
                writer_->database.prepare("INSERT INTO edition VALUES(?, ?, ?) ON CONFLICT(hash) "
                                          "DO UPDATE SET envelope = excluded.envelope WHERE envelope = x''"));
  CROSSLINE_CHECK_OK(statement.run(hash.view(), as_bytes(sealed), as_bytes(envelope)));
  return {};
}

Result<std::optional<std::string>> SqliteLedger::edition(const crypto::Hash& hash) {
  const std::lock_guard lock(reader_->mutex);
  CROSSLINE_TRY(auto rows, reader_->get_edition.query(hash.view()));
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return std::nullopt;
  return std::optional(std::string(rows.text(0)));
}

Result<std::vector<crypto::Hash>> SqliteLedger::edition_hashes() {
  const std::lock_guard lock(reader_->mutex);
  CROSSLINE_TRY(auto statement, reader_->database.prepare("SELECT hash FROM edition ORDER BY hash"));
  CROSSLINE_TRY(auto rows, statement.query());
  std::vector<crypto::Hash> hashes;
  while (true) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return hashes;
    CROSSLINE_TRY(hashes.emplace_back(), crypto::hash_from(rows.blob(0)));
  }
}

Result<std::optional<std::string>> SqliteLedger::edition_envelope(const crypto::Hash& hash) {
  const std::lock_guard lock(reader_->mutex);
  CROSSLINE_TRY(auto rows, reader_->get_edition.query(hash.view()));
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found || rows.blob(1).empty()) return std::nullopt;
  return std::optional(std::string(as_text(rows.blob(1))));
}

Result<void> SqliteLedger::add_evidence(const ForkEvidence& evidence) {
  CROSSLINE_ASSERT(writer_ != nullptr);
  CROSSLINE_TRY(auto statement, writer_->database.prepare(
                                    "INSERT INTO evidence(agent, found_at_ms, what, seen, claimed, first, "
                                    "seen_events, claimed_events) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
  std::optional<std::array<std::uint8_t, kHeadBytes>> seen;
  std::optional<std::array<std::uint8_t, kHeadBytes>> claimed;
  if (evidence.seen) seen = head_bytes(*evidence.seen);
  if (evidence.claimed) claimed = head_bytes(*evidence.claimed);
  const Bytes seen_events = bundle(evidence.seen_events);
  const Bytes claimed_events = bundle(evidence.claimed_events);
  CROSSLINE_CHECK_OK(statement.run(std::string_view(evidence.agent), evidence.found_at.ms,
                                   std::string_view(evidence.what), seen, claimed, evidence.first.value(),
                                   ByteView(seen_events), ByteView(claimed_events)));
  return {};
}

Result<std::vector<ForkEvidence>> SqliteLedger::evidence() {
  const std::lock_guard lock(reader_->mutex);
  CROSSLINE_TRY(auto statement,
                reader_->database.prepare("SELECT agent, found_at_ms, what, seen, claimed, first, "
                                          "seen_events, claimed_events FROM evidence ORDER BY id"));
  CROSSLINE_TRY(auto rows, statement.query());
  std::vector<ForkEvidence> all;
  for (;;) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return all;
    CROSSLINE_TRY(all.emplace_back(), reader_->evidence_from(rows));
  }
}

Result<void> SqliteLedger::lift_suspension(std::string_view agent) {
  CROSSLINE_ASSERT(writer_ != nullptr);
  CROSSLINE_TRY(auto statement,
                writer_->database.prepare("UPDATE evidence SET lifted = 1 WHERE agent = ? AND lifted = 0"));
  CROSSLINE_TRY(const std::int64_t changed, statement.run(agent));
  if (changed == 0) return fail(ErrorCode::kNotFound, "agent {} is not suspended", agent);
  return {};
}

}  // namespace crossline::server
