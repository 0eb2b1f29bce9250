#include "crossline/runtime/http_server.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/runtime/http_guard.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "crossline/runtime/tcp.hpp"
#include "http_reader.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <mutex>
#include <set>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

namespace crossline::runtime {
namespace asio = boost::asio;

namespace {

constexpr std::uint64_t kLingerMs = 2'000;          // for the peer to read our last words and close
constexpr std::size_t kJoinBelowBytes = 16 * 1024;  // head and body in one write

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

// A line break in a field would let its writer begin another field or another response.
bool is_field_text(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; });
}

bool has_bad_field(const HttpResponse& response) {
  return std::ranges::any_of(response.headers.entries(), [](const auto& field) {
    return !is_field_text(field.first) || !is_field_text(field.second);
  });
}

std::string head_of(const HttpResponse& response, bool keep_alive) {
  std::string head =
      fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason_of(response.status), http_date());
  for (const auto& [name, value] : response.headers.entries()) head += fmt::format("{}: {}\r\n", name, value);
  const bool bodyless = response.status == 204 || response.status == 304;
  if (!bodyless) head += fmt::format("Content-Length: {}\r\n", response.body.size());
  if (!keep_alive) head += "Connection: close\r\n";
  return head + "\r\n";
}

}  // namespace

struct HttpServer::State : std::enable_shared_from_this<HttpServer::State> {
  // Touched on its stream's strand.
  struct Connection {
    std::unique_ptr<ByteStream> stream;
    std::shared_ptr<const TlsPeer> tls;
    bool busy = false;  // a request is being answered
  };
  using ConnectionPtr = std::shared_ptr<Connection>;

  State(Executor executor, HttpServerOptions options_in, HttpHandler handler_in, LogFn log_in)
      : listener_strand(make_strand_of(executor)),
        options(std::move(options_in)),
        handler(std::move(handler_in)),
        log(std::move(log_in)),
        acceptors(1, log),
        sessions(options.max_connections, log) {}

  Task<> serve(std::unique_ptr<TcpStream> tcp);
  Task<> answer_requests(ConnectionPtr connection);
  Task<HttpResponse> respond(std::shared_ptr<const HttpRequest> request);
  Task<Result<void>> write(ConnectionPtr connection, HttpResponse response, bool head_only, bool keep_alive);
  [[nodiscard]] bool is_stopping();
  void close_idle_connections();

  const Executor listener_strand;
  const HttpServerOptions options;
  const HttpHandler handler;
  const LogFn log;
  std::shared_ptr<TcpListener> listener;
  TaskGroup acceptors;
  TaskGroup sessions;
  std::mutex mutex;
  std::set<ConnectionPtr> connections;
  bool stopping = false;
};

Task<> HttpServer::State::serve(std::unique_ptr<TcpStream> tcp) {
  const auto self = shared_from_this();
  const auto connection = std::make_shared<Connection>();
  if (options.tls) {
    auto tls = co_await TlsStream::handshake(std::move(tcp), options.tls,
                                             Deadline::in_ms(options.handshake_timeout_ms));
    if (!tls) co_return;  // scanners and browsers that reject the certificate: nothing to tell the operator
    connection->tls = std::make_shared<const TlsPeer>((*tls)->tls_peer());
    connection->stream = std::move(*tls);
  } else {
    connection->stream = std::move(tcp);
  }
  struct Registration {
    std::shared_ptr<State> state;
    ConnectionPtr connection;
    Registration(std::shared_ptr<State> s, ConnectionPtr c) : state(std::move(s)), connection(std::move(c)) {
      const std::lock_guard lock(state->mutex);
      state->connections.insert(connection);
    }
    ~Registration() {
      connection->stream->close();
      const std::lock_guard lock(state->mutex);
      state->connections.erase(connection);
    }
  };
  const Registration registration(self, connection);
  co_await answer_requests(connection);
}

