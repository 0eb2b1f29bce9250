#include "crossline/server/sqlite_views.hpp"

#include "crossline/sqlite/database.hpp"
#include "crossline/sqlite/schema.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>
#include <vector>

namespace crossline::server {
namespace {

// A step that adds a kind of row empties the file: who reads it next folds the ledger from its beginning.
constexpr std::array<const char*, 2> kViewSteps = {R"sql(
  CREATE TABLE row(kind INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;
  CREATE TABLE progress(id INTEGER PRIMARY KEY CHECK(id = 1), position INTEGER NOT NULL);
  INSERT INTO progress VALUES(1, 0);
)sql",
                                                   // The steps of notices; parts of a quota's day.
                                                   "DELETE FROM row; UPDATE progress SET position = 0"};
constexpr sqlite::Schema kViewSchema{
    .name = "view", .application_id = 0x436c5677, .steps = kViewSteps};  // "ClVw"
constexpr int kCheckpointPages = 4'000;

}  // namespace

struct SqliteViews::State {
  sqlite::Database database;
  sqlite::Statement put;
  sqlite::Statement erase;
  sqlite::Statement set_position;
};

SqliteViews::SqliteViews(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteViews::~SqliteViews() = default;

Result<std::unique_ptr<SqliteViews>> SqliteViews::open(
    const std::filesystem::path& path, const std::function<void(std::string_view line)>& say) {
  const sqlite::OpenOptions options{.durability = sqlite::Durability::kLately,
                                    .checkpoint_pages = kCheckpointPages};
  std::string why_anew;
  CROSSLINE_TRY(auto database, sqlite::open_derived(path, options, kViewSchema, &why_anew));
  if (say && !why_anew.empty())
    say(fmt::format("the views are made again from the whole ledger: {}", why_anew));
  CROSSLINE_TRY(auto put, database.prepare("INSERT OR REPLACE INTO row VALUES(?, ?, ?)"));
  CROSSLINE_TRY(auto erase, database.prepare("DELETE FROM row WHERE kind = ? AND key = ?"));
  CROSSLINE_TRY(auto set_position, database.prepare("UPDATE progress SET position = ?"));
  return std::unique_ptr<SqliteViews>(new SqliteViews(std::unique_ptr<State>(
      new State{std::move(database), std::move(put), std::move(erase), std::move(set_position)})));
}

Result<LedgerIndex> SqliteViews::position() {
  CROSSLINE_TRY(const std::int64_t position, state_->database.query_number("SELECT position FROM progress"));
  return LedgerIndex(static_cast<std::uint64_t>(position));
}

Result<void> SqliteViews::load(const std::function<Result<void>(const ViewRow& row)>& take) {
  CROSSLINE_TRY(auto statement,
                state_->database.prepare("SELECT kind, key, value FROM row ORDER BY kind, key"));
  CROSSLINE_TRY(auto rows, statement.query());
  for (;;) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return {};
    if (rows.number(0) >= kViewKinds) return fail(ErrorCode::kCorruptData, "a view's row of an unknown kind");
    CROSSLINE_CHECK_OK(
        take({static_cast<ViewKind>(rows.number(0)), std::string(rows.text(1)), std::string(rows.text(2))}));
  }
}

Result<void> SqliteViews::save(LedgerIndex position, std::span<const ViewRow> rows) {
  // In the order of the tree, neighbours share a page.
  std::vector<const ViewRow*> sorted;
  sorted.reserve(rows.size());
  for (const ViewRow& row : rows) sorted.push_back(&row);
  std::sort(sorted.begin(), sorted.end(), [](const ViewRow* a, const ViewRow* b) {
    return std::tie(a->kind, a->key) < std::tie(b->kind, b->key);
  });
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(state_->database));
  for (const ViewRow* row : sorted) {
    const int kind = static_cast<int>(row->kind);
    if (row->value) {
      CROSSLINE_CHECK_OK(state_->put.run(kind, as_bytes(row->key), as_bytes(*row->value)));
    } else {
      CROSSLINE_CHECK_OK(state_->erase.run(kind, as_bytes(row->key)));
    }
  }
  CROSSLINE_CHECK_OK(state_->set_position.run(position.value()));
  return transaction.commit();
}

Result<void> SqliteViews::clear() {
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(state_->database));
  CROSSLINE_CHECK_OK(state_->database.execute("DELETE FROM row; UPDATE progress SET position = 0"));
  return transaction.commit();
}

}  // namespace crossline::server
