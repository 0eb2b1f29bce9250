#include "station_json.hpp"

#include "crossline/agent/declaration.hpp"
#include "crossline/base/bytes.hpp"
#include "crossline/base/time.hpp"
#include "crossline/documents/dates.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace crossline::agent {
namespace {

using nlohmann::json;

template <class T, class ToJson>
json or_null(const std::optional<T>& value, ToJson to_json) {
  return value ? json(to_json(*value)) : json();
}
json text_or_null(const std::optional<char>& value) {
  return or_null(value, [](char c) { return std::string(1, c); });
}

json document_json(const Traveller& traveller) {
  const documents::Mrz& document = traveller.document;
  const bool cyrillic = !document.primary_names_cyrillic.empty();
  return {{"kind", documents::name_of(document.kind)},
          {"issuer", document.issuer},
          {"number", document.number},
          {"primary_name", cyrillic ? document.primary_names_cyrillic : document.primary_names},
          {"secondary_name", cyrillic ? document.secondary_names_cyrillic : document.secondary_names},
          {"birth_date", documents::to_iso(document.birth.date)},
          {"sex", documents::name_of(document.sex)},
          {"nationality", document.nationality},
          {"expiry_date", documents::to_iso(document.expiry.date)},
          {"valid_days", or_null(traveller.movement.document_valid_days, [](auto days) { return days; })},
          {"age_years", or_null(traveller.movement.age_years, [](auto age) { return age; })},
          {"names_truncated", document.names_truncated}};
}

json field_json(const documents::FieldEvidence& field) {
  return {{"field", documents::name_of(field.field)},
          {"status", documents::name_of(field.status)},
          {"raw", field.raw},
          {"value", field.value},
          {"digit_read", text_or_null(field.digit_read)},
          {"digit_computed", text_or_null(field.digit_computed)},
          {"line", field.position.line},
          {"first", field.position.first},
          {"last", field.position.last}};
}

// The fields that are not in order; what is no zone at all fails as a whole.
json fields_json(const Scan& scan) {
  json fields = json::array();
  if (!scan.unusable && !scan.traveller) {  // no zone at all; said and acknowledged, it is still none
    documents::FieldEvidence zone;
    zone.status = documents::FieldStatus::kUnreadable;
    fields.push_back(field_json(zone));
    return fields;
  }
  const documents::Mrz& document = scan.unusable ? *scan.unusable : scan.traveller->document;
  for (const documents::FieldEvidence& field : document.fields) {
    if (field.status != documents::FieldStatus::kOk) fields.push_back(field_json(field));
  }
  return fields;
}

json words_json(const Assessment& shown, const procedure::Reason& reason) {
  json words = json::array();
  if (reason.relief != procedure::Relief::kOverridden) return words;
  const auto aside = std::ranges::find(shown.set_aside, reason.article, &SetAside::article);
  if (aside == shown.set_aside.end()) return words;
  for (const movement::OverrideEntry& word : aside->words)
    words.push_back({{"role", word.role}, {"given_at", format_utc(word.granted_at)}});
  return words;
}

json decision_json(const Scan& scan) {
  if (!scan.shown) return json();
  json reasons = json::array();
  for (const procedure::Reason& reason : scan.shown->reasons) {
    reasons.push_back({{"article", reason.article},
                       {"kind", procedure::name_of(reason.kind)},
                       {"outcome", procedure::name_of(reason.outcome)},
                       {"text", reason.text},
                       {"failing_fact", reason.failing_fact},
                       {"remedy", reason.remedy},
                       {"relief", procedure::name_of(reason.relief)},
                       {"words", words_json(*scan.shown, reason)}});
  }
  const bool differs = !scan.decided_offline && scan.local->verdict != scan.shown->verdict;
  return {{"verdict", procedure::name_of(scan.shown->verdict)},
          {"headline", scan.shown->headline},
          {"reasons", std::move(reasons)},
          {"duties", scan.shown->duties},
          {"decided", scan.decided_offline ? "offline" : "online"},
          {"local_verdict", differs ? json(procedure::name_of(scan.local->verdict)) : json()},
          {"edition", scan.shown->edition},
          {"returning", scan.shown->returning}};
}

json recorded_json(const Recorded& recorded) {
  return {{"journal_index", recorded.index.value()},
          {"outcome", movement::name_of(recorded.outcome)},
          {"recorded_at", format_utc(recorded.at)}};
}

json previous_json(const Repeated& repeated, const movement::Post& post) {
  return {{"recorded_at", format_utc(repeated.at)},
          {"checkpoint", post.checkpoint},
          {"side", movement::name_of(post.side)},
          {"direction", movement::name_of(repeated.direction)},
          {"journal_index", repeated.index.value()}};
}

json shift_json(const Shift& shift) {
  return {{"officer", shift.officer},
          {"direction", movement::name_of(shift.direction)},
          {"language", shift.language},
          {"started_at", format_utc(shift.started_at)}};
}

json connection_json(const Uplink& uplink) {
  const bool starting = uplink.reason() == LinkReason::kStarting;
  const LinkState state =
      uplink.state() == LinkState::kDown && starting ? LinkState::kGreeting : uplink.state();
  return {
      {"state", name_of(state)}, {"since", format_utc(uplink.since())}, {"reason", name_of(uplink.reason())}};
}

json recording_json(const Journal& journal) {
  if (!journal.halted()) return {{"ok", true}, {"code", nullptr}};
  const ErrorCode why = journal.halted()->code;
  const bool is_named = why == ErrorCode::kStorageFull || why == ErrorCode::kForked;
  return {{"ok", false}, {"code", name_of(is_named ? why : ErrorCode::kStorageFailed)}};
}

json edition_json(const procedure::Edition& edition, UtcMillis now) {
  return {{"number", edition.number()},
          {"hash", edition.hash().hex()},
          {"in_force", edition.in_force(now)},
          {"from", format_utc(edition.from())},
          {"until", format_utc(edition.until())}};
}

json queue_json(const Station& station) {
  const auto oldest = station.uplink().oldest_unsent();
  const auto age_of = [&](UtcMillis at) { return std::max<std::int64_t>(0, station.now().ms - at.ms); };
  return {{"count", station.journal().unsent()}, {"oldest_age_ms", or_null(oldest, age_of)}};
}

json ledger_head_json(const Replica& replica) {
  if (replica.ledger().size.value() == 0) return json();
  return {{"size", replica.ledger().size.value()},
          {"root", to_base64(replica.ledger().root.view())},
          {"seen_at", format_utc(replica.ledger_seen_at())}};
}

json officers_json(const Station& station, const PageSettings& page) {
  json officers = json::array();
  if (station.shift()) return officers;
  for (const OfficerRecord& officer : page.officers.all())
    officers.push_back({{"id", officer.id}, {"language", officer.language}});
  return officers;
}

json alarms_json(const Alarms& alarms) {
  json all = json::array();
  for (const Alarm& alarm : alarms.all())
    all.push_back({{"code", name_of(alarm.code)}, {"at", format_utc(alarm.at)}});
  return all;
}

bool waits_for_officer(const Scan& scan) {
  return scan.step != Step::kDone && scan.step != Step::kAsking && scan.step != Step::kCollected;
}

// The scan that waits for the officer, so that a reloaded page goes on where it was.
json waiting_scan_json(const Station& station) {
  const ScanSession& desk = station.desk();
  if (desk.aside() && waits_for_officer(*desk.aside())) return scan_json(*desk.aside(), station);
  if (desk.state() == SessionState::kDecided && desk.group()) return json();
  const auto waiting = std::ranges::find_if(desk.members(), waits_for_officer);
  return waiting == desk.members().end() ? json() : scan_json(*waiting, station);
}

// What the page asks the officer, because an article of the edition asks it.
json asked_json(const procedure::Edition& edition, std::string_view language) {
  const Asked asked = asked_by(edition);
  json goods = json::array();
  for (const procedure::GoodsKind& kind : edition.procedure().goods) {
    if (asked.goods)
      goods.push_back({{"name", kind.name}, {"text", kind.text.in(language)}, {"unit", kind.unit}});
  }
  json facts = json::array();
  for (const procedure::DeclaredKind& kind : edition.procedure().declared) {
    facts.push_back({{"name", kind.name},
                     {"text", kind.text.in(language)},
                     {"type", procedure::name_of(kind.type)},
                     {"values", kind.values}});
  }
  return {{"mode", asked.mode},        {"convoy", asked.convoy},
          {"weapons", asked.weapons},  {"arms_handed_over", asked.arms_handed_over},
          {"goods", std::move(goods)}, {"facts", std::move(facts)}};
}

}  // namespace