Task<> HttpServer::State::answer_requests(ConnectionPtr connection) {
  HttpRequestReader reader(*connection->stream, options);
  for (;;) {
    auto outcome = co_await reader.next();
    if (outcome.refusal) {
      const auto written = co_await write(connection, std::move(*outcome.refusal), false, false);
      connection->stream->finish();
      if (written) co_await connection->stream->drain(Deadline::in_ms(kLingerMs));
      co_return;
    }
    if (!outcome.request) co_return;
    connection->busy = true;
    outcome.request->peer = connection->stream->peer();
    outcome.request->tls = connection->tls;
    const bool head_only = outcome.request->method == "HEAD";
    HttpResponse response = co_await respond(std::move(outcome.request));
    const bool keep_alive = outcome.keep_alive && !is_stopping();
    const auto written = co_await write(connection, std::move(response), head_only, keep_alive);
    connection->busy = false;
    if (!written) co_return;
    if (!keep_alive || is_stopping()) {
      connection->stream->finish();
      co_await connection->stream->drain(Deadline::in_ms(kLingerMs));
      co_return;
    }
  }
}

Task<HttpResponse> HttpServer::State::respond(std::shared_ptr<const HttpRequest> request) {
  std::string what;
  try {
    HttpResponse response = co_await handler(request);
    if (!has_bad_field(response)) co_return response;
    what = "a response header holds a control character";
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
    what = error.what();
  } catch (const std::exception& error) {
    what = error.what();
  }
  log(fmt::format("{}: {} {}: {}", options.name, request->method, request->path, what));
  co_return problem(500, "internal", "something went wrong here; the operator's log says what");
}

Task<Result<void>> HttpServer::State::write(ConnectionPtr connection, HttpResponse response, bool head_only,
                                            bool keep_alive) {
  add_security_headers(response, options.tls != nullptr);
  std::string head = head_of(response, keep_alive);
  if (head_only || response.status == 204 || response.status == 304) response.body.clear();
  const Deadline deadline = Deadline::in_ms(options.write_timeout_ms);
  if (response.body.size() < kJoinBelowBytes) {
    head += response.body;
    co_return co_await connection->stream->write_all(as_bytes(head), deadline);
  }
  CROSSLINE_CO_CHECK_OK(co_await connection->stream->write_all(as_bytes(head), deadline));
  co_return co_await connection->stream->write_all(as_bytes(response.body), deadline);
}

bool HttpServer::State::is_stopping() {
  const std::lock_guard lock(mutex);
  return stopping;
}

// Those that are answering a request end after it.
void HttpServer::State::close_idle_connections() {
  const std::lock_guard lock(mutex);
  stopping = true;
  for (const ConnectionPtr& connection : connections) {
    asio::post(connection->stream->executor(), [connection] {
      if (!connection->busy) connection->stream->close();
    });
  }
}

HttpServer::HttpServer(Executor executor, HttpServerOptions options, HttpHandler handler, LogFn log)
    : state_(std::make_shared<State>(std::move(executor), std::move(options), std::move(handler),
                                     std::move(log))) {}

Result<void> HttpServer::listen() {
  CROSSLINE_TRY(state_->listener,
                TcpListener::bind(state_->listener_strand, state_->options.address, state_->options.port));
  return {};
}

std::uint16_t HttpServer::port() const {
  return state_->listener->port();
}

Task<> HttpServer::run() {
  const auto state = state_;
  CROSSLINE_ASSERT(state->listener != nullptr);
  const auto started = state->acceptors.spawn(
      state->listener_strand, state->options.name,
      accept_loop(
          state->listener, state->sessions, state->options.name,
          [state](std::unique_ptr<TcpStream> tcp) { return state->serve(std::move(tcp)); }, state->log));
  CROSSLINE_ASSERT(started.has_value());
  try {
    co_await state->acceptors.join();
  } catch (const boost::system::system_error&) {  // cancelled: drain all the same
  }
  co_await ignore_cancellation();
  stop();
  co_await state->acceptors.shutdown();
  state->close_idle_connections();
  co_await state->sessions.shutdown(state->options.drain_ms);
}

void HttpServer::stop() {
  asio::post(state_->listener_strand, [state = state_] { state->listener->close(); });
}

}  // namespace crossline::runtime
