#include "crossline/agent/scan_session.hpp"

#include "crossline/agent/settings.hpp"
#include "crossline/base/assert.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crossline::agent {
namespace {

using movement::Relation;
using movement::Verdict;

constexpr std::array<std::string_view, 4> kSessionStateNames{"open", "asking", "decided", "done"};

// What somebody is to their companion, when the companion is `relation` to them.
Relation inverse_of(Relation relation) {
  switch (relation) {
    case Relation::kParent:
      return Relation::kChild;
    case Relation::kChild:
      return Relation::kParent;
    case Relation::kSpouse:
      return Relation::kSpouse;
    case Relation::kCaregiver:
    case Relation::kEscort:
      return Relation::kPatient;
    case Relation::kPatient:
      return Relation::kCaregiver;
    case Relation::kGuardian:
    case Relation::kRelative:
      return Relation::kRelative;
  }
  std::unreachable();
}

}  // namespace

std::string_view name_of(SessionState state) {
  return kSessionStateNames[std::to_underlying(state)];
}

const Scan* ScanSession::find(const ScanId& id) const {
  if (aside_ && aside_->id == id) return &*aside_;
  const auto found = std::ranges::find(members_, id, &Scan::id);
  return found == members_.end() ? nullptr : &*found;
}

Scan* ScanSession::find_member(const ScanId& id) {
  const auto found = std::ranges::find(members_, id, &Scan::id);
  return found == members_.end() ? nullptr : &*found;
}

std::optional<Verdict> ScanSession::verdict() const {
  if (members_.empty() || state_ < SessionState::kDecided) return std::nullopt;
  Verdict worst = Verdict::kAllow;
  for (const Scan& member : members_) worst = procedure::worst(worst, member.shown->verdict);
  return worst;
}

bool ScanSession::awaits_officer() const {
  return state_ == SessionState::kDecided && std::ranges::any_of(members_, [](const Scan& member) {
           return member.is_allowed() && !member.recorded;
         });
}

Result<void> ScanSession::begin_group(const movement::GroupId& id) {
  if (awaits_officer() || is_waiting())
    return fail(ErrorCode::kConflict, "a scan waits for its confirmation");
  if (group_ && state_ == SessionState::kOpen) return fail(ErrorCode::kConflict, "a group is open already");
  clear();
  group_ = id;
  return {};
}

Result<void> ScanSession::require_group(const movement::GroupId& id) const {
  if (group_ == id) return {};
  return fail(ErrorCode::kNotFound, "there is no such group on the desk");
}

void ScanSession::put_aside(Scan scan) {
  if (!group_ || state_ != SessionState::kOpen) clear();
  aside_ = std::move(scan);
}

Result<void> ScanSession::present(Scan scan) {
  CROSSLINE_ASSERT(scan.traveller.has_value());
  if (group_ && state_ == SessionState::kOpen) {
    if (closed_) return fail(ErrorCode::kConflict, "the group is closed");
    if (members_.size() == kMaxGroup)
      return fail(ErrorCode::kConflict, "a group has at most {} members", kMaxGroup);
    const auto subject_of = [](const Scan& member) { return member.traveller->movement.subject; };
    if (std::ranges::find(members_, subject_of(scan), subject_of) != members_.end())
      return fail(ErrorCode::kConflict, "this document is in the group already");
    if (members_.empty()) {
      scan.with.reset();
    } else if (!scan.with) {
      scan.with = With{members_.front().id, Relation::kParent};
    } else if (find_member(scan.with->scan) == nullptr) {
      return fail(ErrorCode::kNotFound, "the member named as companion is not in the group");
    }
  } else {
    if (scan.with) return fail(ErrorCode::kConflict, "a companion is named, but no group is open");
    clear();
  }
  aside_.reset();
  members_.push_back(std::move(scan));
  Scan& added = members_.back();
  if (added.traveller->movement.document_repaired) {
    added.step = Step::kConfirmReading;
  } else {
    settle(added);
  }
  return {};
}

// The read is good: is the category known, too?
void ScanSession::settle(Scan& scan) const {
  const Traveller& traveller = *scan.traveller;
  const bool several = traveller.movement.category.empty() && traveller.categories.size() > 1;
  scan.step = several ? Step::kChooseCategory : Step::kCollected;
}

Result<Scan*> ScanSession::require_member(const ScanId& id) {
  Scan* scan = find_member(id);
  if (scan == nullptr) return fail(ErrorCode::kNotFound, "there is no such scan on the desk");
  return scan;
}

