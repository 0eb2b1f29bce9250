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

constexpr std::string_view kProven = "proven: ";
constexpr std::string_view kClaimed = "claimed: ";

std::string words_of(const witness::Alarm& alarm) {
  return std::string(alarm.proven ? kProven : kClaimed) + alarm.what;
}

Result<bool> is_kept(sqlite::Database& database, const witness::Alarm& alarm) {
  CROSSLINE_TRY(auto find,
                database.prepare("SELECT 1 FROM alarm WHERE origin = ? AND what = ? AND note = ?"));
  const std::string words = words_of(alarm);
  CROSSLINE_TRY(auto rows, find.query(std::string_view(alarm.origin), std::string_view(words),
                                      std::string_view(alarm.note)));
  return rows.next();
}

Result<bool> has_room(sqlite::Database& database, const witness::Alarm& alarm) {
  CROSSLINE_TRY(
      auto count,
      database.prepare("SELECT count(*) FROM alarm WHERE origin = ? AND (what LIKE 'claimed: %') = ?"));
  CROSSLINE_TRY(auto rows, count.query(std::string_view(alarm.origin), std::int64_t{alarm.proven ? 0 : 1}));
  CROSSLINE_TRY(const bool found, rows.next());
  const std::size_t room = alarm.proven ? WitnessStore::kMaxProven : WitnessStore::kMaxClaims;
  return found && std::cmp_less(rows.integer(0), room);
}

// Whether it is kept now, or was before.
Result<bool> keep(sqlite::Database& database, const witness::Alarm& alarm, std::string_view remembered,
                  UtcMillis now) {
  CROSSLINE_TRY(const bool kept, is_kept(database, alarm));
  if (kept) return true;
  CROSSLINE_TRY(const bool room, has_room(database, alarm));
  if (!room) return false;
  CROSSLINE_TRY(auto put, database.prepare("INSERT INTO alarm(at_ms, origin, what, note, remembered) "
                                           "VALUES(?, ?, ?, ?, ?)"));
  const std::string words = words_of(alarm);
  CROSSLINE_CHECK_OK(put.run(now.ms, std::string_view(alarm.origin), std::string_view(words),
                             std::string_view(alarm.note), remembered));
  return true;
}

// The report in one spelling: of each head's signatures the log's own alone.
Result<merkle::Misbehaviour> stripped(merkle::Misbehaviour report,
                                      std::span<const merkle::NoteVerifierKey> logs) {
  for (merkle::SignedNote& head : report.heads) {
    CROSSLINE_TRY(head, witness::with_verified_line(head, logs));
  }
  return report;
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
  if (decision.alarm) {
    CROSSLINE_CHECK_OK(keep(database, *decision.alarm, remembered ? remembered->note : "", now));
    decision.answer.alarm = decision.alarm->what;
  }
  CROSSLINE_CHECK_OK(transaction.commit());
  return std::move(decision.answer);
}

Result<witness::Answer> WitnessStore::take_report(const witness::Witness& witness, std::string_view body,
                                                  UtcMillis now) {
  const auto report = merkle::Misbehaviour::parse(body);
  if (!report) return witness::Answer{.status = 400, .body = report.error().message + "\n"};
  const auto found = merkle::check_misbehaviour(*report, witness.logs());
  if (!found) return witness::Answer{.status = 403, .body = found.error().message + "\n"};
  CROSSLINE_TRY(const merkle::Misbehaviour kept_report, stripped(*report, witness.logs()));
  const witness::Alarm alarm{
      .origin = found->origin,
      .what = fmt::format(
          "heads of {} and {} entries {}", found->heads[0].size.value(), found->heads[1].size.value(),
          found->proven ? "are of two histories" : "do not fit; the log has to show that they do"),
      .note = kept_report.to_string(),
      .proven = found->proven};
  sqlite::Database& database = state_->database;
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(database));
  CROSSLINE_TRY(const auto remembered, recall(database, found->origin));
  CROSSLINE_TRY(const bool kept, keep(database, alarm, remembered ? remembered->note : "", now));
  CROSSLINE_CHECK_OK(transaction.commit());
  if (kept) return witness::Answer{.status = 200, .body = words_of(alarm) + "\n"};
  if (alarm.proven) return witness::Answer{.status = 503, .body = "too many alarms: nobody reads them\n"};
  return witness::Answer{.status = 403, .body = "too many claims without a proof\n"};
}

Result<std::optional<std::string>> WitnessStore::last_head(std::string_view origin_hash) {
  CROSSLINE_TRY(auto statement, state_->database.prepare("SELECT note FROM head WHERE origin_hash = ?"));
  CROSSLINE_TRY(auto rows, statement.query(origin_hash));
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return std::nullopt;
  return std::optional(std::string(rows.text(0)));
}

Result<std::vector<KeptAlarm>> WitnessStore::alarms() {
  CROSSLINE_TRY(
      auto statement,
      state_->database.prepare("SELECT id, at_ms, origin, what, note, remembered FROM alarm ORDER BY id"));
  CROSSLINE_TRY(auto rows, statement.query());
  std::vector<KeptAlarm> alarms;
  for (;;) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return alarms;
    alarms.push_back({rows.integer(0), UtcMillis{rows.integer(1)}, std::string(rows.text(2)),
                      std::string(rows.text(3)), std::string(rows.text(4)), std::string(rows.text(5))});
  }
}

Result<void> WitnessStore::dismiss(std::int64_t id) {
  CROSSLINE_TRY(auto remove,
                state_->database.prepare("DELETE FROM alarm WHERE id = ? AND what LIKE 'claimed: %'"));
  CROSSLINE_TRY(const std::int64_t removed, remove.run(id));
  if (removed == 0) return fail(ErrorCode::kNotFound, "there is no claim {}; what is proven stays", id);
  return {};
}

}  // namespace crossline::tools
