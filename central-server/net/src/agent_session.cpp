#include "agent_session.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/crypto/certificate.hpp"
#include "crossline/runtime/frame_stream.hpp"
#include "crossline/runtime/timeout.hpp"
#include "crossline/wire/link.hpp"

#include <atomic>
#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

namespace crossline::server {
namespace {

constexpr std::uint64_t kHandshakeMs = 10'000;
constexpr std::uint64_t kHelloMs = 10'000;
constexpr std::uint64_t kSilenceMs =
    30'000;  // an agent is heard from every 2 s; a slow link may hold a frame up
constexpr std::uint64_t kWriteMs = 30'000;
constexpr std::uint64_t kPartingMs = 2'000;        // for the last words to arrive
constexpr std::uint64_t kEvictionMs = 5'000;       // for an older connection to leave
constexpr std::size_t kMaxQueuedBytes = 4u << 20;  // frames waiting on one connection

Bytes frame_of(const wire::ServerFrame& frame) {
  return to_bytes(as_bytes(wire::encode_server_frame(frame)));
}

wire::LinkError link_error(const Error& error) {
  return {std::string(name_of(error.code)), error.message,
          error.kind() == ErrorKind::kRetryLater || error.kind() == ErrorKind::kFatal};
}

// The writing half, shared with replies that come from other threads.
struct Outbox {
  Outbox(std::shared_ptr<runtime::FrameStream> stream, runtime::Executor executor)
      : writer(std::move(stream), kMaxQueuedBytes, kWriteMs), answered(std::move(executor)) {}
  runtime::FrameWriter writer;
  runtime::WakeUp answered;                // the number of unanswered events has fallen
  std::atomic<std::size_t> unanswered{0};  // events queued for the sequencer
  std::atomic<std::size_t> backlog{0};     // of these, in the backlog lane
  std::atomic<bool> leaving{false};

  // Any thread.
  void say(const wire::ServerFrame& frame) {
    if (!writer.try_send(frame_of(frame))) leave();  // the agent does not read: it has to come back
  }
  void leave() {
    leaving = true;
    writer.close();
    answered.notify();
  }
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<GateContext> context, std::shared_ptr<runtime::FrameStream> stream,
          const enrolment::AgentRecord& record, runtime::Executor executor)
      : context_(std::move(context)),
        stream_(std::move(stream)),
        agent_(record.post.agent),
        post_{record.post.checkpoint, *movement::post_side_from(record.post.side)},
        outbox_(std::make_shared<Outbox>(stream_, executor)),
        published_(std::move(executor)) {}

  runtime::Task<> run() {
    using namespace boost::asio::experimental::awaitable_operators;
    co_await (converse() && write());
    stream_->stream().finish();
    co_await stream_->stream().drain(runtime::Deadline::in_ms(kPartingMs));
    stream_->stream().close();
  }

 private:
  // The reader and the replica feed; when either ends the writer is closed and the session over.
  runtime::Task<> converse() {
    using namespace boost::asio::experimental::awaitable_operators;
    auto greeted = co_await greet();
    if (!greeted) {
      part(std::move(greeted).error());
      co_return;
    }
    const auto listener = run_->hub().add_listener(published_);
    co_await (read_frames() || feed_replica());
    run_->hub().remove_listener(listener);
    outbox_->leave();
    seat_.reset();
  }

  runtime::Task<> write() {
    (void)co_await outbox_->writer.run();
    outbox_->leave();
    published_.notify();
  }

  void part(Refusal refusal) {
    ++context_->counters.refused_frames;
    context_->log(fmt::format("agent {}: {}", agent_, refusal.error.to_string()));
    outbox_->say(link_error(refusal.error));
    outbox_->leave();
    seat_.reset();
  }
  void part(Error error) { part(Refusal{std::move(error), std::nullopt}); }

  runtime::Task<std::expected<void, Refusal>> greet() {
    auto bytes = co_await stream_->read_frame(runtime::Deadline::in_ms(kHelloMs));
    if (!bytes) co_return std::unexpected(Refusal{bytes.error(), std::nullopt});
    auto frame = wire::decode_agent_frame(*bytes);
    if (!frame) co_return std::unexpected(Refusal{frame.error(), std::nullopt});
    const auto* hello = std::get_if<wire::Hello>(&*frame);
    if (hello == nullptr)
      co_return std::unexpected(
          Refusal{{ErrorCode::kMalformed, "the first frame must be a hello"}, std::nullopt});
    if (hello->agent != agent_)
      co_return std::unexpected(
          Refusal{{ErrorCode::kForbidden,
                   fmt::format("the certificate is agent {}'s, the hello says {}", agent_, hello->agent)},
                  std::nullopt});

    run_ = context_->engine.run();
    if (!run_) {
      const auto halted = context_->engine.halted();
      co_return std::unexpected(
          Refusal{halted ? *halted : Error{ErrorCode::kUnavailable, "the server is starting"}, std::nullopt});
    }
    if (auto seated = co_await take_seat(); !seated)
      co_return std::unexpected(Refusal{seated.error(), std::nullopt});
    if (auto checked = seat_->journal().greet(*hello, context_->clock.now()); !checked) {
      co_await report_fork(checked.error());
      co_return std::unexpected(std::move(checked).error());
    }
    context_->directory.enforces(agent_, hello->edition);
    cursor_ = hello->replica_position;
    const auto edition = context_->engine.edition();
    outbox_->say(wire::Welcome{.protocol = wire::kProtocol,
                               .next_index = seat_->journal().next(),
                               .clock = context_->clock.now(),
                               .ledger = context_->engine.head(),
                               .edition = edition ? std::optional(edition->hash()) : std::nullopt});
    if (edition && hello->edition != edition->hash())
      (void)outbox_->writer.try_send(edition_frame(cursor_, context_->engine.sealed_edition()));
    co_return std::expected<void, Refusal>{};
  }

