#include "sqlite_journals.hpp"

#include "crossline/merkle/range_bytes.hpp"
#include "crossline/sqlite/database.hpp"
#include "crossline/sqlite/schema.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

namespace crossline::server {
namespace {

constexpr std::array<const char*, 1> kJournalSteps = {R"sql(
  CREATE TABLE position(id INTEGER PRIMARY KEY CHECK(id = 1), size INTEGER NOT NULL, hashes BLOB NOT NULL);
  INSERT INTO position VALUES(1, 0, x'');
  CREATE TABLE journal(
    id INTEGER PRIMARY KEY, agent TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, hashes BLOB NOT NULL,
    signature BLOB NOT NULL);
  CREATE TABLE run(
    journal INTEGER NOT NULL REFERENCES journal, first INTEGER NOT NULL, at INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY(journal, first)) WITHOUT ROWID;
)sql"};
constexpr sqlite::Schema kJournalSchema{
    .name = "journal index", .application_id = 0x436c4a69, .steps = kJournalSteps};  // "ClJi"

}  // namespace

struct SqliteJournals::State {
  sqlite::Database database;
  sqlite::Statement find;
  std::map<std::string, std::int64_t, std::less<>> ids;

  static Result<std::unique_ptr<SqliteJournals>> made(sqlite::Database database) {
    // One statement, so that it sees one state of the file.
    CROSSLINE_TRY(auto find, database.prepare(
                                 "SELECT position.size, journal.size, run.first, run.at, run.count "
                                 "FROM position LEFT JOIN journal ON journal.agent = ?1 "
                                 "LEFT JOIN run ON run.journal = journal.id AND run.first = "
                                 "(SELECT max(first) FROM run WHERE journal = journal.id AND first <= ?2)"));
    return std::unique_ptr<SqliteJournals>(
        new SqliteJournals(std::unique_ptr<State>(new State{std::move(database), std::move(find), {}})));
  }

  Result<std::int64_t> id_of(const std::string& agent) {
    if (const auto known = ids.find(agent); known != ids.end()) return known->second;
    CROSSLINE_TRY(auto statement, database.prepare("SELECT id FROM journal WHERE agent = ?"));
    CROSSLINE_TRY(auto rows, statement.query(std::string_view(agent)));
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return fail(ErrorCode::kCorruptData, "agent {} is not in the index of journals", agent);
    return ids.emplace(agent, rows.integer(0)).first->second;
  }

  Result<void> save_journals(const JournalFold& fold) {
    CROSSLINE_TRY(auto put,
                  database.prepare("INSERT INTO journal(agent, size, hashes, signature) VALUES(?, ?, ?, ?) "
                                   "ON CONFLICT(agent) DO UPDATE SET size = excluded.size, "
                                   "hashes = excluded.hashes, signature = excluded.signature"));
    for (const auto& [agent, journal] : fold.journals()) {
      if (!journal.changed) continue;
      const Bytes hashes = merkle::range_bytes(journal.range);
      CROSSLINE_CHECK_OK(put.run(std::string_view(agent), journal.range.size().value(), ByteView(hashes),
                                 ByteView(journal.head_signature.bytes)));
    }
    return {};
  }

