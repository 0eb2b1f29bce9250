#include "crossline/movement/quota.hpp"

#include "crossline/movement/record_limits.hpp"
#include "crossline/movement/state.hpp"

#include <algorithm>
#include <utility>

namespace crossline::movement {
namespace {

bool names(const std::vector<std::string>& set, std::string_view value) {
  return set.empty() || std::ranges::find(set, value) != set.end();
}

}  // namespace

bool counts(const procedure::Quota& quota, const Post& post, Direction direction, std::string_view category) {
  if (!names(quota.checkpoints, post.checkpoint) || !names(quota.categories, category)) return false;
  const Legs legs = legs_of(post.side, direction);
  return std::any_of(
      legs.legs.begin(), legs.legs.begin() + static_cast<std::ptrdiff_t>(legs.count),
      [&quota](const Leg& leg) { return names(quota.directions, procedure::name_of(leg.direction)); });
}

QuotaPart quota_part_of(std::uint64_t tie) {
  constexpr std::uint64_t kEvents = 64;
  constexpr std::uint64_t kParts = 64;
  return {tag_of(tie), static_cast<std::uint32_t>(tie / kEvents % kParts)};
}

void TieSet::insert(std::uint64_t tie) {
  Indices& indices = by_agent_[tag_of(tie)];
  const auto index = static_cast<std::uint32_t>(tie);
  // A journal comes in its order: the place is the end, unless a ledger was tampered with.
  const auto place =
      indices.empty() || indices.back() < index ? indices.end() : std::ranges::lower_bound(indices, index);
  if (place != indices.end() && *place == index) return;
  indices.insert(place, index);
  ++size_;
}

void TieSet::erase(std::uint64_t tie) {
  const auto found = by_agent_.find(tag_of(tie));
  if (found == by_agent_.end()) return;
  Indices& indices = found->second;
  const auto place = std::ranges::lower_bound(indices, static_cast<std::uint32_t>(tie));
  if (place == indices.end() || *place != static_cast<std::uint32_t>(tie)) return;
  indices.erase(place);
  --size_;
  if (indices.empty()) by_agent_.erase(found);
}

std::size_t TieSet::size_of(std::uint32_t agent) const {
  const auto found = by_agent_.find(agent);
  return found == by_agent_.end() ? 0 : found->second.size();
}

std::vector<std::uint64_t> TieSet::of_agent(std::uint32_t agent) const {
  std::vector<std::uint64_t> ties;
  const auto found = by_agent_.find(agent);
  if (found == by_agent_.end()) return ties;
  ties.reserve(found->second.size());
  for (const std::uint32_t index : found->second) ties.push_back(movement_tie(agent, JournalIndex(index)));
  return ties;
}

void QuotaDay::lease(std::uint32_t agent, std::int64_t amount) {
  const auto found = std::ranges::find(leases, agent, &Lease::agent);
  if (found != leases.end()) {
    found->amount += amount;
  } else {
    leases.push_back({agent, amount});
  }
}

std::int64_t QuotaDay::leased_to(std::uint32_t agent) const {
  const auto found = std::ranges::find(leases, agent, &Lease::agent);
  return found == leases.end() ? 0 : found->amount;
}

std::int64_t QuotaDay::used_by(std::uint32_t agent) const {
  return static_cast<std::int64_t>(used.size_of(agent));
}

std::vector<std::uint64_t> QuotaDay::uses_of(const QuotaPart& part) const {
  std::vector<std::uint64_t> uses = used.of_agent(part.agent);
  std::erase_if(uses, [&part](std::uint64_t tie) { return quota_part_of(tie) != part; });
  return uses;
}

std::int64_t QuotaDay::spent_beyond_leases(std::uint32_t agent) const {
  return std::max<std::int64_t>(0, used_by(agent) - leased_to(agent));
}

std::int64_t QuotaDay::unleased(std::int64_t per_day) const {
  std::int64_t left = per_day - static_cast<std::int64_t>(used.size());
  for (const Lease& lease : leases) left -= std::max<std::int64_t>(0, lease.amount - used_by(lease.agent));
  return left;
}

std::int64_t QuotaDay::left_for(std::uint32_t agent, std::int64_t per_day) const {
  const std::int64_t own = std::max<std::int64_t>(0, leased_to(agent) - used_by(agent));
  return own + std::max<std::int64_t>(0, unleased(per_day));
}

QuotaDay* Quotas::open(std::string_view quota, std::int32_t day) {
  auto found = quotas_.find(quota);
  if (found == quotas_.end()) found = quotas_.emplace(std::string(quota), Days()).first;
  Days& days = found->second;
  if (!days.empty() && day <= days.rbegin()->first - limits::kQuotaDays) return nullptr;
  QuotaDay& state = days[day];
  while (days.begin()->first <= days.rbegin()->first - limits::kQuotaDays) days.erase(days.begin());
  return &state;
}

void Quotas::use(const std::vector<procedure::Quota>& quotas, const Movement& movement, const Post& post,
                 std::uint64_t tie, std::int32_t day) {
  for (const procedure::Quota& quota : quotas) {
    if (!counts(quota, post, movement.direction, movement.category)) continue;
    if (QuotaDay* state = open(quota.name, day)) state->used.insert(tie);
  }
}

void Quotas::give_back(std::uint64_t tie) {
  for (auto& [name, days] : quotas_) {
    for (auto& [day, state] : days) state.used.erase(tie);
  }
}

bool Quotas::lease(const QuotaLease& lease, std::int64_t per_day) {
  const QuotaDay* before = find(lease.quota, lease.day);
  const std::int64_t room = before == nullptr ? per_day : before->unleased(per_day);
  const std::uint32_t agent = agent_tag(lease.agent);
  if (lease.amount > room || lease.spent != spent_beyond_leases(lease.quota, lease.day, agent)) return false;
  QuotaDay* state = open(lease.quota, lease.day);
  if (state == nullptr) return false;
  state->lease(agent, lease.amount + lease.spent);
  return true;
}

void Quotas::follow(const QuotaLease& lease) {
  if (QuotaDay* state = open(lease.quota, lease.day))
    state->lease(agent_tag(lease.agent), lease.amount + lease.spent);
}

std::int64_t Quotas::spent_beyond_leases(std::string_view quota, std::int32_t day,
                                         std::uint32_t agent) const {
  const QuotaDay* state = find(quota, day);
  return state == nullptr ? 0 : state->spent_beyond_leases(agent);
}

const QuotaDay* Quotas::find(std::string_view quota, std::int32_t day) const {
  const auto days = quotas_.find(quota);
  if (days == quotas_.end()) return nullptr;
  const auto state = days->second.find(day);
  return state == days->second.end() ? nullptr : &state->second;
}

std::map<std::string, QuotaDay, std::less<>> Quotas::of_day(std::int32_t day) const {
  std::map<std::string, QuotaDay, std::less<>> found;
  for (const auto& [quota, days] : quotas_) {
    if (const auto state = days.find(day); state != days.end()) found.emplace(quota, state->second);
  }
  return found;
}

std::optional<std::int64_t> Quotas::left(const procedure::Quota& quota, std::int32_t day,
                                         std::uint32_t agent) const {
  if (const QuotaDay* state = find(quota.name, day)) return state->left_for(agent, quota.per_day);
  const auto days = quotas_.find(quota.name);
  const bool is_forgotten = days != quotas_.end() && !days->second.empty() &&
                            day <= days->second.rbegin()->first - limits::kQuotaDays;
  return is_forgotten ? std::nullopt : std::optional(quota.per_day);
}

void Quotas::restore(std::string_view quota, std::int32_t day, std::vector<QuotaDay::Lease> leases) {
  if (QuotaDay* state = open(quota, day)) state->leases = std::move(leases);
}

void Quotas::restore_uses(std::string_view quota, std::int32_t day, const QuotaPart& part,
                          std::span<const std::uint64_t> ties) {
  if (find(quota, day) == nullptr) return;
  QuotaDay* state = open(quota, day);
  for (const std::uint64_t before : state->uses_of(part)) state->used.erase(before);
  for (const std::uint64_t tie : ties) state->used.insert(tie);
}

}  // namespace crossline::movement