  // An older connection of the same agent is told to leave; a moment later its seat is free.
  runtime::Task<Result<void>> take_seat() {
    const auto deadline = runtime::Deadline::in_ms(kEvictionMs);
    for (;;) {
      std::function<void()> evict = [outbox = std::weak_ptr(outbox_)] {
        if (auto alive = outbox.lock()) alive->leave();
      };
      auto seat = context_->directory.take_seat(run_, agent_, context_->clock.now(), std::move(evict));
      if (seat) {
        seat_ = *std::move(seat);
        co_return Result<void>{};
      }
      if (seat.error().code != ErrorCode::kBusy || deadline.passed()) co_return std::unexpected(seat.error());
      co_await runtime::sleep_for(20);
    }
  }

  runtime::Task<> read_frames() {
    for (;;) {
      auto bytes = co_await stream_->read_frame(runtime::Deadline::in_ms(kSilenceMs));
      if (outbox_->leaving) co_return;
      if (!bytes) {
        if (bytes.error().code == ErrorCode::kMalformed) part(bytes.error());
        co_return;
      }
      auto taken = co_await take(*std::move(bytes));
      if (!taken) {
        part(std::move(taken).error());
        co_return;
      }
    }
  }

  runtime::Task<std::expected<void, Refusal>> take(Bytes bytes) {
    auto frame = wire::decode_agent_frame(bytes);
    if (!frame) co_return std::unexpected(Refusal{frame.error(), std::nullopt});
    context_->directory.seen(agent_, context_->clock.now());
    if (auto* submit = std::get_if<wire::Submit>(&*frame))
      co_return co_await take_submission(std::move(*submit));
    if (auto* consult = std::get_if<wire::Consult>(&*frame))
      co_return co_await take_consult(std::move(*consult));
    if (const auto* heartbeat = std::get_if<wire::Heartbeat>(&*frame)) {
      context_->directory.reported(agent_, heartbeat->unsent, heartbeat->oldest_unsent_ms);
      outbox_->say(wire::Heartbeat{.unsent = 0, .clock = context_->clock.now(), .oldest_unsent_ms = 0});
      co_return std::expected<void, Refusal>{};
    }
    co_return std::unexpected(Refusal{{ErrorCode::kMalformed, "a second hello"}, std::nullopt});
  }

  runtime::Task<std::expected<void, Refusal>> take_submission(wire::Submit submit) {
    auto verified = seat_->journal().verify(std::move(submit), context_->clock.now());
    if (!verified) {
      co_await report_fork(verified.error());
      co_return std::unexpected(std::move(verified).error());
    }
    const std::size_t events = verified->size();
    // An agent's own order is kept: live events wait behind its own backlog.
    const bool live = events <= limits::kLiveSubmissionEvents && outbox_->backlog == 0;
    outbox_->unanswered += events;
    if (!live) outbox_->backlog += events;
    seat_->journal().advance(*verified);
    // Between here and the queue nothing may take this coroutine away: the journal has advanced.
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    Request request = std::move(*verified);
    auto queued = co_await run_->submit(std::move(request), reply_to_submission(events, live),
                                        live ? Engine::kLive : Engine::kBacklog);
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
    if (!queued) co_return std::unexpected(Refusal{halted_or(queued.error()), std::nullopt});
    while (outbox_->unanswered > limits::kMaxUnansweredEvents && !outbox_->leaving)
      co_await outbox_->answered.wait();
    co_return std::expected<void, Refusal>{};
  }

  Engine::Replied reply_to_submission(std::size_t events, bool live) {
    return [outbox = outbox_, context = context_, agent = agent_, events, live](Reply reply) {
      if (const auto* answer = std::get_if<wire::Answer>(&reply)) {
        outbox->say(*answer);
      } else if (const auto* refusal = std::get_if<Refusal>(&reply)) {
        if (refusal->error.code == ErrorCode::kForked) context->directory.suspend(agent);
        context->log(fmt::format("agent {}: {}", agent, refusal->error.to_string()));
        outbox->say(link_error(refusal->error));
        outbox->leave();
      }
      outbox->unanswered -= events;
      if (!live) outbox->backlog -= events;
      outbox->answered.notify();
    };
  }

