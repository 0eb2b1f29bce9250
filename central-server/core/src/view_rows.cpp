#include "crossline/server/view_rows.hpp"

#include "crossline/base/byte_io.hpp"
#include "crossline/movement/record_limits.hpp"
#include "crossline/movement/state_bytes.hpp"

#include <vector>

namespace crossline::server {
namespace {

using namespace movement;

constexpr int kPostSides = 3;
constexpr int kDirections = 4;
constexpr int kOutcomes = 5;
constexpr int kVerdicts = 3;
constexpr int kSexes = 3;
constexpr int kAgeBands = 6;
constexpr int kObjections = 2;
constexpr int kRulings = 3;

std::unexpected<Error> corrupt(std::string_view what) {
  return fail(ErrorCode::kCorruptData, "a view's row of {} does not decode", what);
}

std::string index_key(LedgerIndex index) {
  return ByteWriter().put(index.value()).take();
}

// Days before 1970 sort before those after it.
std::uint32_t sorted_day(std::int32_t day) {
  return static_cast<std::uint32_t>(day) ^ 0x8000'0000u;
}
std::int32_t day_from(std::uint32_t sorted) {
  return static_cast<std::int32_t>(sorted ^ 0x8000'0000u);
}

std::string subject_key(const SubjectId& subject) {
  return ByteWriter().put(subject.bytes).take();
}

// Where a local day's rows of a quota lie: the places are taken in turn.
std::uint32_t place_of(std::int32_t day) {
  return sorted_day(day) % static_cast<std::uint32_t>(limits::kQuotaDays);
}
ByteWriter day_key(std::string_view quota, std::int32_t day) {
  ByteWriter key;
  key.put_text(quota).put(place_of(day));
  return key;
}
std::string part_key(std::string_view quota, std::int32_t day, const QuotaPart& part) {
  return day_key(quota, day).put(part.agent).put(part.number).take();
}

// The part is gone from the day that has this place.
void take_uses(std::string_view quota, std::uint32_t place, const QuotaPart& part, Quotas& quotas) {
  const auto of_quota = quotas.all().find(quota);
  if (of_quota == quotas.all().end()) return;
  std::vector<std::int32_t> days;
  for (const auto& [day, state] : of_quota->second)
    if (place_of(day) == place) days.push_back(day);
  for (const std::int32_t day : days) quotas.restore_uses(quota, day, part, {});
}

const std::string& value_of(const ViewRow& row) {
  static const std::string kNothing;
  return row.value ? *row.value : kNothing;
}

}  // namespace

ViewRow subject_row(const SubjectId& subject, const SubjectState& state, const Names& names) {
  return {ViewKind::kSubject, subject_key(subject), encode_state(state, names)};
}

Result<SubjectId> restore_subject(const ViewRow& row, World& world) {
  SubjectId subject;
  ByteReader key(row.key);
  subject.bytes = key.get_array<16>();
  auto state = decode_state(value_of(row), world.restore_names());
  if (!key.finished() || !state) return corrupt("a subject");
  world.restore_subject(subject, *std::move(state));
  return subject;
}

ViewRow clock_row(const std::string& agent, UtcMillis last) {
  return {ViewKind::kAgentClock, agent, ByteWriter().put(last.ms).take()};
}

Result<void> restore_clock(const ViewRow& row, World& world) {
  ByteReader in(value_of(row));
  const UtcMillis last{in.get<std::int64_t>()};
  if (row.key.empty() || !in.finished()) return corrupt("an agent's clock");
  world.restore_clock(row.key, last);
  return {};
}

ViewRow closure_row(LedgerIndex index, const Closure& closure) {
  ByteWriter out;
  out.put_text(closure.checkpoint).put(closure.from.ms).put(closure.until.ms);
  out.put_text(closure.reason).put_text(closure.party);
  return {ViewKind::kClosure, index_key(index), out.take()};
}

ViewRow closure_gone(LedgerIndex index) {
  return {ViewKind::kClosure, index_key(index), std::nullopt};
}

Result<std::pair<LedgerIndex, Closure>> closure_from(const ViewRow& row) {
  ByteReader key(row.key);
  ByteReader in(value_of(row));
  const LedgerIndex index(key.get<std::uint64_t>());
  Closure closure;
  closure.checkpoint = in.get_text();
  closure.from.ms = in.get<std::int64_t>();
  closure.until.ms = in.get<std::int64_t>();
  closure.reason = in.get_text();
  closure.party = in.get_text();
  if (!key.finished() || !in.finished()) return corrupt("a closure");
  return std::pair(index, std::move(closure));
}

ViewRow quota_row(std::string_view quota, std::int32_t day, const QuotaDay& state) {
  ByteWriter out;
  out.put(sorted_day(day)).put(static_cast<std::uint32_t>(state.leases.size()));
  for (const QuotaDay::Lease& lease : state.leases) out.put(lease.agent).put(lease.amount);
  return {ViewKind::kQuotaDay, day_key(quota, day).take(), out.take()};
}

ViewRow quota_uses_row(std::string_view quota, std::int32_t day, const QuotaPart& part,
                       std::span<const std::uint64_t> ties) {
  ByteWriter out;
  out.put(sorted_day(day)).put(static_cast<std::uint32_t>(ties.size()));
  for (const std::uint64_t tie : ties) out.put(tie);
  return {ViewKind::kQuotaUses, part_key(quota, day, part), out.take()};
}

ViewRow quota_uses_gone(std::string_view quota, std::int32_t day, const QuotaPart& part) {
  return {ViewKind::kQuotaUses, part_key(quota, day, part), std::nullopt};
}

Result<void> restore_quota(const ViewRow& row, Quotas& quotas) {
  ByteReader key(row.key);
  const std::string quota = key.get_text();
  const auto place = key.get<std::uint32_t>();
  ByteReader in(value_of(row));
  const std::int32_t day = day_from(in.get<std::uint32_t>());
  std::vector<QuotaDay::Lease> leases;
  for (auto count = in.get<std::uint32_t>(); count > 0 && in.ok(); --count) {
    QuotaDay::Lease lease;
    lease.agent = in.get<std::uint32_t>();
    lease.amount = in.get<std::int64_t>();
    leases.push_back(lease);
  }
  if (!key.finished() || !in.finished() || place != place_of(day)) return corrupt("a quota");
  quotas.restore(quota, day, std::move(leases));
  return {};
}

Result<void> restore_quota_uses(const ViewRow& row, Quotas& quotas) {
  ByteReader key(row.key);
  const std::string quota = key.get_text();
  const auto place = key.get<std::uint32_t>();
  QuotaPart part;
  part.agent = key.get<std::uint32_t>();
  part.number = key.get<std::uint32_t>();
  if (!key.finished()) return corrupt("a quota's uses");
  if (!row.value) {
    take_uses(quota, place, part, quotas);
    return {};
  }
  ByteReader in(*row.value);
  const std::int32_t day = day_from(in.get<std::uint32_t>());
  std::vector<std::uint64_t> ties;
  bool is_of_part = true;
  for (auto count = in.get<std::uint32_t>(); count > 0 && in.ok(); --count) {
    ties.push_back(in.get<std::uint64_t>());
    is_of_part = is_of_part && quota_part_of(ties.back()) == part;
  }
  if (!in.finished() || !is_of_part || place != place_of(day)) return corrupt("a quota's uses");
  quotas.restore_uses(quota, day, part, ties);
  return {};
}

ViewRow notice_row(const StandingNotice& notice) {
  const NoticeEntry& state = notice.state;
  ByteWriter out;
  out.put(notice.given.value()).put(state.notified_at.ms).put(state.party);
  out.put(state.objection).put(state.objected_at.ms).put(state.objector);
  out.put(notice.objected.value_or(LedgerIndex{}).value());
  out.put(state.ruling).put(state.ruled_at.ms).put(notice.ruled.value_or(LedgerIndex{}).value());
  return {ViewKind::kNotice, subject_key(notice.subject), out.take()};
}

ViewRow notice_gone(const SubjectId& subject) {
  return {ViewKind::kNotice, subject_key(subject), std::nullopt};
}

Result<StandingNotice> notice_from(const ViewRow& row) {
  ByteReader key(row.key);
  ByteReader in(value_of(row));
  StandingNotice notice;
  NoticeEntry& state = notice.state;
  notice.subject.bytes = key.get_array<16>();
  notice.given = LedgerIndex(in.get<std::uint64_t>());
  state.notified_at.ms = in.get<std::int64_t>();
  state.party = in.get<char>();
  state.objection = in.get_enum<procedure::Notice::Objection>(kObjections);
  state.objected_at.ms = in.get<std::int64_t>();
  state.objector = in.get<char>();
  const LedgerIndex objected(in.get<std::uint64_t>());
  if (state.objection == procedure::Notice::Objection::kRaised) notice.objected = objected;
  state.ruling = in.get_enum<procedure::Notice::Ruling>(kRulings);
  state.ruled_at.ms = in.get<std::int64_t>();
  const LedgerIndex ruled(in.get<std::uint64_t>());
  if (state.ruling != procedure::Notice::Ruling::kPending) notice.ruled = ruled;
  if (!key.finished() || !in.finished()) return corrupt("a notice");
  return notice;
}

ViewRow cell_row(const CubeKey& key, const CubeCell& cell) {
  ByteWriter name;
  name.put(sorted_day(key.day)).put_text(key.checkpoint).put(key.post).put(key.direction).put(key.outcome);
  name.put(key.verdict).put_text(key.category).put(key.sex).put(key.age).put_text(key.issuer);
  ByteWriter out;
  out.put(cell.movements).put(cell.between_count).put(cell.between_ms);
  return {ViewKind::kCell, name.take(), out.take()};
}

Result<void> restore_cell(const ViewRow& row, StatisticsCube& cube) {
  ByteReader name(row.key);
  CubeKey key;
  key.day = day_from(name.get<std::uint32_t>());
  key.checkpoint = name.get_text();
  key.post = name.get_enum<PostSide>(kPostSides);
  key.direction = name.get_enum<Direction>(kDirections);
  key.outcome = name.get_enum<Outcome>(kOutcomes);
  key.verdict = name.get_enum<Verdict>(kVerdicts);
  key.category = name.get_text();
  key.sex = name.get_enum<Sex>(kSexes);
  key.age = name.get_enum<AgeBand>(kAgeBands);
  key.issuer = name.get_text();
  ByteReader in(value_of(row));
  CubeCell cell;
  cell.movements = in.get<std::int64_t>();
  cell.between_count = in.get<std::int64_t>();
  cell.between_ms = in.get<std::int64_t>();
  if (!name.finished() || !in.finished()) return corrupt("a statistics cell");
  cube.restore(key, cell);
  return {};
}

ViewRow article_row(const ArticleKey& key, std::int64_t count) {
  ByteWriter name;
  name.put(sorted_day(key.day)).put_text(key.checkpoint).put_text(key.article).put(key.outcome);
  return {ViewKind::kArticle, name.take(), ByteWriter().put(count).take()};
}

Result<void> restore_article(const ViewRow& row, StatisticsCube& cube) {
  ByteReader name(row.key);
  ArticleKey key;
  key.day = day_from(name.get<std::uint32_t>());
  key.checkpoint = name.get_text();
  key.article = name.get_text();
  key.outcome = name.get_enum<Outcome>(kOutcomes);
  ByteReader in(value_of(row));
  const auto count = in.get<std::int64_t>();
  if (!name.finished() || !in.finished()) return corrupt("an article's figures");
  cube.restore(key, count);
  return {};
}

ViewRow disagreement_row(LedgerIndex index, const SubjectId& subject) {
  return {ViewKind::kDisagreement, index_key(index), ByteWriter().put(subject.bytes).take()};
}

ViewRow disagreement_gone(LedgerIndex index) {
  return {ViewKind::kDisagreement, index_key(index), std::nullopt};
}

Result<std::pair<LedgerIndex, SubjectId>> disagreement_from(const ViewRow& row) {
  ByteReader key(row.key);
  ByteReader in(value_of(row));
  const LedgerIndex index(key.get<std::uint64_t>());
  SubjectId subject;
  subject.bytes = in.get_array<16>();
  if (!key.finished() || !in.finished()) return corrupt("a disagreement");
  return std::pair(index, subject);
}

// By ledger index, so that they come back in the order of adoption.
ViewRow edition_row(const AdoptedEdition& adopted) {
  return {ViewKind::kEdition, index_key(adopted.entry),
          ByteWriter().put(adopted.hash.bytes).put(adopted.at.ms).take()};
}

Result<AdoptedEdition> edition_from(const ViewRow& row) {
  ByteReader key(row.key);
  ByteReader in(value_of(row));
  AdoptedEdition adopted;
  adopted.entry = LedgerIndex(key.get<std::uint64_t>());
  adopted.hash.bytes = in.get_array<32>();
  adopted.at.ms = in.get<std::int64_t>();
  if (!key.finished() || !in.finished()) return corrupt("an edition");
  return adopted;
}

ViewRow head_row(const merkle::TreeHead& head) {
  return {ViewKind::kLedgerHead, "", ByteWriter().put(head.size.value()).put(head.root.bytes).take()};
}

Result<merkle::TreeHead> head_from(const ViewRow& row) {
  ByteReader in(value_of(row));
  merkle::TreeHead head;
  head.size = TreeSize(in.get<std::uint64_t>());
  head.root.bytes = in.get_array<32>();
  if (!row.key.empty() || !in.finished()) return corrupt("the ledger's head");
  return head;
}

wire::StateAfter state_after(const SubjectState& state, const Names& names) {
  return {.status = state.now.status,
          .came_from = state.now.came_from,
          .since = state.now.since,
          .since_index = state.now.by,
          .since_checkpoint = names.name(state.now.checkpoint),
          .unmatched = state.now.unmatched};
}

}  // namespace crossline::server
