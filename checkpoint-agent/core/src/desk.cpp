// The part of Station that deals with the person before the desk.
#include "crossline/agent/station.hpp"
#include "crossline/base/text.hpp"
#include "crossline/crypto/commitment.hpp"
#include "crossline/documents/mrz.hpp"
#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <numeric>

namespace crossline::agent {
namespace {

using movement::Outcome;
using movement::Verdict;

Outcome outcome_of(Verdict verdict) {
  return verdict == Verdict::kRefer ? Outcome::kReferred : Outcome::kRefused;
}

bool is_reason(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return !text.empty() && text.size() <= movement::kMaxReasonBytes && is_utf8(text) &&
         std::ranges::none_of(text, is_control);
}

// Whether asking for `action` once more asks for what was done.
bool was_done(std::span<const Scan> members, Action action) {
  const auto has = [members](Outcome outcome) {
    return std::ranges::any_of(
        members, [outcome](const Scan& scan) { return scan.recorded && scan.recorded->outcome == outcome; });
  };
  switch (action) {
    case Action::kPass:
      return has(Outcome::kPassed);
    case Action::kTurnBack:
      return has(Outcome::kTurnedBack);
    case Action::kAcknowledge:
      return !has(Outcome::kPassed) && !has(Outcome::kTurnedBack);
  }
  std::unreachable();
}

}  // namespace

std::array<std::uint8_t, 8> Station::new_id() {
  std::array<std::uint8_t, 8> id{};
  random_->fill(id);
  return id;
}

// From the delivery to a scan at one of its first steps.
Result<Scan> Station::read(const ScanInput& input) {
  Scan scan;
  scan.id = new_id();
  scan.started_ms = clock_->steady_ms();
  const UtcMillis now = clock_->now();
  auto document = documents::read_mrz(input.text, {.today = local_day(edition_at(now), now),
                                                   .repair = !input.typed,
                                                   .prefix = settings_.reader_prefix,
                                                   .suffix = settings_.reader_suffix});
  if (!document || !(document->valid() || document->repaired())) {
    scan.step = Step::kUnreadable;
    if (document) scan.unusable = *std::move(document);
    return scan;
  }
  Traveller traveller = traveller_from(*std::move(document), edition_at(now), settings_.line_key, now);
  traveller.movement.direction = shift_->direction;
  if (std::ranges::find(traveller.categories, input.category) != traveller.categories.end())
    traveller.movement.category = input.category;
  const OwnMovement* passage =
      own_.last_passage(traveller.movement.subject, shift_->direction,
                        now.plus(-static_cast<std::int64_t>(settings_.double_scan_ms)));
  if (passage != nullptr) {
    scan.step = Step::kRepeated;
    scan.repeated = Repeated{passage->index, passage->at, passage->direction};
  } else {
    scan.step = Step::kCollected;
    scan.with = input.with;
  }
  scan.traveller = std::move(traveller);
  return scan;
}

Result<ScanId> Station::scan(const ScanInput& input) {
  CROSSLINE_CHECK_OK(require_shift());
  if (journal_.halted()) return std::unexpected(*journal_.halted());
  CROSSLINE_TRY(movement::Declaration declared, declaration_from(input.declared, edition()));
  CROSSLINE_CHECK_OK(abandon());
  CROSSLINE_TRY(Scan scan, read(input));
  if (scan.traveller) scan.traveller->movement.declared = std::move(declared);
  const ScanId id = scan.id;
  if (scan.step != Step::kCollected) {
    desk_.put_aside(std::move(scan));
    return id;
  }
  CROSSLINE_CHECK_OK(desk_.present(std::move(scan)));
  CROSSLINE_CHECK_OK(advance());
  return id;
}

// Whoever was allowed and left without a word of the officer is on record.
Result<void> Station::abandon() {
  if (desk_.is_waiting()) CROSSLINE_CHECK_OK(give_up_waiting());
  if (!desk_.awaits_officer()) return {};
  CROSSLINE_CHECK_OK(record_allowed(Outcome::kAbandoned));
  desk_.done();
  return {};
}

Result<void> Station::confirm_reading(const ScanId& id) {
  CROSSLINE_CHECK_OK(require_shift());
  CROSSLINE_CHECK_OK(desk_.confirm_reading(id));
  return advance();
}

Result<void> Station::choose_category(const ScanId& id, std::string_view category) {
  CROSSLINE_CHECK_OK(require_shift());
  CROSSLINE_CHECK_OK(desk_.choose_category(id, category));
  return advance();
}

Result<movement::GroupId> Station::begin_group() {
  CROSSLINE_CHECK_OK(require_shift());
  const movement::GroupId id = new_id();
  CROSSLINE_CHECK_OK(desk_.begin_group(id));
  return id;
}

Result<void> Station::close_group(const movement::GroupId& id) {
  CROSSLINE_CHECK_OK(require_shift());
  CROSSLINE_CHECK_OK(desk_.require_group(id));
  CROSSLINE_CHECK_OK(desk_.close_group());
  return advance();
}

Result<void> Station::cancel_group(const movement::GroupId& id) {
  CROSSLINE_CHECK_OK(require_shift());
  CROSSLINE_CHECK_OK(desk_.require_group(id));
  if (desk_.state() != SessionState::kOpen) return fail(ErrorCode::kConflict, "the group is decided already");
  desk_.clear();
  return {};
}

// Decides when everything is known of everybody.
Result<void> Station::advance() {
  if (!desk_.is_complete()) return {};
  ask_until_ms_ = clock_->steady_ms() + settings_.answer_wait_ms;
  std::vector<std::size_t> everybody(desk_.members().size());
  std::iota(everybody.begin(), everybody.end(), std::size_t{0});
  Result<void> asked = ask(everybody);
  return or_clear(asked ? decide() : std::move(asked));
}

Result<void> Station::or_clear(Result<void> done) {
  if (done) return done;
  if (done.error().code == ErrorCode::kCorruptData)
    alarms_.raise(AlarmCode::kStoreDamaged, done.error().message, clock_->now());
  desk_.clear();
  return done;
}

Result<void> Station::ask(std::span<const std::size_t> members) {
  for (const std::size_t index : members) {
    const movement::Movement& movement = desk_.members()[index].traveller->movement;
    CROSSLINE_TRY(Assessment local, assess_locally(movement, uplink_.is_current()));
    std::optional<std::uint64_t> consult;
    // A server that has not heard what this post recorded about the person knows less than the post does.
    const bool worth_asking = clock_->steady_ms() < ask_until_ms_ && !own_.has_unsent(movement.subject);
    if (worth_asking) consult = uplink_.consult(movement);
    desk_.assess(index, std::move(local), consult);
  }
  return {};
}

Result<Assessment> Station::assess_locally(const movement::Movement& movement, bool records_complete) {
  CROSSLINE_TRY(const movement::SubjectState state, state_of(movement.subject));
  const UtcMillis now = clock_->now();
  CROSSLINE_TRY(const auto quotas,
                quota_use_.left(journal_, editions(), replica_.line().quotas, settings_.post, agent_tag_, now,
                                desk_.members().size() - 1));
  const movement::Situation situation{
      .post = settings_.post,
      .line = replica_.line(),
      .subject = state,
      .names = replica_.names(),
      .key = {now, movement::movement_tie(agent_tag_, JournalIndex(journal_.size().value()))},
      .source = procedure::Source::kReplica,
      .records_age_ms = records_complete ? 0 : replica_.age_ms(now),
      .quotas = quotas};
  return assess(decider_, edition_at(now), movement, situation, shift_->language);
}

// Goes as far as it goes without the server.
Result<void> Station::decide() {
  while (!desk_.is_waiting()) {
    const std::vector<std::size_t> again = desk_.drop_companions_left_behind();
    if (again.empty()) {
      desk_.decided();
      return record_stopped();
    }
    CROSSLINE_CHECK_OK(ask(again));
  }
  return {};
}

Result<void> Station::give_up_waiting() {
  return or_clear(decide_without_answers());
}

Result<void> Station::decide_without_answers() {
  for (std::size_t i = 0; i < desk_.members().size(); ++i) {
    if (!desk_.members()[i].consult) continue;
    CROSSLINE_TRY(Assessment local, assess_locally(desk_.members()[i].traveller->movement, false));
    desk_.give_up(i, std::move(local));
  }
  return decide();
}

void Station::note_link_lost() {
  // A failure has emptied the desk; whoever waits for the scan sees that.
  if (desk_.is_waiting() && uplink_.state() != LinkState::kUp) (void)give_up_waiting();
}

Result<void> Station::confirm(const ScanId& id, Action action) {
  CROSSLINE_CHECK_OK(require_shift());
  const Scan* scan = desk_.find(id);
  if (scan == nullptr) return fail(ErrorCode::kNotFound, "there is no such scan on the desk");
  if (desk_.aside() && desk_.aside()->id == id) {
    if (action != Action::kAcknowledge)
      return fail(ErrorCode::kConflict, "the scan has no verdict to act on");
    desk_.acknowledge_aside();
    return {};
  }
  if (desk_.group())
    return fail(ErrorCode::kConflict, "the scan belongs to a group, which is confirmed as a whole");
  return act(action);
}

Result<void> Station::confirm_group(const movement::GroupId& id, Action action) {
  CROSSLINE_CHECK_OK(require_shift());
  CROSSLINE_CHECK_OK(desk_.require_group(id));
  return act(action);
}

Result<void> Station::act(Action action) {
  if (desk_.state() == SessionState::kDone && was_done(desk_.members(), action)) return {};
  if (desk_.state() != SessionState::kDecided)
    return fail(ErrorCode::kConflict, "nothing waits for a confirmation");
  if (desk_.awaits_officer() != (action != Action::kAcknowledge)) {
    return fail(ErrorCode::kConflict, "{}",
                desk_.awaits_officer() ? "an allowed person passes or is turned back"
                                       : "nobody here is allowed to pass");
  }
  if (action != Action::kAcknowledge)
    CROSSLINE_CHECK_OK(record_allowed(action == Action::kPass ? Outcome::kPassed : Outcome::kTurnedBack));
  desk_.done();
  return {};
}

Result<void> Station::record_allowed(Outcome outcome) {
  std::vector<std::pair<std::size_t, Outcome>> outcomes;
  for (std::size_t i = 0; i < desk_.members().size(); ++i) {
    if (desk_.members()[i].is_allowed()) outcomes.emplace_back(i, outcome);
  }
  return record_members(outcomes);
}

Result<void> Station::record_stopped() {
  std::vector<std::pair<std::size_t, Outcome>> outcomes;
  for (std::size_t i = 0; i < desk_.members().size(); ++i) {
    if (!desk_.members()[i].is_allowed())
      outcomes.emplace_back(i, outcome_of(desk_.members()[i].shown->verdict));
  }
  return record_members(outcomes);
}

Result<Journal::Draft> Station::draft_of(const Scan& scan, Outcome outcome) {
  movement::Movement movement = scan.movement(outcome);
  std::optional<IdentityBeside> identity;
  std::string bytes = wire::encode_identity(scan.traveller->identity);
  CROSSLINE_TRY(const bool is_news, journal_.is_news(movement.subject, bytes));
  if (is_news) {
    identity = IdentityBeside{movement.subject, {}, std::move(bytes)};
    random_->fill(identity->opening);
    movement.commitment = crypto::commit(identity->opening, as_bytes(identity->identity));
  }
  return Journal::Draft{event_of(std::move(movement)), std::move(identity)};
}

Result<void> Station::record_members(std::span<const std::pair<std::size_t, Outcome>> outcomes) {
  if (outcomes.empty()) return {};
  std::vector<Journal::Draft> drafts;
  for (const auto& [member, outcome] : outcomes) {
    CROSSLINE_TRY(Journal::Draft draft, draft_of(desk_.members()[member], outcome));
    drafts.push_back(std::move(draft));
  }
  std::vector<movement::Event> events;
  for (const Journal::Draft& draft : drafts) events.push_back(draft.event);
  CROSSLINE_TRY(JournalIndex index, record(std::move(drafts)));
  for (std::size_t i = 0; i < outcomes.size(); ++i, index = index.next()) {
    const auto& [member, outcome] = outcomes[i];
    const UtcMillis at = events[i].recorded_at;
    auto movement = std::get<movement::Movement>(std::move(events[i].body));
    own_.add({index, at, movement.subject, movement.direction, outcome, false, std::nullopt,
              movement.declared.goods.value_or(std::vector<movement::DeclaredGoods>())});
    history_.add({index, at, std::move(movement), desk_.members()[member].traveller, false});
    desk_.recorded(member, {index, outcome, at});
  }
  uplink_.on_recorded();
  return {};
}

Result<void> Station::undo(JournalIndex index, std::string reason) {
  CROSSLINE_CHECK_OK(require_shift());
  if (!is_reason(reason))
    return fail(ErrorCode::kInvalidArgument, "the reason has to be one line of at most {} bytes",
                movement::kMaxReasonBytes);
  const OwnMovement* movement = own_.find(index);
  if (movement == nullptr ||
      clock_->now().ms - movement->at.ms > static_cast<std::int64_t>(settings_.undo_ms))
    return fail(ErrorCode::kConflict, "number {} is not one of this post's last movements", index.value());
  if (movement->corrected)
    return fail(ErrorCode::kConflict, "number {} is taken back already", index.value());
  movement::Correction correction{index, movement->subject, std::move(reason)};
  CROSSLINE_CHECK_OK(record({{event_of(std::move(correction)), std::nullopt}}));
  own_.correct(index);
  history_.correct(index);
  uplink_.on_recorded();
  return {};
}

}  // namespace crossline::agent
