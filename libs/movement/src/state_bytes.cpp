#include "crossline/movement/state_bytes.hpp"

#include "crossline/base/byte_io.hpp"

#include <algorithm>

namespace crossline::movement {
namespace {

constexpr std::uint8_t kVersion = 3;  // of the layout below: older bytes are not read
constexpr int kStatusCount = 5;
constexpr int kSideCount = 2;
constexpr int kLegDirectionCount = 2;
constexpr int kPostSideCount = 3;
constexpr int kDirectionCount = 4;
constexpr int kObjectionCount = 2;
constexpr int kRulingCount = 3;

void put_presence(ByteWriter& out, const Presence& presence, const Names& names) {
  out.put(presence.status).put(presence.came_from).put(std::uint8_t{presence.unmatched});
  out.put(presence.since.ms).put(presence.by.value()).put_text(names.name(presence.checkpoint));
}

Presence get_presence(ByteReader& in, Names& names) {
  Presence presence;
  presence.status = in.get_enum<Status>(kStatusCount);
  presence.came_from = in.get_enum<Side>(kSideCount);
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
  const auto value = in.get_enum<std::uint8_t>(kSideCount + 1);
  return value == 0 ? std::nullopt : std::optional(static_cast<Side>(value - 1));
}

void put_steps(ByteWriter& out, const std::vector<Step>& steps, const Names& names) {
  out.put(static_cast<std::uint16_t>(steps.size()));
  for (const Step& step : steps) {
    out.put(step.key.occurred_at.ms).put(step.key.tie).put(step.entry.value());
    out.put(step.post).put(step.direction).put(step.day).put_text(names.name(step.checkpoint));
  }
}

void get_steps(ByteReader& in, std::vector<Step>& steps, Names& names) {
  steps.resize(in.get<std::uint16_t>());
  for (Step& step : steps) {
    step.key.occurred_at.ms = in.get<std::int64_t>();
    step.key.tie = in.get<std::uint64_t>();
    step.entry = LedgerIndex(in.get<std::uint64_t>());
    step.post = in.get_enum<PostSide>(kPostSideCount);
    step.direction = in.get_enum<Direction>(kDirectionCount);
    step.day = in.get<std::int32_t>();
    step.checkpoint = names.intern(in.get_text());
  }
}

// By name in the bytes, by id in memory.
void put_lists(ByteWriter& out, std::vector<ListEntry> lists, const Names& names) {
  std::ranges::sort(lists, {}, [&names](const ListEntry& entry) { return names.name(entry.list); });
  out.put(static_cast<std::uint16_t>(lists.size()));
  for (const ListEntry& entry : lists) out.put(entry.since.ms).put_text(names.name(entry.list));
}

void get_lists(ByteReader& in, std::vector<ListEntry>& lists, Names& names) {
  lists.resize(in.get<std::uint16_t>());
  for (ListEntry& entry : lists) {
    entry.since.ms = in.get<std::int64_t>();
    entry.list = names.intern(in.get_text());
  }
  std::ranges::sort(lists, {}, &ListEntry::list);
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

void put_notice(ByteWriter& out, const std::optional<NoticeEntry>& notice) {
  out.put(std::uint8_t{notice.has_value()});
  if (!notice) return;
  out.put(notice->notified_at.ms).put(notice->objected_at.ms).put(notice->ruled_at.ms);
  out.put(notice->party).put(notice->objector).put(notice->objection).put(notice->ruling);
}

void get_notice(ByteReader& in, std::optional<NoticeEntry>& notice) {
  if (in.get<std::uint8_t>() == 0) return;
  NoticeEntry& entry = notice.emplace();
  entry.notified_at.ms = in.get<std::int64_t>();
  entry.objected_at.ms = in.get<std::int64_t>();
  entry.ruled_at.ms = in.get<std::int64_t>();
  entry.party = in.get<char>();
  entry.objector = in.get<char>();
  entry.objection = in.get_enum<procedure::Notice::Objection>(kObjectionCount);
  entry.ruling = in.get_enum<procedure::Notice::Ruling>(kRulingCount);
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
    goods.leg.direction = in.get_enum<procedure::Direction>(kLegDirectionCount);
    goods.leg.side = in.get_enum<Side>(kSideCount);
    goods.kind = in.get_text();
    goods.unit = in.get_text();
    goods.amount = in.get<std::int64_t>();
  }
}

}  // namespace

std::string encode_state(const SubjectState& state, const Names& names) {
  ByteWriter out;
  out.put(kVersion);
  put_presence(out, state.settled, names);
  put_presence(out, state.now, names);
  put_side(out, state.resolution_a);
  put_side(out, state.resolution_b);
  out.put(std::uint8_t{state.last_entry.has_value()}).put(state.last_entry.value_or(LedgerIndex()).value());
  put_steps(out, state.open, names);
  put_lists(out, state.lists, names);
  put_history(out, state.past.get());
  put_grants(out, state);
  put_notice(out, state.notice);
  put_carried(out, state);
  return out.take();
}

Result<SubjectState> decode_state(std::string_view bytes, Names& names) {
  ByteReader in(bytes);
  const bool is_ours = in.get<std::uint8_t>() == kVersion;
  SubjectState state;
  state.settled = get_presence(in, names);
  state.now = get_presence(in, names);
  state.resolution_a = get_side(in);
  state.resolution_b = get_side(in);
  const bool has_last = in.get<std::uint8_t>() != 0;
  const LedgerIndex last(in.get<std::uint64_t>());
  if (has_last) state.last_entry = last;
  get_steps(in, state.open, names);
  get_lists(in, state.lists, names);
  get_history(in, state.past);
  get_grants(in, state);
  get_notice(in, state.notice);
  get_carried(in, state);
  if (!is_ours || !in.finished()) return fail(ErrorCode::kCorruptData, "a person's state does not decode");
  return state;
}

}  // namespace crossline::movement