  Result<void> save_runs(const JournalFold& fold) {
    struct Row {
      std::int64_t journal;
      const Run* run;
    };
    std::vector<Row> rows;
    rows.reserve(fold.runs().size());
    for (const Run& run : fold.runs()) {
      CROSSLINE_TRY(const std::int64_t id, id_of(run.agent));
      rows.push_back({id, &run});
    }
    // In the order of the tree, neighbours share a page.
    std::ranges::sort(rows, {}, [](const Row& row) { return std::tuple(row.journal, row.run->first); });
    CROSSLINE_TRY(auto put, database.prepare("INSERT INTO run VALUES(?, ?, ?, ?)"));
    for (const auto& [id, run] : rows) {
      CROSSLINE_CHECK_OK(put.run(id, run->first.value(), run->at.value(), run->count));
    }
    return {};
  }
};

SqliteJournals::SqliteJournals(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteJournals::~SqliteJournals() = default;

Result<std::unique_ptr<SqliteJournals>> SqliteJournals::open(const std::filesystem::path& path,
                                                             std::string& why_anew) {
  const sqlite::OpenOptions options{.durability = sqlite::Durability::kLately};
  CROSSLINE_TRY(auto database, sqlite::open_derived(path, options, kJournalSchema, &why_anew));
  return State::made(std::move(database));
}

Result<std::unique_ptr<SqliteJournals>> SqliteJournals::open_reader(const std::filesystem::path& path) {
  CROSSLINE_TRY(auto database, sqlite::Database::open(path, {.read_only = true}));
  CROSSLINE_CHECK_OK(sqlite::check_version(database, kJournalSchema));
  return State::made(std::move(database));
}

Result<JournalFold> SqliteJournals::load() {
  // One transaction, so that both statements see one state of the file.
  CROSSLINE_CHECK_OK(state_->database.execute("BEGIN"));
  auto loaded = [this]() -> Result<JournalFold> {
    CROSSLINE_TRY(auto position, state_->database.prepare("SELECT size, hashes FROM position"));
    CROSSLINE_TRY(auto row, position.query());
    CROSSLINE_TRY(const bool begun, row.next());
    if (!begun) return fail(ErrorCode::kCorruptData, "the index of journals has no position");
    CROSSLINE_TRY(auto range, merkle::range_from(TreeSize(row.number(0)), row.blob(1)));
    CROSSLINE_TRY(auto statement,
                  state_->database.prepare("SELECT agent, size, hashes, signature FROM journal"));
    CROSSLINE_TRY(auto rows, statement.query());
    JournalFold::Journals journals;
    for (;;) {
      CROSSLINE_TRY(const bool found, rows.next());
      if (!found) return JournalFold(std::move(range), std::move(journals));
      FoldedJournal& journal = journals[std::string(rows.text(0))];
      CROSSLINE_TRY(journal.range, merkle::range_from(TreeSize(rows.number(1)), rows.blob(2)));
      CROSSLINE_TRY(journal.head_signature, crypto::signature_from(rows.blob(3)));
    }
  }();
  CROSSLINE_CHECK_OK(state_->database.execute("COMMIT"));
  return loaded;
}

Result<IndexedEvent> SqliteJournals::find(std::string_view agent, JournalIndex index) {
  CROSSLINE_TRY(auto rows, state_->find.query(agent, index.value()));
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return fail(ErrorCode::kCorruptData, "the index of journals has no position");
  IndexedEvent event{.position = LedgerIndex(rows.number(0)), .journal_size = 0, .run = std::nullopt};
  if (rows.is_null(1)) return event;
  event.journal_size = rows.number(1);
  if (rows.is_null(2)) return event;
  Run run{std::string(agent), JournalIndex(rows.number(2)), LedgerIndex(rows.number(3)), rows.number(4)};
  if (index.value() < run.first.value() + run.count) event.run = std::move(run);
  return event;
}

Result<void> SqliteJournals::save(const JournalFold& fold) {
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(state_->database));
  CROSSLINE_CHECK_OK(state_->save_journals(fold));
  CROSSLINE_CHECK_OK(state_->save_runs(fold));
  CROSSLINE_TRY(auto set_position,
                state_->database.prepare("UPDATE position SET size = ?, hashes = ? WHERE id = 1"));
  const Bytes hashes = merkle::range_bytes(fold.range());
  CROSSLINE_CHECK_OK(set_position.run(fold.range().size().value(), ByteView(hashes)));
  return transaction.commit();
}

Result<void> SqliteJournals::clear() {
  state_->ids.clear();
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(state_->database));
  CROSSLINE_CHECK_OK(state_->database.execute(
      "DELETE FROM run; DELETE FROM journal; UPDATE position SET size = 0, hashes = x'' WHERE id = 1"));
  return transaction.commit();
}

}  // namespace crossline::server
