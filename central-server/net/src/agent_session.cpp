#include "agent_session.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/runtime/timeout.hpp"

#include <utility>
#include <variant>

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace crossline::server {
namespace {

using runtime::Deadline;
using runtime::Task;

constexpr std::uint64_t kSilenceMs = 90'000;  // agents send a heartbeat far more often
constexpr std::uint64_t kLingerMs = 2'000;    // after our last words, for the agent to read them
constexpr std::uint64_t kLingerPollMs = 20;

Bytes error_frame(const Error& error) {
  return encode(wire::LinkError{.code = std::string(name_of(error.code)),
                                .message = error.message,
                                .retry = error.kind() == ErrorKind::kRetryLater});
}

}  // namespace

AgentSession::AgentSession(AgentServices services, std::unique_ptr<runtime::TlsStream> stream)
    : services_(std::move(services)),
      peer_(stream->peer().to_string()),
      tls_peer_(stream->tls_peer()),
      wake_up_(stream->executor()) {
  frames_ = std::make_shared<runtime::FrameStream>(std::move(stream));
}

void AgentSession::end(Error why) {
  {
    const std::lock_guard lock(mutex_);
    if (ending_) return;
    ending_ = true;
    why_ = std::move(why);
  }
  wake_up_.notify();
}

Task<> AgentSession::run(std::shared_ptr<AgentSession> self) {
  // Cancellation leaves this function by an exception.
  struct Closing {
    std::shared_ptr<AgentSession> session;
    ~Closing() { session->note_end(); }
  };
  const Closing closing{self};
  self->services_.counters.connections_open += 1;
  const Outcome admitted = co_await self->admit();
  if (!admitted) {
    self->services_.counters.connections_refused += 1;
    self->services_.log(
        fmt::format("connection from {} refused: {}", self->peer_, admitted.error().to_string()));
    (void)co_await self->frames_->write_frame(error_frame(admitted.error()), Deadline::in_ms(kWriteMs));
    self->frames_->stream().finish();
    co_await self->frames_->stream().drain(Deadline::in_ms(kLingerMs));
    self->frames_->stream().close();
    co_return;
  }
  self->services_.log(fmt::format("agent {} connected from {}", self->agent_, self->peer_));
  const std::uint64_t subscription = self->services_.replica.subscribe(self->wake_up_);
  struct Unsubscribe {
    ReplicaFeed& feed;
    std::uint64_t subscription;
    ~Unsubscribe() { feed.unsubscribe(subscription); }
  };
  const Unsubscribe unsubscribe{self->services_.replica, subscription};
  using namespace boost::asio::experimental::awaitable_operators;
  co_await (read_all(self) && write_all(self));
}

void AgentSession::note_end() {
  const runtime::Traffic traffic = frames_->stream().traffic();
  services_.counters.bytes_in += traffic.bytes_in;
  services_.counters.bytes_out += traffic.bytes_out;
  services_.counters.connections_open -= 1;
  if (!slot_) return;
  slot_->release(this, services_.clock.now());
  const std::lock_guard lock(mutex_);
  services_.log(
      fmt::format("agent {} disconnected{}{}", agent_, why_ ? ": " : "", why_ ? why_->to_string() : ""));
}

// --- from the agent

Task<> AgentSession::read_all(std::shared_ptr<AgentSession> self) {
  for (;;) {
    auto bytes = co_await self->frames_->read_frame(Deadline::in_ms(kSilenceMs));
    if (!bytes) {
      // A connection that ends between two frames needs no words.
      if (bytes.error().code == ErrorCode::kUnavailable) break;
      const bool said_too_much = bytes.error().code == ErrorCode::kMalformed;
      self->end(std::move(bytes.error()));
      // Where the next frame would begin is unknown; what still comes is read only so that our last words are
      // not reset away.
      if (said_too_much) co_await self->frames_->stream().drain(Deadline::in_ms(kLingerMs));
      break;
    }
    {
      const std::lock_guard lock(self->mutex_);
      if (self->ending_) continue;  // only so that our last words are not reset away
    }
    self->slot_->heard(self->services_.clock.now());
    auto frame = wire::decode_agent_frame(*bytes);
    if (!frame) {
      self->end(std::move(frame.error()));
      continue;
    }
    const Outcome taken = co_await self->take(*std::move(frame));
    if (!taken) self->end(taken.error());
  }
  {
    const std::lock_guard lock(self->mutex_);
    self->ending_ = true;
  }
  self->reader_ended_ = true;
  self->wake_up_.notify();
}

Task<AgentSession::Outcome> AgentSession::take(wire::AgentFrame frame) {
  if (auto* submit = std::get_if<wire::Submit>(&frame)) co_return co_await take_submit(std::move(*submit));
  if (auto* consult = std::get_if<wire::Consult>(&frame))
    co_return co_await take_consult(std::move(*consult));
  if (const auto* heartbeat = std::get_if<wire::Heartbeat>(&frame)) {
    slot_->told(heartbeat->unsent, heartbeat->oldest_unsent_ms);
    if (heartbeat->editions) slot_->reports(*heartbeat->editions, services_.clock.now());
    {
      const std::lock_guard lock(mutex_);
      heartbeat_due_ = true;
      if (heartbeat->ledger_question) ledger_question_ = heartbeat->ledger_question;
    }
    wake_up_.notify();
    co_return Outcome();
  }
  co_return fail(ErrorCode::kMalformed, "a second hello");
}

Task<AgentSession::Outcome> AgentSession::take_submit(wire::Submit submit) {
  const std::size_t events = submit.events.size();
  {
    const std::lock_guard lock(mutex_);
    unanswered_ += events;
    if (unanswered_ > limits::kMaxUnansweredEvents) {
      co_return fail(ErrorCode::kMalformed, "{} events without an answer, at most {} are allowed",
                     unanswered_, limits::kMaxUnansweredEvents);
    }
  }
  auto verified = slot_->journal().verify(std::move(submit), services_.clock.now());
  if (!verified) {
    services_.counters.submissions_refused += 1;
    Error why = co_await report(std::move(verified.error()));
    co_return std::unexpected(std::move(why));
  }
  services_.counters.submissions_verified += 1;
  // What waits for room in the queue can only be lost with the process.
  slot_->journal().advance(*verified);
  // An agent's own order is kept: behind its backlog everything is backlog.
  const bool live = events <= limits::kLiveSubmissionEvents && !slot_->has_backlog();
  const auto lane = live ? SequencerThread::Lane::kLive : SequencerThread::Lane::kBacklog;
  if (!live) slot_->queued_backlog(static_cast<std::int64_t>(events));
  SequencerThread::Done done = [self = shared_from_this(), events, lane](Reply reply) {
    self->replied(std::move(reply), events, lane);
  };
  Request request(*std::move(verified));
  co_return co_await services_.sequencer.push(std::move(request), lane, std::move(done));
}

Task<AgentSession::Outcome> AgentSession::take_consult(wire::Consult consult) {
  services_.counters.consults += 1;
  {
    const std::lock_guard lock(mutex_);
    if (++unanswered_consults_ > limits::kMaxUnansweredConsults) {
      co_return fail(ErrorCode::kMalformed, "{} questions without an answer, at most {} are allowed",
                     unanswered_consults_, limits::kMaxUnansweredConsults);
    }
  }
  SequencerThread::Done done = [self = shared_from_this()](Reply reply) {
    self->replied(std::move(reply), 0, SequencerThread::Lane::kLive);
  };
  Request request = ConsultRequest{agent_, post_, std::move(consult)};
  co_return co_await services_.sequencer.push(std::move(request), SequencerThread::Lane::kLive,
                                              std::move(done));
}

// Keeps the evidence of a fork before anything is said about it.
Task<Error> AgentSession::report(Refusal refusal) {
  if (!refusal.evidence) co_return std::move(refusal.error);
  services_.counters.forks_found += 1;
  slot_->suspend();
  runtime::WakeUp stored(co_await boost::asio::this_coro::executor);
  SequencerThread::Done done = [stored](Reply) mutable { stored.notify(); };
  Request request = ForkFound{*std::move(refusal.evidence)};
  const auto pushed =
      co_await services_.sequencer.push(std::move(request), SequencerThread::Lane::kLive, std::move(done));
  if (pushed) co_await stored.wait();
  co_return std::move(refusal.error);
}

void AgentSession::replied(Reply reply, std::size_t events, SequencerThread::Lane lane) {
  if (lane == SequencerThread::Lane::kBacklog) slot_->queued_backlog(-static_cast<std::int64_t>(events));
  {
    const std::lock_guard lock(mutex_);
    replies_.push_back({std::move(reply), events});
  }
  wake_up_.notify();
}

// --- to the agent

Task<> AgentSession::write_all(std::shared_ptr<AgentSession> self) {
  for (;;) {
    std::vector<Bytes> frames = self->outgoing();
    bool ending = false;
    bool heartbeat = false;
    {
      const std::lock_guard lock(self->mutex_);
      ending = self->ending_;
      heartbeat = std::exchange(self->heartbeat_due_, false);
    }
    if (!ending) {
      if (heartbeat) frames.push_back(co_await self->heartbeat());
      auto replica = co_await self->next_replica();
      if (!replica) {
        self->end(std::move(replica.error()));
        continue;
      }
      if (*replica) frames.push_back(**std::move(replica));
    }
    if (!frames.empty()) {
      const auto written = co_await self->frames_->write_frames(std::move(frames), Deadline::in_ms(kWriteMs));
      if (!written) break;
      continue;
    }
    if (ending) break;
    co_await self->wake_up_.wait();
  }
  co_await self->say_goodbye();
}

std::vector<Bytes> AgentSession::outgoing() {
  std::deque<Replied> replies;
  {
    const std::lock_guard lock(mutex_);
    replies.swap(replies_);
    // Answered is what is on its way: an agent that does not read may not go on asking.
    for (const auto& [reply, events] : replies) {
      unanswered_ -= events;
      if (events == 0) --unanswered_consults_;
    }
  }
  std::vector<Bytes> frames;
  for (auto& [reply, events] : replies) {
    if (const auto* answer = std::get_if<wire::Answer>(&reply)) {
      frames.push_back(encode(*answer));
    } else if (const auto* consulted = std::get_if<wire::ConsultAnswer>(&reply)) {
      frames.push_back(encode(*consulted));
    } else if (auto* refusal = std::get_if<Refusal>(&reply)) {
      if (refusal->error.code == ErrorCode::kForked) slot_->suspend();
      end(std::move(refusal->error));
    }
  }
  return frames;
}

// A question stays until it can be answered.
Task<Bytes> AgentSession::heartbeat() {
  std::optional<wire::LedgerQuestion> asked;
  {
    const std::lock_guard lock(mutex_);
    asked = ledger_question_;
  }
  std::optional<wire::LedgerReply> reply;
  if (asked) reply = co_await reply_to(*asked);
  if (reply) {
    const std::lock_guard lock(mutex_);
    if (ledger_question_ == asked) ledger_question_.reset();
  }
  co_return encode(wire::Heartbeat{
      .unsent = 0, .clock = services_.clock.now(), .oldest_unsent_ms = 0, .ledger_reply = std::move(reply)});
}

// Nothing while the ledger that the views count is smaller than what the agent has seen, or not hashed yet.
Task<std::optional<wire::LedgerReply>> AgentSession::reply_to(wire::LedgerQuestion asked) {
  const auto head = services_.views.read([](const Views& views) { return views.as_of().head; });
  if (!head || head->head.size < asked.seen || services_.tiles.size() < head->head.size)
    co_return std::nullopt;
  auto proofs = co_await prove_continued(asked, head->head.size);
  if (!proofs) co_return std::nullopt;
  co_return wire::LedgerReply{asked, *head, *std::move(proofs)};
}

Task<Result<std::optional<Bytes>>> AgentSession::next_replica() {
  using Frame = std::optional<Bytes>;
  const LedgerIndex end = services_.replica.end();
  if (replica_position_ >= end) co_return Frame();
  std::optional<ReplicaChunk> chunk = services_.replica.find(replica_position_);
  if (chunk) {
    reader_.reset();  // no longer behind
  } else {
    if (!reader_) reader_ = std::make_shared<ReplicaReader>(services_.ledger);
    const LedgerIndex from = replica_position_;
    const auto read_chunk = [reader = reader_, from, end] { return reader->read(from, end); };
    CROSSLINE_CO_TRY(chunk, co_await services_.reading.run(read_chunk));
    if (!chunk) co_return Frame();
  }
  replica_position_ = chunk->to;
  services_.counters.replica_frames += 1;
  co_return Frame(*chunk->frame);
}

Task<> AgentSession::say_goodbye() {
  std::optional<Error> why;
  {
    const std::lock_guard lock(mutex_);
    why = why_;
    ending_ = true;
  }
  runtime::ByteStream& stream = frames_->stream();
  if (why && !reader_ended_) {
    (void)co_await frames_->write_frame(error_frame(*why), Deadline::in_ms(kLingerMs));
    stream.finish();
    for (std::uint64_t waited = 0; !reader_ended_ && waited < kLingerMs; waited += kLingerPollMs) {
      co_await runtime::sleep_for(kLingerPollMs);
    }
  }
  stream.close();
}

}  // namespace crossline::server
