#include "crossline/accounts/sqlite_accounts.hpp"

#include "crossline/sqlite/database.hpp"
#include "crossline/sqlite/schema.hpp"

#include <mutex>
#include <system_error>
#include <utility>

namespace crossline::accounts {
namespace {

constexpr const char* kSteps[] = {
    R"(CREATE TABLE account (
         name TEXT NOT NULL PRIMARY KEY,
         party TEXT NOT NULL,
         role TEXT NOT NULL,
         language TEXT NOT NULL,
         password_hash TEXT NOT NULL,
         disabled INTEGER NOT NULL,
         created_at_ms INTEGER NOT NULL,
         password_set_at_ms INTEGER NOT NULL
       ) STRICT, WITHOUT ROWID;
       CREATE TABLE session (
         token_hash BLOB NOT NULL PRIMARY KEY,
         account TEXT NOT NULL REFERENCES account (name),
         started_at_ms INTEGER NOT NULL,
         used_at_ms INTEGER NOT NULL
       ) STRICT, WITHOUT ROWID;
       CREATE INDEX session_of_account ON session (account, used_at_ms);)"};
constexpr sqlite::Schema kSchema{"accounts", 0x436C4163 /* "ClAc" */, kSteps};

constexpr std::string_view kAccountColumns =
    "name, party, role, language, password_hash, disabled, created_at_ms, password_set_at_ms";

Result<Account> account_of(const sqlite::Rows& row) {
  const auto party = party_from(row.text(1));
  const auto role = role_from(row.text(2));
  if (!party || !role)
    return fail(ErrorCode::kCorruptData, "the store holds an account without party or role");
  return Account{.name = std::string(row.text(0)),
                 .party = *party,
                 .role = *role,
                 .language = std::string(row.text(3)),
                 .password_hash = std::string(row.text(4)),
                 .disabled = row.integer(5) != 0,
                 .created_at = {row.integer(6)},
                 .password_set_at = {row.integer(7)}};
}

// Readable by its owner alone; the files that SQLite puts beside it inherit that.
Result<void> close_to_others(const std::filesystem::path& path) {
  using std::filesystem::perms;
  std::error_code error;
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write, error);
  if (error) return fail(ErrorCode::kUnavailable, "{}: {}", path.string(), error.message());
  return {};
}

}  // namespace

struct SqliteAccounts::State {
  std::mutex mutex;
  sqlite::Database database;
  sqlite::Statement add, update, find, list;
  sqlite::Statement add_session, trim_sessions, find_session, touch_session, end_session, end_of, end_before;

  static Result<std::unique_ptr<State>> make(sqlite::Database database);
};

Result<std::unique_ptr<SqliteAccounts::State>> SqliteAccounts::State::make(sqlite::Database database) {
  const auto select = fmt::format("SELECT {} FROM account ", kAccountColumns);
  const auto insert =
      fmt::format("INSERT INTO account ({}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", kAccountColumns);
  CROSSLINE_TRY(auto add, database.prepare(insert));
  CROSSLINE_TRY(
      auto update,
      database.prepare("UPDATE account SET party = ?2, role = ?3, language = ?4, password_hash = ?5, "
                       "disabled = ?6, created_at_ms = ?7, password_set_at_ms = ?8 WHERE name = ?1"));
  CROSSLINE_TRY(auto find, database.prepare(select + "WHERE name = ?1"));
  CROSSLINE_TRY(auto list, database.prepare(select + "ORDER BY name"));
  CROSSLINE_TRY(auto add_session, database.prepare("INSERT INTO session VALUES (?1, ?2, ?3, ?4)"));
  CROSSLINE_TRY(auto trim,
                database.prepare("DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM "
                                 "session WHERE account = ?1 ORDER BY used_at_ms DESC LIMIT -1 OFFSET ?2)"));
  CROSSLINE_TRY(auto find_session, database.prepare("SELECT account, started_at_ms, used_at_ms FROM session "
                                                    "WHERE token_hash = ?1"));
  CROSSLINE_TRY(auto touch, database.prepare("UPDATE session SET used_at_ms = ?2 WHERE token_hash = ?1"));
  CROSSLINE_TRY(auto end, database.prepare("DELETE FROM session WHERE token_hash = ?1"));
  CROSSLINE_TRY(auto end_of, database.prepare("DELETE FROM session WHERE account = ?1"));
  CROSSLINE_TRY(auto end_before,
                database.prepare("DELETE FROM session WHERE started_at_ms < ?1 OR used_at_ms < ?2"));
  return std::unique_ptr<State>(new State{{},
                                          std::move(database),
                                          std::move(add),
                                          std::move(update),
                                          std::move(find),
                                          std::move(list),
                                          std::move(add_session),
                                          std::move(trim),
                                          std::move(find_session),
                                          std::move(touch),
                                          std::move(end),
                                          std::move(end_of),
                                          std::move(end_before)});
}

