#include "crossline/server/sqlite_ledger.hpp"

#include "bundle.hpp"
#include "crossline/base/assert.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/sqlite/checkpointer.hpp"
#include "crossline/sqlite/database.hpp"
#include "crossline/sqlite/schema.hpp"
#include "journal_indexer.hpp"
#include "sqlite_journals.hpp"
#include "stored_commits.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <set>
#include <utility>

namespace crossline::server {
namespace {

// A commit's entries go into rows of this many, so that reading one entry reads little more than it.
constexpr std::size_t kBundleEntries = 128;
constexpr std::size_t kHeadBytes = 8 + 32 + 64;

constexpr std::array<const char*, 3> kLedgerSteps = {
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
    R"sql(ALTER TABLE edition ADD COLUMN envelope BLOB NOT NULL DEFAULT x'')sql",
    // A commit's head stands in its last bundle; where journals stand is in a file of its own.
    R"sql(
  CREATE TABLE agent(agent TEXT PRIMARY KEY, checkpoint TEXT, side INTEGER) WITHOUT ROWID;
  INSERT INTO agent SELECT agent, checkpoint, side FROM journal;
  CREATE TABLE bundle_with_head(
    first INTEGER PRIMARY KEY, size INTEGER, root BLOB, signature BLOB, entries BLOB NOT NULL);
  INSERT INTO bundle_with_head
    SELECT bundle.first, head.size, head.root, head.signature, bundle.entries
    FROM bundle LEFT JOIN head ON head.size = ifnull(
      (SELECT first FROM bundle AS next WHERE next.first > bundle.first ORDER BY next.first LIMIT 1),
      (SELECT size FROM tip));
  DROP TABLE bundle;
  ALTER TABLE bundle_with_head RENAME TO bundle;
  DROP TABLE head;
  DROP TABLE tip;
  DROP TABLE run;
  DROP TABLE journal;
)sql"};
constexpr sqlite::Schema kLedgerSchema{
    .name = "ledger", .application_id = 0x436c4c67, .steps = kLedgerSteps};  // "ClLg"

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

Result<std::optional<movement::Post>> post_from(const sqlite::Rows& row) {
  if (row.is_null(1)) return std::nullopt;
  if (row.number(2) > 2) return fail(ErrorCode::kCorruptData, "agent {} has no known side", row.text(0));
  return movement::Post{std::string(row.text(1)), static_cast<movement::PostSide>(row.number(2))};
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
  sqlite::Statement put_agent;
  std::set<std::string, std::less<>> agents;
  std::unique_ptr<sqlite::Checkpointer> checkpointer;
  std::unique_ptr<JournalIndexer> indexer;

  static Result<std::unique_ptr<Writer>> open(const std::filesystem::path& path, const Say& say) {
    CROSSLINE_TRY(auto database, sqlite::Database::open(path, {.checkpoint_pages = 0}));
    CROSSLINE_CHECK_OK(sqlite::migrate(database, kLedgerSchema));
    CROSSLINE_TRY(auto put_bundle, database.prepare("INSERT INTO bundle VALUES(?, ?, ?, ?, ?)"));
    CROSSLINE_TRY(auto put_agent, database.prepare("INSERT INTO agent VALUES(?, ?, ?)"));
    auto writer = std::unique_ptr<Writer>(
        new Writer{std::move(database), std::move(put_bundle), std::move(put_agent), {}, nullptr, nullptr});
    CROSSLINE_TRY(writer->checkpointer, sqlite::Checkpointer::start(path, writer->database));
    CROSSLINE_TRY(writer->indexer, JournalIndexer::start(path, say));
    CROSSLINE_TRY(auto agents, writer->database.prepare("SELECT agent FROM agent"));
    CROSSLINE_TRY(auto rows, agents.query());
    for (;;) {
      CROSSLINE_TRY(const bool found, rows.next());
      if (!found) return writer;
      writer->agents.emplace(rows.text(0));
    }
  }

  Result<void> add_agents(const Commit& commit) {
    for (const GrownJournal& journal : commit.grown) {
      if (agents.contains(journal.agent)) continue;
      std::optional<std::string_view> checkpoint;
      std::optional<int> side;
      if (journal.post) {
        checkpoint = journal.post->checkpoint;
        side = static_cast<int>(journal.post->side);
      }
      CROSSLINE_CHECK_OK(put_agent.run(std::string_view(journal.agent), checkpoint, side));
    }
    return {};
  }

  Result<void> add_entries(const Commit& commit) {
    const std::span<const std::string> entries = commit.entries;
    for (std::size_t begin = 0; begin < entries.size(); begin += kBundleEntries) {
      const std::size_t count = std::min(kBundleEntries, entries.size() - begin);
      const Bytes bytes = bundle(entries.subspan(begin, count));
      const std::uint64_t first = commit.first.value() + begin;
      if (begin + count < entries.size()) {
        CROSSLINE_CHECK_OK(put_bundle.run(first, std::nullopt, std::nullopt, std::nullopt, ByteView(bytes)));
        continue;
      }
      const crypto::Hash root = commit.range.root();
      CROSSLINE_CHECK_OK(put_bundle.run(first, commit.range.size().value(), root.view(),
                                        ByteView(commit.head_signature.bytes), ByteView(bytes)));
    }
    return {};
  }

  Result<void> append(const Commit& commit) {
    CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(database));
    CROSSLINE_CHECK_OK(add_entries(commit));
    CROSSLINE_CHECK_OK(add_agents(commit));
    CROSSLINE_CHECK_OK(transaction.commit());
    for (const GrownJournal& journal : commit.grown) agents.insert(journal.agent);
    return indexer->note(commit.range.size());
  }
};

struct SqliteLedger::Reader {
  std::mutex mutex;
  sqlite::Database database;
  sqlite::Statement get_bundles;
  sqlite::Statement get_head;
  sqlite::Statement get_last_head;
  sqlite::Statement get_edition;
  StoredCommits commits;
  std::unique_ptr<SqliteJournals> journals;  // none: everything is looked for in the entries