std::string id_text(const std::array<std::uint8_t, 8>& id) {
  return to_hex(id);
}

std::optional<std::array<std::uint8_t, 8>> id_from(std::string_view text) {
  const auto bytes = from_hex(text);
  std::array<std::uint8_t, 8> id{};
  if (!bytes || bytes->size() != id.size()) return std::nullopt;
  std::ranges::copy(*bytes, id.begin());
  return id_text(id) == text ? std::optional(id) : std::nullopt;
}

json scan_json(const Scan& scan, const Station& station) {
  const movement::Movement* movement = scan.traveller ? &scan.traveller->movement : nullptr;
  const bool is_member = station.desk().group().has_value();
  const bool has_category = movement != nullptr && !movement->category.empty();
  json with;
  if (scan.with)
    with = {{"scan_id", id_text(scan.with->scan)}, {"relation", procedure::name_of(scan.with->relation)}};
  return {
      {"scan_id", id_text(scan.id)},
      {"step", name_of(scan.step)},
      {"direction",
       movement::name_of(movement != nullptr ? movement->direction : station.shift()->direction)},
      {"document", scan.traveller ? document_json(*scan.traveller) : json()},
      {"fields", fields_json(scan)},
      {"repaired", movement != nullptr && movement->document_repaired},
      {"category", has_category ? json(movement->category) : json()},
      {"fitting_categories", scan.traveller ? json(scan.traveller->categories) : json::array()},
      {"decision", decision_json(scan)},
      {"recorded", or_null(scan.recorded, recorded_json)},
      {"previous", or_null(scan.repeated,
                           [&](const Repeated& one) { return previous_json(one, station.settings().post); })},
      {"group_id", is_member ? json(id_text(*station.desk().group())) : json()},
      {"with", std::move(with)},
      {"elapsed_ms", station.steady_ms() - scan.started_ms}};
}

