#include "crossline/movement/state.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/movement/record_limits.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace crossline::movement {
namespace {

constexpr std::array<std::string_view, 5> kStatusNames{"unknown", "side_a", "side_b", "between", "disputed"};

Presence made_by(const Step& step, Status status) {
  return {.status = status, .checkpoint = step.checkpoint, .since = step.key.occurred_at, .by = step.entry};
}

Presence after_exit(const Presence& before, Side side, const Step& step) {
  if (before.status != Status::kUnknown && before.status != status_on(side))
    return made_by(step, Status::kDisputed);
  Presence next = made_by(step, Status::kBetween);
  next.came_from = side;
  return next;
}

Presence after_entry(const Presence& before, Side side, const Step& step) {
  if (before.status == status_on(side)) return made_by(step, Status::kDisputed);
  Presence next = made_by(step, status_on(side));
  next.unmatched = before.status != Status::kBetween;
  return next;
}

Side side_of(PostSide post) {
  return post == PostSide::kA ? Side::kA : Side::kB;
}

constexpr std::int64_t kHourMs = 3'600'000;

// When the party's closures that lead to `one` without a break began.
UtcMillis alone_since(const LineState::Closed& one, const std::vector<LineState::Closed>& closed) {
  UtcMillis begin = one.from;
  const auto leads_there = [&](const LineState::Closed& other) {
    return other.party == one.party && other.from < begin && begin <= other.until;
  };
  for (auto earlier = std::ranges::find_if(closed, leads_there); earlier != closed.end();
       earlier = std::ranges::find_if(closed, leads_there))
    begin = earlier->from;
  return begin;
}

}  // namespace

std::string_view name_of(Status status) {
  return kStatusNames[std::to_underlying(status)];
}

NameId Names::intern(std::string_view name) {
  if (const auto found = ids_.find(name); found != ids_.end()) return found->second;
  CROSSLINE_ASSERT(names_.size() < std::numeric_limits<std::uint16_t>::max());
  const NameId id(static_cast<std::uint16_t>(names_.size()));
  const auto [place, inserted] = ids_.emplace(std::string(name), id);
  names_.push_back(&place->first);
  return id;
}