  static Result<std::unique_ptr<Reader>> open(const std::filesystem::path& path) {
    CROSSLINE_TRY(auto database, sqlite::Database::open(path, {.read_only = true}));
    CROSSLINE_CHECK_OK(sqlite::check_version(database, kLedgerSchema));
    CROSSLINE_TRY(auto bundles,
                  database.prepare("SELECT first, entries FROM bundle WHERE first >= "
                                   "(SELECT max(first) FROM bundle WHERE first <= ?) ORDER BY first"));
    CROSSLINE_TRY(auto head, database.prepare("SELECT size, root, signature FROM bundle WHERE first >= "
                                              "(SELECT max(first) FROM bundle WHERE first <= ?1) "
                                              "AND size > ?1 ORDER BY first LIMIT 1"));
    CROSSLINE_TRY(auto last,
                  database.prepare("SELECT size, root, signature FROM bundle ORDER BY first DESC LIMIT 1"));
    CROSSLINE_TRY(auto sealed, database.prepare("SELECT sealed, envelope FROM edition WHERE hash = ?"));
    CROSSLINE_TRY(auto commits, StoredCommits::of(database));
    auto reader = std::unique_ptr<Reader>(new Reader{.mutex = {},
                                                     .database = std::move(database),
                                                     .get_bundles = std::move(bundles),
                                                     .get_head = std::move(head),
                                                     .get_last_head = std::move(last),
                                                     .get_edition = std::move(sealed),
                                                     .commits = std::move(commits),
                                                     .journals = nullptr});
    CROSSLINE_CHECK_OK(reader->open_index(path));
    return reader;
  }

  // The ledger's file may stand alone, or beside an index of another.
  Result<void> open_index(const std::filesystem::path& path) {
    auto opened = SqliteJournals::open_reader(journals_file(path));
    if (!opened) return {};
    const auto fold = (*opened)->load();
    if (!fold) return {};
    CROSSLINE_TRY(const bool fits, commits.has_ended_at(fold->range()));
    if (fits) journals = *std::move(opened);
    return {};
  }

  Result<std::optional<wire::SignedHead>> head() {
    CROSSLINE_TRY(auto row, get_last_head.query());
    CROSSLINE_TRY(const bool found, row.next());
    if (!found) return std::nullopt;
    if (row.is_null(0)) return fail(ErrorCode::kCorruptData, "the ledger's last commit is not whole");
    CROSSLINE_TRY(auto head, head_from(row));
    return std::optional(std::move(head));
  }

  Result<void> load_journals(LedgerSnapshot& snapshot) {
    JournalFold fold;
    if (journals) {
      CROSSLINE_TRY(fold, journals->load());
    }
    for (bool more = true; more;) {
      CROSSLINE_TRY(more, commits.fold_more(fold, kIndexEntries));
      fold.settle();
    }
    snapshot.range = fold.range();
    CROSSLINE_TRY(auto statement,
                  database.prepare("SELECT agent, checkpoint, side FROM agent ORDER BY agent"));
    CROSSLINE_TRY(auto rows, statement.query());
    for (;;) {
      CROSSLINE_TRY(const bool found, rows.next());
      if (!found) return {};
      const auto journal = fold.journals().find(rows.text(0));
      if (journal == fold.journals().end()) continue;
      JournalState state{.agent = journal->first,
                         .post = std::nullopt,
                         .range = journal->second.range,
                         .head_signature = journal->second.head_signature};
      CROSSLINE_TRY(state.post, post_from(rows));
      snapshot.journals.push_back(std::move(state));
    }
  }

  Result<std::optional<Run>> find(std::string_view agent, JournalIndex index) {
    IndexedEvent known;
    if (journals) {
      CROSSLINE_TRY(known, journals->find(agent, index));
    }
    if (known.run || index.value() < known.journal_size) return std::move(known.run);
    return commits.find(agent, index, known);
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

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open(const std::filesystem::path& path, Access access,
                                                         const Say& say) {
  std::unique_ptr<Writer> writer;
  if (access == Access::kReadWrite) {
    CROSSLINE_TRY(writer, Writer::open(path, say));
  }
  CROSSLINE_TRY(auto reader, Reader::open(path));
  return std::unique_ptr<SqliteLedger>(new SqliteLedger(std::move(writer), std::move(reader)));
}

Result<LedgerSnapshot> SqliteLedger::load() {
  const std::lock_guard lock(reader_->mutex);
  LedgerSnapshot snapshot;
  CROSSLINE_TRY(snapshot.head, reader_->head());
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

Result<std::optional<wire::SignedHead>> SqliteLedger::head() {
  const std::lock_guard lock(reader_->mutex);
  return reader_->head();
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
  return reader_->find(agent, index);
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