Result<void> ScanSession::confirm_reading(const ScanId& id) {
  CROSSLINE_TRY(Scan * scan, require_member(id));
  const bool was_confirmed =
      scan->traveller->movement.document_repaired && scan->step > Step::kConfirmReading;
  if (was_confirmed) return {};
  if (scan->step != Step::kConfirmReading)
    return fail(ErrorCode::kConflict, "nothing in this scan was repaired");
  settle(*scan);
  return {};
}

Result<void> ScanSession::choose_category(const ScanId& id, std::string_view category) {
  CROSSLINE_TRY(Scan * scan, require_member(id));
  Traveller& traveller = *scan->traveller;
  const bool was_chosen = traveller.movement.category == category && scan->step > Step::kChooseCategory;
  if (was_chosen) return {};
  if (scan->step != Step::kChooseCategory)
    return fail(ErrorCode::kConflict, "the scan is at '{}', its category is not open", name_of(scan->step));
  if (std::ranges::find(traveller.categories, category) == traveller.categories.end())
    return fail(ErrorCode::kInvalidArgument, "the document does not fit the category '{}'", category);
  traveller.movement.category = category;
  settle(*scan);
  return {};
}

Result<void> ScanSession::close_group() {
  if (!group_) return fail(ErrorCode::kConflict, "no group is open");
  if (closed_) return {};
  if (members_.empty()) return fail(ErrorCode::kConflict, "nobody is in the group");
  if (!std::ranges::all_of(members_, [](const Scan& member) { return member.step == Step::kCollected; }))
    return fail(ErrorCode::kConflict, "a member's reading or category is still open");
  closed_ = true;
  aside_.reset();
  for (Scan& member : members_) {
    movement::Movement& own = member.traveller->movement;
    own.group = group_;
    if (!member.with) continue;
    Scan* companion = find_member(member.with->scan);
    CROSSLINE_ASSERT(companion != nullptr);
    movement::Movement& others = companion->traveller->movement;
    own.companions.push_back({others.subject, member.with->relation});
    others.companions.push_back({own.subject, inverse_of(member.with->relation)});
  }
  return {};
}

bool ScanSession::is_complete() const {
  return state_ == SessionState::kOpen && !members_.empty() && (!group_ || closed_) &&
         std::ranges::all_of(members_, [](const Scan& member) { return member.step == Step::kCollected; });
}

void ScanSession::assess(std::size_t index, Assessment local, std::optional<std::uint64_t> consult) {
  state_ = SessionState::kAsking;
  Scan& member = members_.at(index);
  member.step = Step::kAsking;
  member.shown.reset();
  member.consult = consult;
  if (!consult) return give_up(index, std::move(local));
  member.local = std::move(local);
}

bool ScanSession::answer(const wire::ConsultAnswer& answer, const procedure::Edition& edition,
                         std::string_view language) {
  const auto member = std::ranges::find(members_, std::optional(answer.id), &Scan::consult);
  if (member == members_.end()) return false;
  member->consult.reset();
  member->decided_offline = false;
  member->shown = assessment_of(answer, edition, *member->local, language);
  return true;
}

void ScanSession::give_up(std::size_t index, Assessment local) {
  Scan& member = members_.at(index);
  member.consult.reset();
  member.decided_offline = true;
  member.local = local;
  member.shown = std::move(local);
}

bool ScanSession::is_waiting() const {
  return std::ranges::any_of(members_, [](const Scan& member) { return member.consult.has_value(); });
}

std::vector<std::size_t> ScanSession::drop_companions_left_behind() {
  const auto is_left_behind = [this](const movement::Companion& companion) {
    return std::ranges::any_of(members_, [&](const Scan& member) {
      return member.traveller->movement.subject == companion.subject && !member.is_allowed();
    });
  };
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    auto& companions = members_[i].traveller->movement.companions;
    if (members_[i].is_allowed() && std::erase_if(companions, is_left_behind) > 0) changed.push_back(i);
  }
  return changed;
}

void ScanSession::decided() {
  state_ = SessionState::kDecided;
  for (Scan& member : members_) member.step = Step::kDecided;
}

void ScanSession::recorded(std::size_t index, const Recorded& recorded) {
  members_.at(index).recorded = recorded;
}

void ScanSession::done() {
  state_ = SessionState::kDone;
  for (Scan& member : members_) member.step = Step::kDone;
}

void ScanSession::acknowledge_aside() {
  CROSSLINE_ASSERT(aside_.has_value());
  aside_->step = Step::kDone;
}

}  // namespace crossline::agent
