#include "crossline/server/view_rows.hpp"

#include "byte_io.hpp"

#include <algorithm>

namespace crossline::server {
namespace {

using namespace movement;

constexpr int kStatuses = 5;
constexpr int kSides = 2;
constexpr int kLegDirections = 2;
constexpr int kPostSides = 3;
constexpr int kDirections = 4;
constexpr int kOutcomes = 5;
constexpr int kVerdicts = 3;
constexpr int kSexes = 3;
constexpr int kAgeBands = 6;

std::unexpected<Error> corrupt(std::string_view what) {
  return fail(ErrorCode::kCorruptData, "a view's row of {} does not decode", what);
}

void put_presence(ByteWriter& out, const Presence& presence, const Names& names) {
  out.put(presence.status).put(presence.came_from).put(std::uint8_t{presence.unmatched});
  out.put(presence.since.ms).put(presence.by.value()).put_text(names.name(presence.checkpoint));
}

Presence get_presence(ByteReader& in, Names& names) {
  Presence presence;
  presence.status = in.get_enum<Status>(kStatuses);
  presence.came_from = in.get_enum<Side>(kSides);
  presence.unmatched = in.get<std::uint8_t>() != 0;
  presence.since.ms = in.get<std::int64_t>();
  presence.by = LedgerIndex(in.get<std::uint64_t>());
  presence.checkpoint = names.intern(in.get_text());
  return presence;
}

// 0: nothing; otherwise one more than the side.
void put_side(ByteWriter& out, const std::optional<Side>& side) {
  out.put(static_cast<std::uint8_t>(side ? static_cast<int>(*side) + 1 : 0));
}

std::optional<Side> get_side(ByteReader& in) {
  const auto value = in.get_enum<std::uint8_t>(kSides + 1);
  return value == 0 ? std::nullopt : std::optional(static_cast<Side>(value - 1));
}

void put_history(ByteWriter& out, const History* history) {
  out.put(std::uint8_t{history != nullptr});
  if (history == nullptr) return;
  for (std::size_t side = 0; side < history->stays.size(); ++side) {
    out.put(history->gap[side].ms).put(static_cast<std::uint16_t>(history->stays[side].size()));
    for (const Stretch& stay : history->stays[side])
      out.put(stay.entered.ms).put(stay.left.ms).put(stay.first_day).put(stay.last_day);
  }
  for (const Tally& tally : history->tallies) {
    out.put(tally.day).put(tally.missing);
    out.put(tally.sums.today).put(tally.sums.this_week).put(tally.sums.this_month);
  }
}

void get_history(ByteReader& in, PastHistory& past) {
  if (in.get<std::uint8_t>() == 0) return;
  History& history = past.edit();
  for (std::size_t side = 0; side < history.stays.size(); ++side) {
    history.gap[side].ms = in.get<std::int64_t>();
    history.stays[side].resize(in.get<std::uint16_t>());
    for (Stretch& stay : history.stays[side]) {
      stay.entered.ms = in.get<std::int64_t>();
      stay.left.ms = in.get<std::int64_t>();
      stay.first_day = in.get<std::int32_t>();
      stay.last_day = in.get<std::int32_t>();
    }
  }
  for (Tally& tally : history.tallies) {
    tally.day = in.get<std::int32_t>();
    tally.missing = in.get<std::int32_t>();
    tally.sums.today = in.get<std::int64_t>();
    tally.sums.this_week = in.get<std::int64_t>();
    tally.sums.this_month = in.get<std::int64_t>();
  }
}

void put_grants(ByteWriter& out, const SubjectState& state) {
  out.put(static_cast<std::uint16_t>(state.permits.size()));
  for (const PermitEntry& permit : state.permits) {
    out.put_text(permit.kind).put_text(permit.party);
    out.put(permit.valid_from.ms).put(permit.valid_until.ms);
  }
  out.put(static_cast<std::uint16_t>(state.overrides.size()));
  for (const OverrideEntry& word : state.overrides)
    out.put_text(word.article).put_text(word.role).put(word.signer).put(word.granted_at.ms);
}

void get_grants(ByteReader& in, SubjectState& state) {
  state.permits.resize(in.get<std::uint16_t>());
  for (PermitEntry& permit : state.permits) {
    permit.kind = in.get_text();
    permit.party = in.get_text();
    permit.valid_from.ms = in.get<std::int64_t>();
    permit.valid_until.ms = in.get<std::int64_t>();
  }
  state.overrides.resize(in.get<std::uint16_t>());
  for (OverrideEntry& word : state.overrides) {
    word.article = in.get_text();
    word.role = in.get_text();
    word.signer = in.get<std::uint64_t>();
    word.granted_at.ms = in.get<std::int64_t>();
  }
}

void put_carried(ByteWriter& out, const SubjectState& state) {
  out.put(state.carried_from_day).put(static_cast<std::uint16_t>(state.carried.size()));
  for (const Carried& goods : state.carried) {
    out.put(goods.key.occurred_at.ms).put(goods.key.tie).put(goods.day);
    out.put(goods.leg.direction).put(goods.leg.side).put_text(goods.kind).put_text(goods.unit);
    out.put(goods.amount);
  }
}

void get_carried(ByteReader& in, SubjectState& state) {
  state.carried_from_day = in.get<std::int32_t>();
  state.carried.resize(in.get<std::uint16_t>());
  for (Carried& goods : state.carried) {
    goods.key.occurred_at.ms = in.get<std::int64_t>();
    goods.key.tie = in.get<std::uint64_t>();
    goods.day = in.get<std::int32_t>();
    goods.leg.direction = in.get_enum<procedure::Direction>(kLegDirections);
    goods.leg.side = in.get_enum<Side>(kSides);
    goods.kind = in.get_text();
    goods.unit = in.get_text();
    goods.amount = in.get<std::int64_t>();
  }
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

const std::string& value_of(const ViewRow& row) {
  static const std::string kNothing;
  return row.value ? *row.value : kNothing;
}

}  // namespace

ViewRow subject_row(const SubjectId& subject, const SubjectState& state, const Names& names) {
  ByteWriter out;
  put_presence(out, state.settled, names);
  put_presence(out, state.now, names);
  put_side(out, state.resolution_a);
  put_side(out, state.resolution_b);
  out.put(std::uint8_t{state.last_entry.has_value()}).put(state.last_entry.value_or(LedgerIndex()).value());
  out.put(static_cast<std::uint16_t>(state.open.size()));
  for (const Step& step : state.open) {
    out.put(step.key.occurred_at.ms).put(step.key.tie).put(step.entry.value());
    out.put(step.post).put(step.direction).put(step.day).put_text(names.name(step.checkpoint));
  }
  out.put(static_cast<std::uint16_t>(state.lists.size()));
  for (const ListEntry& entry : state.lists) out.put(entry.since.ms).put_text(names.name(entry.list));
  put_history(out, state.past.get());
  put_grants(out, state);
  put_carried(out, state);
  return {ViewKind::kSubject, ByteWriter().put(subject.bytes).take(), out.take()};
}

Result<SubjectId> restore_subject(const ViewRow& row, World& world) {
  SubjectId subject;
  ByteReader key(row.key);
  subject.bytes = key.get_array<16>();
  ByteReader in(value_of(row));
  Names& names = world.restore_names();
  SubjectState state;
  state.settled = get_presence(in, names);
  state.now = get_presence(in, names);
  state.resolution_a = get_side(in);
  state.resolution_b = get_side(in);
  const bool has_last = in.get<std::uint8_t>() != 0;
  const LedgerIndex last(in.get<std::uint64_t>());
  if (has_last) state.last_entry = last;
  state.open.resize(in.get<std::uint16_t>());
  for (Step& step : state.open) {
    step.key.occurred_at.ms = in.get<std::int64_t>();
    step.key.tie = in.get<std::uint64_t>();
    step.entry = LedgerIndex(in.get<std::uint64_t>());
    step.post = in.get_enum<PostSide>(kPostSides);
    step.direction = in.get_enum<Direction>(kDirections);
    step.day = in.get<std::int32_t>();
    step.checkpoint = names.intern(in.get_text());
  }
  state.lists.resize(in.get<std::uint16_t>());
  for (ListEntry& entry : state.lists) {
    entry.since.ms = in.get<std::int64_t>();
    entry.list = names.intern(in.get_text());
  }
  get_history(in, state.past);
  get_grants(in, state);
  get_carried(in, state);
  // They stand in order of list id, and ids follow the order of first sight in this world.
  std::sort(state.lists.begin(), state.lists.end(),
            [](const ListEntry& a, const ListEntry& b) { return a.list < b.list; });
  if (!key.finished() || !in.finished()) return corrupt("a subject");
  world.restore_subject(subject, std::move(state));
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

ViewRow edition_row(const crypto::Hash& hash) {
  return {ViewKind::kEdition, "", std::string(as_text(hash.view()))};
}

Result<crypto::Hash> edition_from(const ViewRow& row) {
  auto hash = crypto::hash_from(as_bytes(value_of(row)));
  if (!hash) return corrupt("the edition");
  return *hash;
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