  runtime::Task<std::expected<void, Refusal>> take_consult(wire::Consult consult) {
    Request request = ConsultRequest{agent_, post_, std::move(consult)};
    Engine::Replied replied = [outbox = outbox_](const Reply& reply) {
      if (const auto* answer = std::get_if<wire::ConsultAnswer>(&reply)) outbox->say(*answer);
    };
    auto queued = co_await run_->submit(std::move(request), std::move(replied), Engine::kLive);
    if (!queued) co_return std::unexpected(Refusal{halted_or(queued.error()), std::nullopt});
    co_return std::expected<void, Refusal>{};
  }

  // The evidence is durable and the agent suspended before it is told.
  runtime::Task<> report_fork(const Refusal& refusal) {
    if (!refusal.evidence) co_return;
    context_->directory.suspend(agent_);
    Request request = ForkFound{*refusal.evidence};
    Engine::Replied replied = [](const Reply&) {};
    (void)co_await run_->submit(std::move(request), std::move(replied), Engine::kLive);
  }

  [[nodiscard]] Error halted_or(Error error) const {
    const auto halted = context_->engine.halted();
    return halted ? *halted : error;
  }

  // Sends the ledger's changes in order, a piece at a time, never further ahead than the connection takes
  // them. Whenever it ends the session ends: the reader, which may have been too busy to be cancelled, sees
  // `leaving`.
  runtime::Task<> feed_replica() {
    co_await feed_until_leaving();
    outbox_->leave();
  }

  runtime::Task<> feed_until_leaving() {
    while (!outbox_->leaving && !run_->over()) {
      if (cursor_ >= run_->hub().end()) {
        co_await published_.wait();
        continue;
      }
      auto chunk = run_->hub().find(cursor_);
      if (!chunk) {
        auto job = [run = run_, from = cursor_] { return replica_chunk(run->ledger(), from); };
        auto read = co_await context_->pool.run(job);
        if (!read) {
          if (read.error().code == ErrorCode::kBusy) {
            co_await runtime::sleep_for(50);
            continue;
          }
          co_return part(read.error());
        }
        chunk = *std::move(read);
      }
      if (!chunk) {
        co_await published_.wait();
        continue;
      }
      Bytes frame = *chunk->frame;
      if (!outbox_->writer.try_send(std::move(frame))) {
        co_await runtime::sleep_for(50);  // a slow link: its answers go first
        continue;
      }
      cursor_ = chunk->to;
    }
  }

  std::shared_ptr<GateContext> context_;
  std::shared_ptr<runtime::FrameStream> stream_;
  std::string agent_;
  movement::Post post_;
  std::shared_ptr<Outbox> outbox_;
  runtime::WakeUp published_;
  std::shared_ptr<Engine::Run> run_;
  std::unique_ptr<Directory::Seat> seat_;
  LedgerIndex cursor_;
};

// Last words to a peer that gets no session.
runtime::Task<> turn_away(std::shared_ptr<runtime::FrameStream> stream, Error error) {
  (void)co_await stream->write_frame(frame_of(link_error(error)), runtime::Deadline::in_ms(kPartingMs));
  stream->stream().finish();
  co_await stream->stream().drain(runtime::Deadline::in_ms(kPartingMs));
  stream->stream().close();
}

}  // namespace

runtime::Task<> serve_agent(std::shared_ptr<GateContext> context, std::unique_ptr<runtime::TcpStream> tcp) {
  ++context->counters.accepted;
  const std::string peer = tcp->peer().to_string();
  auto tls = co_await runtime::TlsStream::handshake(std::move(tcp), context->tls,
                                                    runtime::Deadline::in_ms(kHandshakeMs));
  if (!tls) {
    ++context->counters.refused_tls;
    context->log(fmt::format("{}: no TLS session: {}", peer, tls.error().to_string()));
    co_return;
  }
  const runtime::TlsPeer shown = (*tls)->tls_peer();
  auto stream = std::make_shared<runtime::FrameStream>(*std::move(tls));
  auto certificate = crypto::Certificate::from_der(shown.certificate_der);
  const auto registry = context->directory.registry();  // keeps the record alive
  auto admitted = certificate ? registry->admit(*certificate, shown.party)
                              : Result<const enrolment::AgentRecord*>(std::unexpected(certificate.error()));
  if (!admitted) {
    ++context->counters.refused_agents;
    context->log(fmt::format("{}: refused: {}", peer, admitted.error().to_string()));
    co_await turn_away(stream, admitted.error());
    co_return;
  }
  auto session = std::make_shared<Session>(context, stream, **admitted, stream->stream().executor());
  co_await session->run();
  const runtime::Traffic traffic = stream->stream().traffic();
  context->counters.bytes_in += traffic.bytes_in;
  context->counters.bytes_out += traffic.bytes_out;
}

}  // namespace crossline::server