SqliteAccounts::SqliteAccounts(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteAccounts::~SqliteAccounts() = default;

Result<std::unique_ptr<SqliteAccounts>> SqliteAccounts::open(const std::filesystem::path& path) {
  CROSSLINE_TRY(sqlite::Database database, sqlite::Database::open(path, {.cache_kib = 512}));
  CROSSLINE_CHECK_OK(close_to_others(path));
  CROSSLINE_CHECK_OK(sqlite::migrate(database, kSchema));
  CROSSLINE_TRY(auto state, State::make(std::move(database)));
  return std::unique_ptr<SqliteAccounts>(new SqliteAccounts(std::move(state)));
}

Result<void> SqliteAccounts::add(const Account& account) {
  const std::lock_guard lock(state_->mutex);
  auto added = state_->add.run(account.name, name_of(account.party), name_of(account.role), account.language,
                               account.password_hash, account.disabled ? 1 : 0, account.created_at.ms,
                               account.password_set_at.ms);
  if (added) return {};
  if (added.error().code != ErrorCode::kConflict) return std::unexpected(std::move(added).error());
  return fail(ErrorCode::kConflict, "there is an account {} already", account.name);
}

Result<void> SqliteAccounts::update(const Account& account) {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(state_->database));
  CROSSLINE_TRY(const auto changed,
                state_->update.run(account.name, name_of(account.party), name_of(account.role),
                                   account.language, account.password_hash, account.disabled ? 1 : 0,
                                   account.created_at.ms, account.password_set_at.ms));
  if (changed == 0) return fail(ErrorCode::kNotFound, "there is no account {}", account.name);
  CROSSLINE_CHECK_OK(state_->end_of.run(account.name));
  return transaction.commit();
}

Result<std::optional<Account>> SqliteAccounts::find(std::string_view name) {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(auto rows, state_->find.query(name));
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return std::nullopt;
  CROSSLINE_TRY(auto account, account_of(rows));
  return account;
}

Result<std::vector<Account>> SqliteAccounts::list() {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(auto rows, state_->list.query());
  std::vector<Account> all;
  for (;;) {
    CROSSLINE_TRY(const bool more, rows.next());
    if (!more) return all;
    CROSSLINE_TRY(auto account, account_of(rows));
    all.push_back(std::move(account));
  }
}

Result<void> SqliteAccounts::add_session(const Session& session, std::size_t max_sessions) {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(state_->database));
  {
    CROSSLINE_TRY(auto rows, state_->find.query(session.account));
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return fail(ErrorCode::kNotFound, "there is no account {}", session.account);
  }
  CROSSLINE_CHECK_OK(state_->add_session.run(session.token_hash.view(), session.account,
                                             session.started_at.ms, session.used_at.ms));
  CROSSLINE_CHECK_OK(state_->trim_sessions.run(session.account, max_sessions));
  return transaction.commit();
}

Result<std::optional<Session>> SqliteAccounts::find_session(const crypto::Hash& token_hash) {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(auto rows, state_->find_session.query(token_hash.view()));
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return std::nullopt;
  return Session{token_hash, std::string(rows.text(0)), {rows.integer(1)}, {rows.integer(2)}};
}

Result<void> SqliteAccounts::touch_session(const crypto::Hash& token_hash, UtcMillis used_at) {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_CHECK_OK(state_->touch_session.run(token_hash.view(), used_at.ms));
  return {};
}

Result<void> SqliteAccounts::end_session(const crypto::Hash& token_hash) {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_CHECK_OK(state_->end_session.run(token_hash.view()));
  return {};
}

Result<std::size_t> SqliteAccounts::end_sessions_before(UtcMillis started, UtcMillis used) {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(const auto ended, state_->end_before.run(started.ms, used.ms));
  return static_cast<std::size_t>(ended);
}

}  // namespace crossline::accounts
