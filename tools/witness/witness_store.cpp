#include "tools/witness/witness_store.hpp"

#include "crossline/sqlite/database.hpp"
#include "crossline/sqlite/schema.hpp"

#include <array>
#include <utility>

namespace crossline::tools {
namespace {

constexpr std::array<const char*, 1> kSteps = {R"sql(
  CREATE TABLE head(origin TEXT PRIMARY KEY, origin_hash TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL);
  CREATE TABLE alarm(
    id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, origin TEXT NOT NULL, what TEXT NOT NULL, note TEXT NOT NULL,
    remembered TEXT NOT NULL, UNIQUE(origin, what, note));
)sql"};
constexpr sqlite::Schema kSchema{.name = "witness", .application_id = 0x436c5769, .steps = kSteps};  // "ClWi"

Result<std::optional<witness::Remembered>> recall(sqlite::Database& database, const std::string& origin) {
  CROSSLINE_TRY(auto statement, database.prepare("SELECT size, root, note FROM head WHERE origin = ?"));
  CROSSLINE_TRY(auto rows, statement.query(std::string_view(origin)));
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return std::nullopt;
  witness::Remembered remembered;
  remembered.head.size = TreeSize(rows.number(0));
  CROSSLINE_TRY(remembered.head.root, crypto::hash_from(rows.blob(1)));
  remembered.note = rows.text(2);
  return std::optional(std::move(remembered));
}

Result<void> keep(sqlite::Database& database, const std::string& origin, const witness::Remembered& head) {
  CROSSLINE_TRY(auto put, database.prepare("INSERT OR REPLACE INTO head VALUES(?, ?, ?, ?, ?)"));
  const std::string hash = crypto::sha256(as_bytes(origin)).hex();
  CROSSLINE_CHECK_OK(put.run(std::string_view(origin), std::string_view(hash), head.head.size.value(),
                             head.head.root.view(), std::string_view(head.note)));
  return {};
}

Result<void> keep(sqlite::Database& database, const witness::Alarm& alarm, std::string_view remembered,
                  UtcMillis now) {
  CROSSLINE_TRY(const std::int64_t count, database.query_number("SELECT count(*) FROM alarm"));
  if (std::cmp_greater_equal(count, WitnessStore::kMaxAlarms)) return {};
  CROSSLINE_TRY(auto put,
                database.prepare("INSERT OR IGNORE INTO alarm(at_ms, origin, what, note, remembered) "
                                 "VALUES(?, ?, ?, ?, ?)"));
  CROSSLINE_CHECK_OK(put.run(now.ms, std::string_view(alarm.origin), std::string_view(alarm.what),
                             std::string_view(alarm.note), remembered));
  return {};
}

Result<bool> is_kept(sqlite::Database& database, const witness::Alarm& alarm) {
  CROSSLINE_TRY(auto find,
                database.prepare("SELECT 1 FROM alarm WHERE origin = ? AND what = ? AND note = ?"));
  CROSSLINE_TRY(auto rows, find.query(std::string_view(alarm.origin), std::string_view(alarm.what),
                                      std::string_view(alarm.note)));
  return rows.next();
}

}  // namespace

struct WitnessStore::State {
  sqlite::Database database;
};

WitnessStore::WitnessStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
WitnessStore::~WitnessStore() = default;
WitnessStore::WitnessStore(WitnessStore&&) noexcept = default;

Result<WitnessStore> WitnessStore::open(const std::filesystem::path& path) {
  CROSSLINE_TRY(auto database, sqlite::Database::open(path, {}));
  CROSSLINE_CHECK_OK(sqlite::migrate(database, kSchema));
  return WitnessStore(std::unique_ptr<State>(new State{std::move(database)}));
}

Result<witness::Answer> WitnessStore::answer(const witness::Witness& witness, std::string_view body,
                                             UtcMillis now) {
  const auto request = witness::AddRequest::parse(body);
  if (!request) return witness::Answer{.status = 400, .body = request.error().message + "\n"};
  const auto origin = witness.origin_of(*request);
  if (!origin) return origin.error();
  sqlite::Database& database = state_->database;
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(database));
  CROSSLINE_TRY(const auto remembered, recall(database, *origin));
  witness::Decision decision = witness.decide(*request, remembered, now);
  if (decision.remember) CROSSLINE_CHECK_OK(keep(database, *origin, *decision.remember));
  if (decision.alarm)
    CROSSLINE_CHECK_OK(keep(database, *decision.alarm, remembered ? remembered->note : "", now));
  CROSSLINE_CHECK_OK(transaction.commit());
  return std::move(decision.answer);
}

Result<witness::Answer> WitnessStore::take_report(const witness::Witness& witness, std::string_view body,
                                                  UtcMillis now) {
  const auto report = merkle::Misbehaviour::parse(body);
  if (!report) return witness::Answer{.status = 400, .body = report.error().message + "\n"};
  const auto found = merkle::check_misbehaviour(*report, witness.logs());
  if (!found) return witness::Answer{.status = 403, .body = found.error().message + "\n"};
  const std::string what =
      fmt::format("{}: heads of {} and {} entries {}", found->proven ? "proven" : "claimed",
                  found->heads[0].size.value(), found->heads[1].size.value(),
                  found->proven ? "are of two histories" : "do not fit; the log has to show that they do");
  const witness::Alarm alarm{.origin = found->origin, .what = what, .note = std::string(body)};
  sqlite::Database& database = state_->database;
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(database));
  CROSSLINE_TRY(bool kept, is_kept(database, alarm));
  if (kept) return witness::Answer{.status = 200, .body = what + "\n"};
  CROSSLINE_TRY(const std::int64_t claims,
                database.query_number("SELECT count(*) FROM alarm WHERE what LIKE 'claimed:%'"));
  if (!found->proven && std::cmp_greater_equal(claims, kMaxClaims))
    return witness::Answer{.status = 403, .body = "too many claims without a proof\n"};
  CROSSLINE_TRY(const auto remembered, recall(database, found->origin));
  CROSSLINE_CHECK_OK(keep(database, alarm, remembered ? remembered->note : "", now));
  CROSSLINE_TRY(kept, is_kept(database, alarm));
  CROSSLINE_CHECK_OK(transaction.commit());
  if (!kept) return witness::Answer{.status = 503, .body = "too many alarms: nobody reads them\n"};
  return witness::Answer{.status = 200, .body = what + "\n"};
}

Result<std::optional<std::string>> WitnessStore::last_head(std::string_view origin_hash) {
  CROSSLINE_TRY(auto statement, state_->database.prepare("SELECT note FROM head WHERE origin_hash = ?"));
  CROSSLINE_TRY(auto rows, statement.query(origin_hash));
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return std::nullopt;
  return std::optional(std::string(rows.text(0)));
}

Result<std::vector<KeptAlarm>> WitnessStore::alarms() {
  CROSSLINE_TRY(auto statement, state_->database.prepare(
                                    "SELECT at_ms, origin, what, note, remembered FROM alarm ORDER BY id"));
  CROSSLINE_TRY(auto rows, statement.query());
  std::vector<KeptAlarm> alarms;
  for (;;) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return alarms;
    alarms.push_back({UtcMillis{rows.integer(0)}, std::string(rows.text(1)), std::string(rows.text(2)),
                      std::string(rows.text(3)), std::string(rows.text(4))});
  }
}

}  // namespace crossline::tools