std::optional<NameId> Names::find(std::string_view name) const {
  const auto found = ids_.find(name);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

const std::string& Names::name(NameId id) const {
  CROSSLINE_ASSERT(id.value() < names_.size());
  return *names_[id.value()];
}

std::uint32_t agent_tag(std::string_view agent) {
  return load_u32_be(crypto::sha256(as_bytes(agent)).bytes.data());
}

std::uint64_t signer_tag(std::string_view account) {
  return load_u64_be(crypto::sha256(as_bytes(account)).bytes.data());
}

Presence after(const Presence& before, const Step& step) {
  if (before.status == Status::kDisputed) return before;
  switch (step.direction) {
    case Direction::kExit:
      return after_exit(before, side_of(step.post), step);
    case Direction::kEntry:
      return after_entry(before, side_of(step.post), step);
    case Direction::kAToB:
    case Direction::kBToA: {
      const Side from = step.direction == Direction::kAToB ? Side::kA : Side::kB;
      const Presence middle = after_exit(before, from, step);
      return middle.status == Status::kDisputed ? middle : after_entry(middle, other(from), step);
    }
  }
  std::unreachable();
}

bool is_return(const Presence& presence, PostSide post, Direction direction) {
  return presence.status == Status::kBetween && direction == Direction::kEntry && post != PostSide::kJoint &&
         side_of(post) == presence.came_from;
}

Presence SubjectState::before(const MovementKey& key) const {
  if (open.empty() || open.back().key < key) return now;
  Presence presence = settled;
  for (const Step& step : open) {
    if (!(step.key < key)) break;
    presence = after(presence, step);
  }
  return presence;
}

bool SubjectState::insert(const Step& step) {
  // Nothing open: `settled` is the present, and what is older than it is history that no longer counts.
  const bool late = open.empty() ? settled.status != Status::kUnknown && step.key.occurred_at < settled.since
                                 : step.key < open.back().key;
  if (!late) {
    open.push_back(step);
    now = after(now, step);
  } else {
    const auto place = std::lower_bound(open.begin(), open.end(), step,
                                        [](const Step& a, const Step& b) { return a.key < b.key; });
    if (place == open.begin() && settled.status != Status::kUnknown && step.key.occurred_at < settled.since)
      return false;
    open.insert(place, step);
    refold();
  }
  if (open.size() > limits::kMaxTrackedMovements) {
    History& history = past.edit();
    history.record(settled, open.front());
    history.forget_before(open.front().day - static_cast<std::int32_t>(limits::kStayHistoryDays));
    settled = after(settled, open.front());
    open.erase(open.begin());
  }
  return true;
}

bool SubjectState::remove(std::uint64_t tie) {
  const auto found =
      std::find_if(open.begin(), open.end(), [tie](const Step& step) { return step.key.tie == tie; });
  if (found == open.end()) return false;
  open.erase(found);
  std::erase_if(carried, [tie](const Carried& goods) { return goods.key.tie == tie; });
  refold();
  return true;
}

bool SubjectState::history_before(const MovementKey& key, History& history) const {
  const bool is_settled = settled.status != Status::kUnknown && key.occurred_at < settled.since;
  if (is_settled) return false;
  if (past.get() != nullptr) {
    history = *past.get();
  } else {
    history.clear();
  }
  Presence presence = settled;
  for (const Step& step : open) {
    if (!(step.key < key)) break;
    history.record(presence, step);
    presence = after(presence, step);
  }
  return true;
}

void SubjectState::carry(const Carried& goods) {
  const auto place = std::upper_bound(carried.begin(), carried.end(), goods,
                                      [](const Carried& a, const Carried& b) { return a.key < b.key; });
  carried.insert(place, goods);
  if (carried.size() <= limits::kMaxCarried) return;
  carried_from_day = std::max(carried_from_day, carried.front().day);
  carried.erase(carried.begin());
}

bool SubjectState::pass(const Step& step, std::span<const DeclaredGoods> goods) {
  if (!insert(step)) return false;
  const Legs legs = legs_of(step.post, step.direction);
  for (std::size_t i = 0; i < legs.count; ++i) {
    for (const DeclaredGoods& item : goods)
      carry({step.key, step.day, legs.legs[i], item.kind, item.unit, item.amount});
  }
  return true;
}

void SubjectState::set_listed(NameId list, UtcMillis since, bool on) {
  const auto place = std::ranges::lower_bound(lists, list, {}, &ListEntry::list);
  const bool is_on = place != lists.end() && place->list == list;
  if (!on && is_on) lists.erase(place);
  if (on && !is_on) lists.insert(place, {list, since});
}

void SubjectState::resolve(Side party, Side status, UtcMillis at, std::int32_t day, LedgerIndex by) {
  (party == Side::kA ? resolution_a : resolution_b) = status;
  if (resolution_a == status && resolution_b == status) settle(status, at, day, by);
}

bool SubjectState::permit(PermitEntry entry, UtcMillis at) {
  if (permits.size() >= limits::kMaxPermits)
    std::erase_if(permits, [at](const PermitEntry& old) { return old.valid_until <= at; });
  if (permits.size() >= limits::kMaxPermits) return false;
  permits.push_back(std::move(entry));
  return true;
}

void SubjectState::withdraw_permits(std::string_view kind, std::string_view party) {
  std::erase_if(permits,
                [&](const PermitEntry& permit) { return permit.kind == kind && permit.party == party; });
}

void SubjectState::grant_override(OverrideEntry entry) {
  std::erase_if(overrides, [&entry](const OverrideEntry& old) {
    return old.granted_at.ms + limits::kOverrideKeptMs < entry.granted_at.ms;
  });
  if (overrides.size() >= limits::kMaxOverrides) overrides.erase(overrides.begin());
  overrides.push_back(std::move(entry));
}

std::string_view SubjectState::notice_problem(NoticeStep step, std::string_view party) const {
  if (party.empty()) return "it names no party";
  if (!notice) return step == NoticeStep::kGiven ? "" : "nobody gave notice of the person";
  const bool raised = notice->objection == procedure::Notice::Objection::kRaised;
  switch (step) {
    case NoticeStep::kGiven:
      if (party.front() != notice->party && notice->ruling != procedure::Notice::Ruling::kRejected)
        return "another party's notice of the person stands";
      break;
    case NoticeStep::kObjected:
      if (party.front() == notice->party) return "your own party gave the notice";
      if (raised) return "an objection was raised already";
      break;
    case NoticeStep::kApproved:
    case NoticeStep::kRejected:
      if (raised && party.front() == notice->objector) return "your own party objected: another one rules";
      if (!raised && party.front() == notice->party)
        return "your own party gave the notice: another one rules";
      break;
    case NoticeStep::kWithdrawn:
      if (party.front() != notice->party) return "another party gave the notice";
      break;
  }
  return "";
}

void SubjectState::take_notice(NoticeStep step, std::string_view party, UtcMillis at) {
  if (!notice_problem(step, party).empty()) return;
  switch (step) {
    case NoticeStep::kGiven:
      notice = NoticeEntry{.notified_at = at, .objected_at = {}, .ruled_at = {}, .party = party.front()};
      return;
    case NoticeStep::kObjected:
      notice->objection = procedure::Notice::Objection::kRaised;
      notice->objected_at = at;
      notice->objector = party.front();
      return;
    case NoticeStep::kApproved:
    case NoticeStep::kRejected:
      notice->ruling = step == NoticeStep::kApproved ? procedure::Notice::Ruling::kApproved
                                                     : procedure::Notice::Ruling::kRejected;
      notice->ruled_at = at;
      return;
    case NoticeStep::kWithdrawn:
      notice.reset();
      return;
  }
}

void SubjectState::settle(Side side, UtcMillis at, std::int32_t day, LedgerIndex by) {
  History& history = past.edit();
  for (const Step& step : open) {
    history.record(settled, step);
    settled = after(settled, step);
  }
  history.settle(side, at, day);
  settled = {.status = status_on(side),
             .came_from = {},
             .unmatched = false,
             .checkpoint = {},
             .since = at,
             .by = by};
  open.clear();
  now = settled;
  resolution_a.reset();
  resolution_b.reset();
}

void SubjectState::refold() {
  now = settled;
  for (const Step& step : open) now = after(now, step);
}

void LineState::apply(const Closure& closure) {
  auto& of_checkpoint = closures[closure.checkpoint];
  if (closure.lifted) {
    std::erase_if(of_checkpoint, [&](const Closed& closed) { return closed.party == closure.party; });
  } else {
    of_checkpoint.push_back({closure.from, closure.until, closure.party, closure.reason});
  }
}

bool LineState::is_closed(std::string_view checkpoint, UtcMillis at,
                          std::optional<std::int64_t> max_hours) const {
  const auto found = closures.find(checkpoint);
  if (found == closures.end()) return false;
  const std::vector<Closed>& closed = found->second;
  const auto covers = [at](const Closed& one) { return one.from <= at && at < one.until; };
  return std::ranges::any_of(closed, [&](const Closed& one) {
    if (!covers(one)) return false;
    if (!max_hours || at < alone_since(one, closed).plus(*max_hours * kHourMs)) return true;
    return std::ranges::any_of(
        closed, [&](const Closed& other) { return covers(other) && other.party != one.party; });
  });
}

}  // namespace crossline::movement
