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

constexpr std::uint64_t kHelloMs = 10'000;
constexpr std::uint64_t kSilenceMs = 90'000;  // agents send a heartbeat far more often
constexpr std::uint64_t kWriteMs = 60'000;
constexpr std::uint64_t kReplaceMs = 10'000;  // for another connection of the same agent to end
constexpr std::uint64_t kReplacePollMs = 10;
// For what is committed to be counted and hashed: less than an agent waits for its welcome.
constexpr std::uint64_t kPublishedMs = 4'000;
constexpr std::uint64_t kPublishedPollMs = 10;
constexpr std::uint64_t kLingerMs = 2'000;  // after our last words, for the agent to read them
constexpr std::uint64_t kLingerPollMs = 20;

Bytes encode(const wire::ServerFrame& frame) {
  return to_bytes(as_bytes(wire::encode_server_frame(frame)));
}

Bytes error_frame(const Error& error) {
  return encode(wire::LinkError{.code = std::string(name_of(error.code)),
                                .message = error.message,
                                .retry = error.kind() == ErrorKind::kRetryLater});
}

// Those that came after the newest one the agent says it has; all of them when that one is unknown here.
std::vector<crypto::Hash> editions_after(const wire::Hello& hello, const procedure::EditionBook& editions) {
  const std::optional<crypto::Hash> has = hello.editions ? hello.editions->newest : hello.edition;
  const procedure::Edition* newest = has ? editions.find(*has) : nullptr;
  std::vector<crypto::Hash> missing;
  for (const procedure::Edition& edition : editions.editions())
    if (newest == nullptr || edition.number() > newest->number()) missing.push_back(edition.hash());
  return missing;
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

// --- who is it

Task<Result<wire::Hello>> AgentSession::read_hello() {
  CROSSLINE_CO_TRY(const Bytes bytes, co_await frames_->read_frame(Deadline::in_ms(kHelloMs)));
  CROSSLINE_CO_TRY(wire::AgentFrame frame, wire::decode_agent_frame(bytes));
  auto* hello = std::get_if<wire::Hello>(&frame);
  if (hello == nullptr) co_return fail(ErrorCode::kMalformed, "the first frame is no hello");
  co_return std::move(*hello);
}

Task<AgentSession::Outcome> AgentSession::admit() {
  CROSSLINE_CO_TRY(crypto::Certificate certificate, crypto::Certificate::from_der(tls_peer_.certificate_der));
  const auto registry = services_.agents.registry();
  CROSSLINE_CO_TRY(const enrolment::AgentRecord* record, registry->admit(certificate, tls_peer_.party));
  CROSSLINE_CO_TRY(wire::Hello hello, co_await read_hello());
  if (hello.agent != record->post.agent) {
    co_return fail(ErrorCode::kForbidden, "the hello names agent {}, the certificate {}", hello.agent,
                   record->post.agent);
  }
  agent_ = record->post.agent;
  auto slot = services_.agents.find(agent_);
  if (slot->status().suspended) {
    co_return fail(ErrorCode::kForked, "agent {} is suspended: its journal has shown two histories", agent_);
  }
  post_ = slot->journal().post();
  CROSSLINE_CO_CHECK_OK(co_await take_slot(slot, std::move(certificate), tls_peer_.party));
  CROSSLINE_CO_CHECK_OK(co_await check_journal(hello));
  CROSSLINE_CO_CHECK_OK(co_await check_ledger(hello.ledger));
  co_return co_await welcome(std::move(hello));
}

Task<AgentSession::Outcome> AgentSession::take_slot(std::shared_ptr<AgentSlot> slot, crypto::Certificate peer,
                                                    std::string party) {
  const Deadline deadline = Deadline::in_ms(kReplaceMs);
  while (!slot->acquire(shared_from_this(), peer, party, services_.clock.now())) {
    if (deadline.passed())
      co_return fail(ErrorCode::kBusy, "another connection of agent {} does not end", agent_);
    co_await runtime::sleep_for(kReplacePollMs);
  }
  slot_ = std::move(slot);
  co_return Outcome();
}

Task<AgentSession::Outcome> AgentSession::check_journal(wire::Hello hello) {
  auto greeted = slot_->journal().greet(hello, services_.clock.now());
  if (!greeted) {
    Error why = co_await report(std::move(greeted.error()));
    co_return std::unexpected(std::move(why));
  }
  slot_->heard(services_.clock.now());
  slot_->enforces(hello.edition, services_.clock.now());
  if (hello.editions) slot_->reports(*hello.editions, services_.clock.now());
  co_return Outcome();
}

// The agent has seen a head of this ledger, so this ledger must have had it: otherwise the disk is older than
// what the server acknowledged, or another one.
Task<AgentSession::Outcome> AgentSession::check_ledger(movement::Beacon seen) {
  if (seen.size.value() == 0) co_return Outcome();
  LedgerStore* ledger = &services_.ledger;
  const LedgerIndex last(seen.size.value() - 1);
  const auto read_head = [ledger, last] { return ledger->head_of(last); };
  const auto head = co_await services_.reading.run(read_head);
  if (!head && head.error().code != ErrorCode::kNotFound) co_return std::unexpected(head.error());
  if (!head || head->head != merkle::TreeHead{seen.size, seen.root}) {
    std::optional<wire::SignedHead> shown;
    if (head) shown = *head;
    CROSSLINE_CO_CHECK_OK(co_await dispute(seen.size, std::move(shown)));
    co_return fail(
        ErrorCode::kCorruptData,
        "agent {} has seen a ledger of {} entries that this one never was: this server's disk is not the "
        "one that it had",
        agent_, seen.size.value());
  }
  co_return Outcome();
}

// Gives the agent what it can show against this server: a head and, when that is larger than the one seen,
// what its tree had in the place of that one.
Task<AgentSession::Outcome> AgentSession::dispute(TreeSize seen, std::optional<wire::SignedHead> head) {
  if (!head) head = services_.views.read([](const Views& views) { return views.as_of().head; });
  if (!head) co_return Outcome();
  wire::LedgerDispute shown{.ledger = *head};
  if (head->head.size > seen) {
    auto beginning = co_await prove_beginning(seen, head->head.size);
    if (beginning) {  // otherwise the two heads are a claim
      shown.root = beginning->root;
      shown.consistency = std::move(beginning->proof);
    }
  }
  Bytes frame = encode(std::move(shown));
  co_return co_await frames_->write_frame(std::move(frame), Deadline::in_ms(kWriteMs));
}

// What was acknowledged is in the views a moment later.
Task<Result<AgentSession::LineView>> AgentSession::line_view(TreeSize seen) {
  const Deadline deadline = Deadline::in_ms(kPublishedMs);
  for (;;) {
    const auto read = [](const Views& views) { return LineView{views.as_of(), views.editions()}; };
    const LineView now = services_.views.read(read);
    const TreeSize size = now.as_of.head ? now.as_of.head->head.size : TreeSize(0);
    if (size >= seen) co_return now;
    if (deadline.passed())
      co_return fail(ErrorCode::kBusy, "the views have {} of {} entries", size.value(), seen.value());
    co_await runtime::sleep_for(kPublishedPollMs);
  }
}

Task<Result<std::vector<merkle::Hash>>> AgentSession::prove_continued(TreeSize seen, TreeSize size) {
  if (seen.value() == 0 || seen == size) co_return std::vector<merkle::Hash>();
  const Deadline deadline = Deadline::in_ms(kPublishedMs);
  while (services_.tiles.size() < size) {
    if (deadline.passed())
      co_return fail(ErrorCode::kBusy, "the ledger's tiles are being prepared: no proof can be given yet");
    co_await runtime::sleep_for(kPublishedPollMs);
  }
  const LedgerTiles* tiles = &services_.tiles;
  const auto prove = [tiles, seen, size] { return merkle::consistency_proof(*tiles, seen, size); };
  co_return co_await services_.reading.run(prove);
}

// Requires 0 < seen < size.
Task<Result<merkle::PrefixClaim>> AgentSession::prove_beginning(TreeSize seen, TreeSize size) {
  merkle::PrefixClaim beginning;
  CROSSLINE_CO_TRY(beginning.proof, co_await prove_continued(seen, size));
  const LedgerTiles* tiles = &services_.tiles;
  const auto read_root = [tiles, seen] { return merkle::tree_root(*tiles, seen); };
  CROSSLINE_CO_TRY(beginning.root, co_await services_.reading.run(read_root));
  co_return beginning;
}

Task<AgentSession::Outcome> AgentSession::welcome(wire::Hello hello) {
  CROSSLINE_CO_TRY(const LineView now, co_await line_view(hello.ledger.size));
  const TreeSize size = now.as_of.head ? now.as_of.head->head.size : TreeSize(0);
  CROSSLINE_CO_TRY(auto consistency, co_await prove_continued(hello.ledger.size, size));
  const UtcMillis clock = services_.clock.now();
  const procedure::Edition* in_force = now.editions.at(clock);
  const bool keeps_replica = hello.replica_position != wire::kNoReplica;
  if (keeps_replica && hello.replica_position > services_.replica.end()) {
    co_return fail(ErrorCode::kCorruptData, "agent {} has a replica of {} entries, more than there are",
                   agent_, hello.replica_position.value());
  }
  replica_position_ = hello.replica_position;
  std::vector<Bytes> frames;
  frames.push_back(
      encode(wire::Welcome{.protocol = wire::kProtocol,
                           .next_index = JournalIndex(slot_->status().journal_size),
                           .clock = clock,
                           .ledger = now.as_of.head,
                           .edition = in_force == nullptr ? std::nullopt : std::optional(in_force->hash()),
                           .consistency = std::move(consistency)}));
  std::vector<crypto::Hash> missing;
  if (keeps_replica) missing = editions_after(hello, now.editions);
  co_return co_await write_with_editions(std::move(frames), std::move(missing));
}

// Each edition goes by itself: it may fill a frame, and an agent may have missed several.
Task<AgentSession::Outcome> AgentSession::write_with_editions(std::vector<Bytes> frames,
                                                              std::vector<crypto::Hash> editions) {
  for (const crypto::Hash& hash : editions) {
    LedgerStore* ledger = &services_.ledger;
    const auto read_edition = [ledger, hash] { return edition_bytes(*ledger, hash); };
    CROSSLINE_CO_TRY(auto edition, co_await services_.reading.run(read_edition));
    frames.push_back(edition_frame(replica_position_, std::move(edition)));
    std::vector<Bytes> ready = std::exchange(frames, {});
    CROSSLINE_CO_CHECK_OK(co_await frames_->write_frames(std::move(ready), Deadline::in_ms(kWriteMs)));
  }
  if (frames.empty()) co_return Outcome();
  co_return co_await frames_->write_frames(std::move(frames), Deadline::in_ms(kWriteMs));
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
    {
      const std::lock_guard lock(self->mutex_);
      ending = self->ending_;
    }
    if (!ending) {
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
  bool heartbeat = false;
  {
    const std::lock_guard lock(mutex_);
    replies.swap(replies_);
    // Answered is what is on its way: an agent that does not read may not go on asking.
    for (const auto& [reply, events] : replies) {
      unanswered_ -= events;
      if (events == 0) --unanswered_consults_;
    }
    heartbeat = std::exchange(heartbeat_due_, false);
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
  if (heartbeat)
    frames.push_back(
        encode(wire::Heartbeat{.unsent = 0, .clock = services_.clock.now(), .oldest_unsent_ms = 0}));
  return frames;
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
