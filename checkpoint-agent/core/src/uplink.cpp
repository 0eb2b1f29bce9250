#include "crossline/agent/uplink.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>
#include <variant>

namespace crossline::agent {
namespace {

constexpr std::array<std::string_view, 3> kLinkStateNames{"offline", "connecting", "online"};
constexpr std::array<std::string_view, 8> kReasonNames{
    "none", "starting", "unreachable", "refused", "revoked", "forked", "untrusted_server", "incompatible"};

// What a frame adds to the bytes of its events and identities, at most.
constexpr std::size_t kFrameOverheadBytes = 1'024;
constexpr std::size_t kEventOverheadBytes = 4;
constexpr std::size_t kIdentityOverheadBytes = 48;
constexpr std::size_t kMaxBytesInFlight = 2 * limits::kMaxFrameBytes;

// Asking again soon does not help; somebody has to act first.
bool is_settled(LinkReason reason) {
  return reason == LinkReason::kRefused || reason == LinkReason::kRevoked || reason == LinkReason::kForked ||
         reason == LinkReason::kIncompatible;
}

LinkReason reason_of(const wire::LinkError& error) {
  if (error.retry) return LinkReason::kUnreachable;
  if (error.code == name_of(ErrorCode::kForked)) return LinkReason::kForked;
  if (error.code == name_of(ErrorCode::kRevoked)) return LinkReason::kRevoked;
  if (error.code == name_of(ErrorCode::kUnsupported)) return LinkReason::kIncompatible;
  return LinkReason::kRefused;
}

}  // namespace

std::string_view name_of(LinkState state) {
  return kLinkStateNames[std::to_underlying(state)];
}

std::string_view name_of(LinkReason reason) {
  return kReasonNames[std::to_underlying(reason)];
}

Uplink::Uplink(const Settings& settings, Journal& journal, Replica& replica, OwnMovements& own,
               Alarms& alarms, const Clock& clock, Random& random)
    : settings_(&settings),
      journal_(&journal),
      replica_(&replica),
      own_(&own),
      alarms_(&alarms),
      clock_(&clock),
      random_(&random),
      watch_(settings, replica, alarms, clock),
      since_(clock.now()) {}

void Uplink::on_connected() {
  enter(LinkState::kGreeting, reason_);
  close_ = false;
  connected_ms_ = clock_->steady_ms();
  last_heard_ms_ = connected_ms_;
  send(wire::Hello{.protocol = wire::kProtocol,
                   .agent = settings_->agent,
                   .journal = journal_->head(),
                   .replica_position = replica_->position(),
                   .ledger = replica_->ledger(),
                   .edition = editions_.enforced,
                   .editions = editions_,
                   .ledger_proven = watch_.ask().proven});
  editions_told_ = true;
}

void Uplink::on_disconnected(LinkReason reason, std::string detail) {
  break_off(reason, std::move(detail));
  close_ = false;
}

void Uplink::enter(LinkState state, LinkReason reason) {
  if (state != state_) since_ = clock_->now();
  state_ = state;
  reason_ = reason;
}

void Uplink::break_off(LinkReason reason, std::string detail) {
  enter(LinkState::kDown, reason);
  detail_ = std::move(detail);
  close_ = true;
  frames_.clear();
  in_flight_.clear();
  bytes_in_flight_ = 0;
  if (is_settled(reason)) {
    reconnect_delay_ms_ = kRefusedRetryMs;
    return;
  }
  // Doubling, and spread over half of it, so that a returning server is not met by all agents at once.
  const std::uint64_t base =
      std::min(kReconnectMaxMs, kReconnectMinMs << std::min<std::uint64_t>(failures_, 8));
  ++failures_;
  std::array<std::uint8_t, 4> dice{};
  random_->fill(dice);
  reconnect_delay_ms_ = base / 2 + load_u32_be(dice.data()) % (base / 2 + 1);
}

Uplink::Received Uplink::on_frame(wire::ServerFrame frame) {
  Received received;
  if (state_ != LinkState::kGreeting && state_ != LinkState::kUp) return received;
  last_heard_ms_ = clock_->steady_ms();
  doubtful_ = false;
  std::visit(
      [&]<class Frame>(Frame& body) {
        if constexpr (std::is_same_v<Frame, wire::ConsultAnswer>) {
          if (state_ == LinkState::kUp) received.answer = std::move(body);
        } else if constexpr (std::is_same_v<Frame, wire::ReplicaUpdate>) {
          take(body);
          if (state_ == LinkState::kUp)
            received.edition = {std::move(body.edition), std::move(body.edition_envelope)};
        } else {
          take(body);
        }
      },
      frame);
  note_currency();
  return received;
}

void Uplink::take(const wire::Welcome& welcome) {
  if (state_ != LinkState::kGreeting) return lose("the server greeted twice");
  // Nothing is said to a server whose ledger does not continue the one that it has shown.
  if (!trusts(watch_.on_welcome(welcome.ledger, welcome.proofs))) return;
  resume_from(welcome.next_index, welcome.ledger ? welcome.ledger->head.size : TreeSize(0));
}

void Uplink::take(const wire::LedgerDispute& dispute) {
  if (state_ != LinkState::kGreeting) return lose("the server disputes a ledger that it has welcomed");
  (void)trusts(watch_.on_dispute(dispute));
}

void Uplink::take(const wire::Heartbeat& heartbeat) {
  if (state_ == LinkState::kUp && heartbeat.ledger_reply)
    (void)trusts(watch_.on_reply(*heartbeat.ledger_reply));
}

// What the server showed of its ledger is in order; otherwise the link is left.
bool Uplink::trusts(const Result<void>& shown) {
  if (shown) return true;
  const ErrorCode code = shown.error().code;
  if (code == ErrorCode::kForked || code == ErrorCode::kBadSignature) {
    break_off(LinkReason::kUntrustedServer, shown.error().message);
  } else {
    store_failed(shown.error());
  }
  return false;
}

void Uplink::resume_from(JournalIndex next_index, TreeSize ledger_size) {
  const std::uint64_t size = journal_->size().value();
  if (next_index.value() > size) {
    journal_->halt(
        {ErrorCode::kForked, fmt::format("the server holds {} events of this agent, its own journal {}: "
                                         "the disk is older than what was sent from it",
                                         next_index.value(), size)});
    return break_off(LinkReason::kForked, journal_->halted()->message);
  }
  if (journal_->halted() && journal_->halted()->code == ErrorCode::kForked) {
    // The server takes this agent again: an administrator has looked at the evidence.
    if (auto recovered = journal_->recover(); !recovered) return store_failed(recovered.error());
  }
  if (next_index < journal_->acknowledged()) {
    alarms_->raise(
        AlarmCode::kServerForgot,
        fmt::format("the server had acknowledged {} events and now expects number {}; they are sent again",
                    journal_->acknowledged().value(), next_index.value()),
        clock_->now());
  } else {
    alarms_->clear(AlarmCode::kServerForgot);
    // Their answers were lost on the way. They are somewhere in the ledger as it is now, its last entry at
    // most.
    const LedgerIndex latest(ledger_size.value() == 0 ? 0 : ledger_size.value() - 1);
    const std::vector<LedgerIndex> places(next_index.value() - journal_->acknowledged().value(), latest);
    if (!places.empty()) place(journal_->acknowledged(), places);
  }
  enter(LinkState::kUp, LinkReason::kNone);
  detail_.clear();
  failures_ = 0;
  ledger_at_welcome_ = ledger_size;
  next_to_send_ = next_index;
  next_answer_ = next_index;
  send_unsent();
}

void Uplink::take(const wire::Answer& answer) {
  if (state_ != LinkState::kUp) return;
  const JournalIndex end(answer.first_index.value() + answer.events.size());
  if (end <= next_answer_) return;  // a repeated answer
  if (answer.first_index != next_answer_ || end > next_to_send_) {
    return lose(fmt::format("the server answered events {} to {} where {} to {} were expected",
                            answer.first_index.value(), end.value(), next_answer_.value(),
                            next_to_send_.value()));
  }
  if (!trusts(watch_.on_answer(answer.ledger))) return;
  std::vector<LedgerIndex> places;
  places.reserve(answer.events.size());
  for (const wire::EventAnswer& event : answer.events) {
    if (event.ledger_index.value() >= answer.ledger.head.size.value())
      return lose("the server placed an event outside its own ledger");
    places.push_back(event.ledger_index);
  }
  place(answer.first_index, places);
  if (state_ != LinkState::kUp) return;
  next_answer_ = end;
  while (!in_flight_.empty() && in_flight_.front().end <= end) {
    bytes_in_flight_ -= in_flight_.front().bytes;
    in_flight_.pop_front();
  }
  send_unsent();
}

void Uplink::place(JournalIndex first, std::span<const LedgerIndex> places) {
  own_->place(first, places);
  if (auto stored = journal_->acknowledge(first, places); !stored) store_failed(stored.error());
}

void Uplink::take(const wire::ReplicaUpdate& update) {
  if (state_ != LinkState::kUp) return;
  auto applied = replica_->apply(update);
  if (applied) return;
  if (applied.error().kind() == ErrorKind::kFatal) return store_failed(applied.error());
  if (applied.error().code == ErrorCode::kCorruptData)
    alarms_->raise(AlarmCode::kStoreDamaged, applied.error().message, clock_->now());
  lose(applied.error().message);
}

void Uplink::take(const wire::LinkError& error) {
  const LinkReason reason = reason_of(error);
  std::string detail = fmt::format("the server said: {}", error.message);
  if (reason == LinkReason::kForked) journal_->halt({ErrorCode::kForked, detail});
  break_off(reason, std::move(detail));
}

void Uplink::store_failed(const Error& error) {
  alarms_->raise(AlarmCode::kStoreFailed, error.message, clock_->now());
  lose("this machine's disk refused to keep what the server said");
}

void Uplink::on_recorded() {
  send_unsent();
}

void Uplink::on_time() {
  const std::uint64_t now = clock_->steady_ms();
  if (state_ == LinkState::kGreeting && now - connected_ms_ >= kGreetingMs)
    return lose("the server did not greet in time");
  if (state_ != LinkState::kUp) return;
  const bool busy = next_answer_ < next_to_send_;
  if (now - last_heard_ms_ >= (busy ? kBusySilenceMs : kSilenceMs)) return lose("the server fell silent");
  if (watch_.is_overdue()) return lose("the server has not proven in time that its ledger goes on");
  if (now - last_sent_ms_ >= kHeartbeatMs || !editions_told_ || watch_.is_due()) send_heartbeat();
}

void Uplink::report_editions(wire::EditionReport report) {
  if (report == editions_) return;
  editions_ = std::move(report);
  editions_told_ = false;
  if (state_ == LinkState::kUp) send_heartbeat();
}

void Uplink::send_heartbeat() {
  const auto oldest = oldest_unsent();
  const std::int64_t age_ms = oldest ? std::max<std::int64_t>(0, clock_->now().ms - oldest->ms) : 0;
  wire::Heartbeat heartbeat{.unsent = journal_->unsent(),
                            .clock = clock_->now(),
                            .oldest_unsent_ms = static_cast<std::uint64_t>(age_ms)};
  if (!editions_told_) heartbeat.editions = editions_;
  editions_told_ = true;
  if (watch_.is_due()) heartbeat.ledger_question = watch_.ask();
  send(std::move(heartbeat));
}

std::uint64_t Uplink::next_deadline_ms() const {
  if (state_ == LinkState::kGreeting) return connected_ms_ + kGreetingMs;
  if (state_ != LinkState::kUp) return clock_->steady_ms() + kHeartbeatMs;
  const bool busy = next_answer_ < next_to_send_;
  return std::min({last_sent_ms_ + kHeartbeatMs, last_heard_ms_ + (busy ? kBusySilenceMs : kSilenceMs),
                   watch_.next_deadline_ms()});
}

std::optional<std::uint64_t> Uplink::consult(const movement::Movement& movement) {
  if (state_ != LinkState::kUp || doubtful_) return std::nullopt;
  const std::uint64_t id = next_consult_++;
  send(wire::Consult{id, movement, clock_->now()});
  return id;
}

bool Uplink::is_current() const {
  return state_ == LinkState::kUp && !doubtful_ && replica_->position().value() >= ledger_at_welcome_.value();
}

void Uplink::note_currency() {
  if (!is_current()) return;
  if (auto noted = replica_->mark_current(clock_->now()); !noted) store_failed(noted.error());
}

std::optional<UtcMillis> Uplink::oldest_unsent() const {
  if (journal_->unsent() == 0) return std::nullopt;
  const JournalIndex oldest = journal_->acknowledged();
  if (!oldest_unsent_ || oldest_unsent_->first != oldest) {
    const auto records = journal_->read(oldest, 1);
    if (!records || records->empty()) return std::nullopt;
    const auto event = wire::decode_event(as_bytes(records->front().event));
    if (!event) return std::nullopt;
    oldest_unsent_ = {oldest, event->recorded_at};
  }
  return oldest_unsent_->second;
}

void Uplink::send(wire::AgentFrame frame) {
  frames_.push_back(std::move(frame));
  last_sent_ms_ = clock_->steady_ms();
}

bool Uplink::window_is_open() const {
  return state_ == LinkState::kUp && next_to_send_.value() < journal_->size().value() &&
         next_to_send_.value() - next_answer_.value() < limits::kMaxUnansweredEvents &&
         bytes_in_flight_ < kMaxBytesInFlight;
}

void Uplink::send_unsent() {
  while (window_is_open()) {
    if (auto sent = send_batch(); !sent) return store_failed(sent.error());
  }
}

Result<void> Uplink::send_batch() {
  const std::uint64_t room = limits::kMaxUnansweredEvents - (next_to_send_.value() - next_answer_.value());
  CROSSLINE_TRY(auto records,
                journal_->read(next_to_send_, std::min<std::uint64_t>(room, kBacklogBatchEvents)));
  if (records.empty())
    return fail(ErrorCode::kCorruptData, "journal: event {} cannot be read back", next_to_send_.value());
  wire::Submit submit{.first_index = next_to_send_, .events = {}, .identities = {}, .head_signature = {}};
  std::size_t bytes = kFrameOverheadBytes;
  for (JournalRecord& record : records) {
    const std::size_t more =
        record.event.size() + kEventOverheadBytes +
        (record.identity ? record.identity->identity.size() + kIdentityOverheadBytes : 0);
    if (!submit.events.empty() && bytes + more > limits::kMaxFrameBytes) break;
    bytes += more;
    if (record.identity) {
      submit.identities.push_back({static_cast<std::uint32_t>(submit.events.size()), record.identity->opening,
                                   std::move(record.identity->identity)});
    }
    submit.events.push_back(std::move(record.event));
    submit.head_signature = record.head_signature;
  }
  next_to_send_ = JournalIndex(next_to_send_.value() + submit.events.size());
  in_flight_.push_back({next_to_send_, bytes});
  bytes_in_flight_ += bytes;
  send(std::move(submit));
  return {};
}

std::vector<wire::AgentFrame> Uplink::take_frames() {
  return std::exchange(frames_, {});
}

bool Uplink::take_close() {
  return std::exchange(close_, false);
}

}  // namespace crossline::agent
