#include "crossline/agent/station.hpp"

#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <set>
#include <variant>

namespace crossline::agent {
namespace {

constexpr std::size_t kReadBackEvents = 200;  // read at a time when the journal is walked backwards

}  // namespace

Station::Station(Settings settings, Journal journal, Replica replica, PostEditions editions, Ports ports)
    : settings_(std::move(settings)),
      agent_tag_(movement::agent_tag(settings_.agent)),
      clock_(&ports.clock),
      random_(&ports.random),
      journal_(std::move(journal)),
      replica_(std::move(replica)),
      uplink_(settings_, journal_, replica_, own_, alarms_, ports.clock, ports.random),
      editions_(std::move(editions)),
      last_recorded_ms_(ports.clock.steady_ms()) {}

Result<std::unique_ptr<Station>> Station::open(Settings settings, crypto::Signer signer, Ports ports,
                                               const ConfiguredProcedure& configured) {
  CROSSLINE_TRY(Journal journal,
                Journal::open(settings.line, settings.agent, std::move(signer), ports.journal));
  CROSSLINE_TRY(Replica replica, Replica::open(ports.replica));
  CROSSLINE_TRY(PostEditions editions, PostEditions::open(configured, replica.kept_editions()));
  std::unique_ptr<Station> station(
      new Station(std::move(settings), std::move(journal), std::move(replica), std::move(editions), ports));
  if (const auto& left_out = station->editions_.left_out()) station->refuse_edition(*left_out, std::nullopt);
  CROSSLINE_CHECK_OK(station->load_recent());
  CROSSLINE_CHECK_OK(station->load_slips());
  return station;
}

// Walks the journal backwards as far as something in it still matters: to the records, or at the desk.
Result<void> Station::load_recent() {
  const std::uint64_t window_ms = std::max(settings_.double_scan_ms, settings_.undo_ms);
  const UtcMillis recent = clock_->now().plus(-static_cast<std::int64_t>(window_ms));
  std::vector<HistoryEntry> found;
  std::vector<std::optional<LedgerIndex>> placed;
  std::set<JournalIndex> corrected;
  bool enough = false;
  for (std::uint64_t end = journal_.size().value(); end > 0 && !enough;) {
    const std::uint64_t first = end - std::min<std::uint64_t>(end, kReadBackEvents);
    CROSSLINE_TRY(const auto records, journal_.read(JournalIndex(first), end - first));
    for (std::uint64_t i = records.size(); i-- > 0 && !enough;) {
      CROSSLINE_TRY(const movement::Event event, wire::decode_event(as_bytes(records[i].event)));
      enough = event.recorded_at < recent && records[i].placed && *records[i].placed < replica_.position();
      if (enough) break;
      if (const auto* correction = std::get_if<movement::Correction>(&event.body))
        corrected.insert(correction->journal_index);
      if (const auto* movement = std::get_if<movement::Movement>(&event.body)) {
        found.push_back({.index = JournalIndex(first + i),
                         .at = event.recorded_at,
                         .movement = *movement,
                         .traveller = std::nullopt,
                         .corrected = corrected.contains(JournalIndex(first + i))});
        placed.push_back(records[i].placed);
      }
    }
    end = first;
  }
  own_.clear();
  history_.clear();
  for (std::size_t i = found.size(); i-- > 0;) {
    HistoryEntry& entry = found[i];
    own_.add({entry.index, entry.at, entry.movement.subject, entry.movement.direction, entry.movement.outcome,
              entry.corrected, placed[i],
              entry.movement.declared.goods.value_or(std::vector<movement::DeclaredGoods>())});
    if (entry.at >= recent) history_.add(std::move(entry));
  }
  return {};
}

Result<void> Station::require_shift() const {
  if (shift_) return {};
  return fail(ErrorCode::kForbidden, "no shift has been started");
}

movement::Event Station::event_of(movement::Body body) const {
  return {.agent = {},
          .journal_index = {},
          .recorded_at = clock_->now(),
          .steady_ms = clock_->steady_ms(),
          .boot_id = settings_.boot_id,
          .beacon = replica_.ledger(),
          .officer = shift_ ? shift_->officer : std::string(),
          .body = std::move(body)};
}

Result<JournalIndex> Station::record(std::vector<Journal::Draft> drafts) {
  auto first = journal_.append(std::move(drafts));
  if (!first) {
    alarms_.raise(AlarmCode::kRecordingStopped, first.error().message, clock_->now());
    next_recovery_ms_ = clock_->steady_ms() + kRecoveryMs;
    desk_.clear();
    return first;
  }
  last_recorded_ms_ = clock_->steady_ms();
  return first;
}

Result<void> Station::record_shift(bool started) {
  CROSSLINE_CHECK_OK(record({{event_of(movement::Shift{started, shift_->direction}), std::nullopt}}));
  uplink_.on_recorded();
  return {};
}

Result<void> Station::start_shift(std::string officer, movement::Direction direction, std::string language) {
  if (!movement::direction_fits(settings_.post.side, direction)) {
    return fail(ErrorCode::kInvalidArgument, "a post of side {} has no direction '{}'",
                movement::name_of(settings_.post.side), movement::name_of(direction));
  }
  if (shift_) CROSSLINE_CHECK_OK(end_shift());
  shift_ = Shift{std::move(officer), direction, std::move(language), clock_->now()};
  if (auto recorded = record_shift(true); !recorded) {
    shift_.reset();
    return recorded;
  }
  return {};
}

Result<void> Station::end_shift() {
  CROSSLINE_CHECK_OK(require_shift());
  CROSSLINE_CHECK_OK(abandon());
  CROSSLINE_CHECK_OK(record_shift(false));
  shift_.reset();
  desk_.clear();
  history_.clear();
  return {};
}

Result<void> Station::set_direction(movement::Direction direction) {
  CROSSLINE_CHECK_OK(require_shift());
  if (!movement::direction_fits(settings_.post.side, direction))
    return fail(ErrorCode::kInvalidArgument, "this post has no direction '{}'", movement::name_of(direction));
  const bool is_open = desk_.state() == SessionState::kOpen && (desk_.group() || !desk_.members().empty());
  if (is_open || desk_.is_waiting() || desk_.awaits_officer())
    return fail(ErrorCode::kConflict, "a scan or a group on the desk is not finished");
  shift_->direction = direction;
  desk_.clear();
  return {};
}

Result<void> Station::set_language(std::string language) {
  CROSSLINE_CHECK_OK(require_shift());
  shift_->language = std::move(language);
  return {};
}

Result<movement::SubjectState> Station::state_of(const crypto::SubjectId& subject) {
  const auto ahead = own_.ahead_of(replica_.position(), subject);
  const auto learnt = learnt_.of(subject);
  return replica_.state_of(subject, ahead, learnt, settings_.post, agent_tag_, edition());
}

void Station::on_connected() {
  report_editions();
  uplink_.on_connected();
}

void Station::on_disconnected(LinkReason reason, std::string detail) {
  uplink_.on_disconnected(reason, std::move(detail));
  note_link_lost();
}

void Station::on_frame(wire::ServerFrame frame) {
  Uplink::Received received = uplink_.on_frame(std::move(frame));
  if (!received.edition.empty()) adopt(received.edition);
  if (received.answer && shift_ && desk_.answer(*received.answer, edition(), shift_->language)) {
    // A failure empties the desk; whoever waits for the scan sees that.
    if (!desk_.is_waiting()) (void)or_clear(decide());
  }
  note_link_lost();
}

void Station::on_time() {
  report_editions();
  uplink_.on_time();
  note_link_lost();
  if (desk_.is_waiting() && clock_->steady_ms() >= ask_until_ms_) {
    uplink_.on_consult_unanswered();
    (void)give_up_waiting();
  }
  try_recovery();
  write_heartbeat();
  const std::uint64_t window_ms = std::max(settings_.double_scan_ms, settings_.undo_ms);
  own_.forget(clock_->now().plus(-static_cast<std::int64_t>(window_ms)), replica_.position());
  learnt_.forget(clock_->now().plus(-kSlipBelievedMs));
}

Effects Station::take_effects() {
  Effects effects;
  effects.frames = uplink_.take_frames();
  effects.close_link = uplink_.take_close();
  effects.evidence = uplink_.take_evidence();
  return effects;
}

std::uint64_t Station::next_deadline_ms() const {
  std::uint64_t deadline_ms = uplink_.next_deadline_ms();
  if (desk_.is_waiting()) deadline_ms = std::min(deadline_ms, ask_until_ms_);
  const UtcMillis now = clock_->now();
  if (const procedure::Edition* next = editions_.book().next_after(now))
    deadline_ms =
        std::min(deadline_ms, clock_->steady_ms() + static_cast<std::uint64_t>(next->from().ms - now.ms));
  return deadline_ms;
}

void Station::adopt(const OfferedEdition& offered) {
  auto judged = editions_.judge(offered);
  if (!judged) return refuse_edition(judged.error(), hash_of(offered));
  if (!*judged) return;
  if (auto stored = replica_.store_edition((*judged)->kept()); !stored)
    return alarms_.raise(AlarmCode::kStoreFailed, stored.error().message, clock_->now());
  editions_.take(**std::move(judged));
  refused_edition_.reset();
  alarms_.clear(AlarmCode::kEditionRefused);
  report_editions();
}

// The editions in force and to come stay as they are.
void Station::refuse_edition(const adoption::Refused& refused, std::optional<crypto::Hash> hash) {
  alarms_.raise(AlarmCode::kEditionRefused, refused.error().message, clock_->now());
  if (hash) refused_edition_ = wire::RefusedEdition{*hash, std::string(adoption::name_of(refused.reason))};
  report_editions();
}

void Station::report_editions() {
  uplink_.report_editions({.enforced = edition().hash(),
                           .newest = editions_.book().newest()->hash(),
                           .refused = refused_edition_});
}

// After a failed write only the disk knows what was recorded.
void Station::try_recovery() {
  if (!journal_.halted() || journal_.halted()->kind() != ErrorKind::kFatal) return;
  if (clock_->steady_ms() < next_recovery_ms_) return;
  next_recovery_ms_ = clock_->steady_ms() + kRecoveryMs;
  if (!journal_.recover()) return;
  if (auto loaded = load_recent(); !loaded) return journal_.halt(loaded.error());
  alarms_.clear(AlarmCode::kRecordingStopped);
  uplink_.on_recorded();
}

// An agent at work is never silent for long, so that withheld events show.
void Station::write_heartbeat() {
  if (!shift_ || journal_.halted() || clock_->steady_ms() - last_recorded_ms_ < kQuietJournalMs) return;
  if (record({{event_of(movement::JournalHeartbeat{journal_.unsent()}), std::nullopt}}))
    uplink_.on_recorded();
}

}  // namespace crossline::agent
