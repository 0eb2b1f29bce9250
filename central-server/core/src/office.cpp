#include "crossline/server/office.hpp"

#include "crossline/base/text.hpp"
#include "crossline/movement/record_limits.hpp"
#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <string_view>
#include <variant>

namespace crossline::server {
namespace {

bool is_text(std::string_view text, std::size_t max) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return text.size() <= max && is_utf8(text) && std::ranges::none_of(text, is_control);
}
bool is_name(std::string_view text) {
  return !text.empty() && is_text(text, movement::kMaxNameBytes);
}
bool is_reason(std::string_view text) {
  return is_text(text, movement::kMaxReasonBytes);
}
bool is_party(std::string_view text) {
  return text == "A" || text == "B" || text == "G";
}

bool is_well_formed(const movement::Closure& body) {
  return is_name(body.checkpoint) && is_reason(body.reason) && is_party(body.party) &&
         (body.lifted || body.from < body.until);
}
bool is_well_formed(const movement::ListChange& body) {
  return is_name(body.list) && is_party(body.party) && is_reason(body.reason);
}
bool is_well_formed(const movement::Lookup& body) {
  return is_reason(body.purpose) && is_text(body.case_number, movement::kMaxNameBytes) &&
         is_name(body.role) && is_party(body.party);
}
bool is_well_formed(const movement::Resolution& body) {
  return is_reason(body.reason);
}
bool is_well_formed(const movement::EditionAdopted&) {
  return true;
}
bool is_well_formed(const movement::PermitChange& body) {
  return is_name(body.kind) && is_party(body.party) && is_reason(body.reason) &&
         (body.withdrawn || body.valid_from < body.valid_until);
}
bool is_well_formed(const movement::OverrideGrant& body) {
  return is_name(body.article) && is_name(body.role) && is_reason(body.reason);
}
bool is_well_formed(const movement::QuotaLease& body) {
  return is_name(body.quota) && is_name(body.agent) && is_party(body.party) && is_reason(body.reason) &&
         body.amount >= 1 && body.amount <= movement::kMaxLease;
}
bool is_well_formed(const movement::NoticeAct& body) {
  return is_party(body.party) && is_reason(body.reason);
}
// Everything else is recorded at posts.
bool is_well_formed(const movement::Movement&) {
  return false;
}
bool is_well_formed(const movement::Correction&) {
  return false;
}
bool is_well_formed(const movement::Shift&) {
  return false;
}
bool is_well_formed(const movement::JournalHeartbeat&) {
  return false;
}
bool is_well_formed(const movement::SlipSeen&) {
  return false;
}

Result<void> check_permit(const movement::PermitChange& change, const movement::World& world) {
  const movement::SubjectState* state = world.find(change.subject);
  if (!change.withdrawn && state != nullptr && state->permits.size() >= limits::kMaxPermits) {
    return fail(ErrorCode::kConflict, "the person has {} permits; withdraw one first", limits::kMaxPermits);
  }
  const auto is_meant = [&change](const movement::PermitEntry& permit) {
    return permit.kind == change.kind && permit.party == change.party;
  };
  if (change.withdrawn && (state == nullptr || std::ranges::none_of(state->permits, is_meant))) {
    return fail(ErrorCode::kConflict, "your party gave the person no permit of this kind");
  }
  return {};
}

Result<void> check_notice(const movement::NoticeAct& act, const movement::World& world) {
  static const movement::SubjectState kNeverSeen;
  const movement::SubjectState* state = world.find(act.subject);
  const auto problem = (state == nullptr ? kNeverSeen : *state).notice_problem(act.step, act.party);
  if (!problem.empty()) return fail(ErrorCode::kConflict, "{}", problem);
  return {};
}

Result<void> check_lease(const movement::QuotaLease& lease, const movement::World& world,
                         const procedure::Edition* edition, UtcMillis now) {
  if (edition == nullptr) return {};  // refused for that
  if (lease.day != edition->local_day(now))
    return fail(ErrorCode::kConflict, "room is leased for today only");
  const auto& quotas = edition->procedure().quotas;
  const auto quota = std::ranges::find(quotas, lease.quota, &procedure::Quota::name);
  if (quota == quotas.end())
    return fail(ErrorCode::kInvalidArgument, "the edition in force has no quota '{}'", lease.quota);
  const auto* day = world.line().quotas.find(lease.quota, lease.day);
  const std::int64_t room = day == nullptr ? quota->per_day : day->unleased(quota->per_day);
  if (lease.amount <= room) return {};
  return fail(ErrorCode::kConflict, "the quota '{}' has room for {} more today", lease.quota,
              std::max<std::int64_t>(0, room));
}

}  // namespace

Office::Office(std::string_view line, crypto::Signer signer, std::uint64_t boot_id)
    : origin_(merkle::journal_origin(line, kOfficeAgent)), signer_(std::move(signer)), boot_id_(boot_id) {}

Result<void> Office::check(const movement::Body& body, std::string_view officer, const movement::World& world,
                           const procedure::Edition* edition, UtcMillis now) {
  const bool well_formed = std::visit([](const auto& act) { return is_well_formed(act); }, body);
  if (!well_formed || !is_name(officer)) {
    return fail(ErrorCode::kInvalidArgument, "this is not an act that the office can record");
  }
  if (const auto* resolution = std::get_if<movement::Resolution>(&body)) {
    const movement::SubjectState* state = world.find(resolution->subject);
    if (state == nullptr || state->now.status != movement::Status::kDisputed) {
      return fail(ErrorCode::kConflict, "the person's status is not disputed");
    }
  }
  if (const auto* change = std::get_if<movement::PermitChange>(&body)) return check_permit(*change, world);
  if (const auto* act = std::get_if<movement::NoticeAct>(&body)) return check_notice(*act, world);
  if (const auto* lease = std::get_if<movement::QuotaLease>(&body))
    return check_lease(*lease, world, edition, now);
  return {};
}

void Office::complete(movement::Body& body, const movement::World& world) {
  if (auto* lease = std::get_if<movement::QuotaLease>(&body)) {
    lease->spent =
        world.line().quotas.spent_beyond_leases(lease->quota, lease->day, movement::agent_tag(lease->agent));
  }
}

VerifiedSubmission Office::draft(movement::Body body, std::string officer, const Clock& clock,
                                 const movement::Beacon& ledger) {
  VerifiedSubmission made;
  made.agent_ = kOfficeAgent;
  made.first_ = JournalIndex(range_.size().value());
  movement::Event event{.agent = made.agent_,
                        .journal_index = made.first_,
                        .recorded_at = clock.now(),
                        .steady_ms = clock.steady_ms(),
                        .boot_id = boot_id_,
                        .beacon = ledger,
                        .officer = std::move(officer),
                        .body = std::move(body)};
  std::string bytes = wire::encode_event(event);
  range_.append(merkle::leaf_hash(as_bytes(bytes)));
  made.events_.push_back({std::move(bytes), std::move(event)});
  made.range_after_ = range_;
  made.head_signature_ = merkle::sign_tree_head(origin_, {range_.size(), range_.root()}, signer_);
  return made;
}

}  // namespace crossline::server