json group_json(const Station& station) {
  const ScanSession& desk = station.desk();
  json members = json::array();
  for (const Scan& member : desk.members()) members.push_back(scan_json(member, station));
  // The page has no state of its own for a group whose answers are on their way.
  const SessionState state = desk.state() == SessionState::kAsking ? SessionState::kOpen : desk.state();
  return {{"group_id", id_text(*desk.group())},
          {"state", name_of(state)},
          {"verdict",
           or_null(desk.verdict(), [](movement::Verdict verdict) { return procedure::name_of(verdict); })},
          {"members", std::move(members)}};
}

json history_json(const HistoryEntry& entry, const Station& station) {
  const movement::Movement& movement = entry.movement;
  const UtcMillis undo_until = entry.at.plus(static_cast<std::int64_t>(station.settings().undo_ms));
  const bool can_undo = !entry.corrected && station.now() <= undo_until;
  return {{"journal_index", entry.index.value()},
          {"recorded_at", format_utc(entry.at)},
          {"direction", movement::name_of(movement.direction)},
          {"outcome", movement::name_of(movement.outcome)},
          {"verdict", procedure::name_of(movement.verdict)},
          {"articles", movement.articles},
          {"decided_offline", movement.decided_offline},
          {"document", or_null(entry.traveller, document_json)},
          {"corrected", entry.corrected},
          {"undo_until", can_undo ? json(format_utc(undo_until)) : json()},
          {"sent", entry.index < station.journal().acknowledged()}};
}

json station_json(const Station& station, const PageSettings& page) {
  const Settings& settings = station.settings();
  const std::string language = station.shift() ? station.shift()->language : "en";
  json directions = json::array();
  for (const auto direction : {movement::Direction::kExit, movement::Direction::kEntry,
                               movement::Direction::kAToB, movement::Direction::kBToA}) {
    if (movement::direction_fits(settings.post.side, direction))
      directions.push_back(movement::name_of(direction));
  }
  json categories = json::array();
  for (const procedure::Category& category : station.edition().categories())
    categories.push_back({{"name", category.name}, {"text", category.text.in(language)}});
  const bool has_group = station.desk().group() && station.desk().state() != SessionState::kDone;
  return {{"line", settings.line},
          {"checkpoint", settings.post.checkpoint},
          {"side", movement::name_of(settings.post.side)},
          {"agent", settings.agent},
          {"directions", std::move(directions)},
          {"shift", or_null(station.shift(), shift_json)},
          {"officers", officers_json(station, page)},
          {"connection", connection_json(station.uplink())},
          {"recording", recording_json(station.journal())},
          {"edition", edition_json(station.edition(), station.now())},
          {"queue", queue_json(station)},
          {"journal_size", station.journal().size().value()},
          {"ledger_head", ledger_head_json(station.replica())},
          {"categories", std::move(categories)},
          {"asked", asked_json(station.edition(), language)},
          {"languages", station.edition().languages()},
          {"scan", waiting_scan_json(station)},
          {"group", has_group ? group_json(station) : json()},
          {"undo_window_ms", settings.undo_ms},
          {"reader",
           {{"prefix", settings.reader_prefix},
            {"suffix", settings.reader_suffix},
            {"terminator", page.terminator}}},
          {"alarms", alarms_json(station.alarms())},
          {"now", format_utc(station.now())}};
}

}  // namespace crossline::agent
