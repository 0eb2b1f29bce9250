#include "crossline/agent/link.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/crypto/certificate.hpp"
#include "crossline/runtime/frame_stream.hpp"
#include "crossline/runtime/tcp.hpp"
#include "crossline/runtime/timeout.hpp"
#include "crossline/wire/link.hpp"

#include <utility>

namespace crossline::agent {
namespace {

using runtime::Deadline;
using runtime::Task;

constexpr std::uint64_t kConnectMs = 5'000;  // TCP and TLS together
constexpr std::uint64_t kWriteMs = 10'000;
// What a full window of unanswered events weighs, with room for questions and heartbeats.
constexpr std::size_t kMaxQueuedBytes = 4 * limits::kMaxFrameBytes;

Result<void> check_server(ByteView certificate_der, const std::string& line) {
  CROSSLINE_TRY(const crypto::Certificate certificate, crypto::Certificate::from_der(certificate_der));
  CROSSLINE_TRY(const crypto::ServerName server, certificate.server());
  if (server.line == line) return {};
  return fail(ErrorCode::kForbidden, "the server's certificate is for line '{}', this post is on '{}'",
              server.line, line);
}

// Of a connection that could not be made.
LinkReason reason_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUnauthenticated:
    case ErrorCode::kForbidden:
    case ErrorCode::kMalformed:
      return LinkReason::kUntrustedServer;
    case ErrorCode::kUnsupported:
      return LinkReason::kIncompatible;
    default:
      return LinkReason::kUnreachable;
  }
}

// Of a connection that ended. In TLS 1.3 a client learns only here that its certificate was not accepted.
LinkReason reason_of_end(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUnauthenticated:
      return LinkReason::kRefused;
    case ErrorCode::kUnsupported:
      return LinkReason::kIncompatible;
    default:
      return LinkReason::kUnreachable;
  }
}

Task<Result<std::unique_ptr<runtime::TlsStream>>> connect(
    std::string host, std::uint16_t port, std::shared_ptr<const runtime::TlsContext> context) {
  const Deadline deadline = Deadline::in_ms(kConnectMs);
  CROSSLINE_CO_TRY(auto stream, co_await runtime::connect_tcp(std::move(host), port, deadline));
  co_return co_await runtime::TlsStream::handshake(std::move(stream), std::move(context), deadline);
}

Task<> write_frames(std::shared_ptr<runtime::FrameWriter> writer,
                    std::shared_ptr<runtime::FrameStream> frames) {
  (void)co_await writer->run();  // the reader tells why
  frames->stream().close();
}

Task<> close_when_told(runtime::WakeUp told, std::shared_ptr<runtime::FrameStream> frames) {
  co_await told.wait();
  frames->stream().close();
}

// Hands every frame on until the connection ends; the error says why it did.
Task<Error> read_frames(std::shared_ptr<runtime::FrameStream> frames, StationHost* host) {
  for (;;) {
    auto bytes = co_await frames->read_frame(Deadline::never());
    if (!bytes) co_return bytes.error();
    auto frame = wire::decode_server_frame(*bytes);
    if (!frame) co_return frame.error();
    co_await host->received(*std::move(frame));
  }
}

Task<> talk(std::unique_ptr<runtime::TlsStream> stream, StationHost* host, runtime::TaskGroup tasks) {
  const auto executor = co_await boost::asio::this_coro::executor;
  auto frames = std::make_shared<runtime::FrameStream>(std::move(stream));
  auto writer = std::make_shared<runtime::FrameWriter>(frames, kMaxQueuedBytes, kWriteMs);
  runtime::WakeUp close(executor);
  // Without either the connection would be of no use, or would not end: the next one is tried.
  auto started = tasks.spawn(executor, "frames to the server", write_frames(writer, frames));
  if (started) started = tasks.spawn(executor, "end of the link", close_when_told(close, frames));
  if (!started) {
    writer->close();
    co_await host->connect_failed(LinkReason::kUnreachable, started.error().message);
    co_return;
  }
  const Outlet outlet{writer, close};
  co_await host->connected(outlet);
  const Error end = co_await read_frames(frames, host);
  co_await host->disconnected(writer, reason_of_end(end), end.message);
  // Both tasks end by this.
  writer->close();
  close.notify();
}

}  // namespace

Result<std::shared_ptr<const runtime::TlsContext>> make_link_context(const LinkOptions& options) {
  return runtime::TlsContext::client(
      {.server_roots = options.roots,
       .certificate_chain_pem = options.certificate_pem,
       .private_key_pem = options.private_key_pem,
       .server_name = {},  // the certificate names the line, wherever its server stands
       .check_server = [line = options.line](ByteView der) { return check_server(der, line); }});
}

Task<> keep_link(StationHost* host, LinkOptions options, std::shared_ptr<const runtime::TlsContext> context,
                 runtime::TaskGroup tasks) {
  for (;;) {
    auto stream = co_await connect(options.host, options.port, context);
    if (stream) {
      co_await talk(*std::move(stream), host, tasks);
    } else {
      co_await host->connect_failed(reason_of(stream.error()), stream.error().message);
    }
    const std::uint64_t pause_ms = co_await host->reconnect_delay_ms();
    co_await runtime::sleep_for(pause_ms);
  }
}

}  // namespace crossline::agent
