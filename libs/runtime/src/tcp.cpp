#include "crossline/runtime/tcp.hpp"

#include "crossline/runtime/io_threads.hpp"
#include "crossline/runtime/timeout.hpp"
#include "socket.hpp"

#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace crossline::runtime {
namespace asio = boost::asio;
using asio::ip::tcp;

std::string Endpoint::to_string() const {
  const bool v6 = address.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", address, v6 ? "]" : "", port);
}

TcpStream::TcpStream(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) {}
TcpStream::~TcpStream() = default;

Task<Result<std::size_t>> TcpStream::read_some(std::span<std::uint8_t> buffer, Deadline deadline) {
  for (;;) {
    const auto outcome = socket_->receive(buffer);
    if (outcome.status == Socket::Status::kDone) co_return outcome.count;
    if (outcome.status == Socket::Status::kEnd) co_return std::size_t{0};
    if (outcome.status == Socket::Status::kFailed) co_return std::unexpected(connection_error(outcome.error));
    CROSSLINE_CO_CHECK_OK(co_await socket_->wait(Socket::Direction::kRead, deadline));
  }
}

Task<Result<void>> TcpStream::write_all(ByteView bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const auto outcome = socket_->send(bytes);
    if (outcome.status == Socket::Status::kFailed) co_return std::unexpected(connection_error(outcome.error));
    if (outcome.status == Socket::Status::kDone) {
      bytes = bytes.subspan(outcome.count);
    } else {
      CROSSLINE_CO_CHECK_OK(co_await socket_->wait(Socket::Direction::kWrite, deadline));
    }
  }
  co_return Result<void>();
}

void TcpStream::finish() {
  socket_->finish();
}
void TcpStream::close() {
  socket_->close();
}
Task<> TcpStream::drain(Deadline deadline) {
  return socket_->drain(deadline);
}
Executor TcpStream::executor() const {
  return socket_->executor();
}
const Endpoint& TcpStream::peer() const {
  return socket_->peer();
}
Traffic TcpStream::traffic() const {
  return socket_->traffic();
}
std::unique_ptr<Socket> TcpStream::release() {
  return std::move(socket_);
}

struct TcpListener::State {
  explicit State(const Executor& executor) : acceptor(executor) {}
  tcp::acceptor acceptor;
};

TcpListener::TcpListener(std::unique_ptr<State> state) : state_(std::move(state)) {}
TcpListener::~TcpListener() = default;

Result<std::shared_ptr<TcpListener>> TcpListener::bind(Executor executor, const std::string& address,
                                                       std::uint16_t port) {
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) return fail(ErrorCode::kInvalidArgument, "\"{}\" is not an IP address", address);
  const tcp::endpoint endpoint(ip, port);
  auto state = std::make_unique<State>(executor);
  state->acceptor.open(endpoint.protocol(), error);
  if (!error) state->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) state->acceptor.bind(endpoint, error);
  if (!error) state->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return fail(ErrorCode::kUnavailable, "cannot listen on {}: {}", Endpoint{address, port}.to_string(),
                error.message());
  }
  return std::shared_ptr<TcpListener>(new TcpListener(std::move(state)));
}

std::uint16_t TcpListener::port() const {
  boost::system::error_code ignored;
  return state_->acceptor.local_endpoint(ignored).port();
}

Task<Result<std::unique_ptr<TcpStream>>> TcpListener::accept() {
  if (!state_->acceptor.is_open()) co_return fail(ErrorCode::kUnavailable, "not listening");
  auto [error, socket] = co_await state_->acceptor.async_accept(
      make_strand_of(state_->acceptor.get_executor()), asio::as_tuple(asio::use_awaitable));
  if (error == asio::error::no_descriptors || error == asio::error::no_memory ||
      error == asio::error::no_buffer_space) {
    co_return fail(ErrorCode::kBusy, "accept: {}", error.message());
  }
  if (error) co_return fail(ErrorCode::kUnavailable, "accept: {}", error.message());
  co_return std::make_unique<TcpStream>(std::make_unique<Socket>(std::move(socket)));
}

void TcpListener::close() {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
}

bool TcpListener::is_open() const {
  return state_->acceptor.is_open();
}

Task<> accept_loop(std::shared_ptr<TcpListener> listener, TaskGroup sessions, std::string name,
                   SessionFn session, LogFn log) {
  constexpr std::uint64_t kOutOfDescriptorsPauseMs = 100;
  bool told_full = false;  // said once, not for every connection of a flood
  while (listener->is_open()) {
    auto stream = co_await listener->accept();
    if (stream) {
      const Executor strand = (*stream)->executor();
      const auto started = sessions.spawn(strand, name, session(*std::move(stream)));
      if (!started && !told_full)
        log(fmt::format("{}: refusing connections: {}", name, started.error().message));
      told_full = !started;
    } else if (stream.error().code == ErrorCode::kBusy) {
      log(fmt::format("{}: {}", name, stream.error().message));
      co_await sleep_for(kOutOfDescriptorsPauseMs);
    }
  }
}

namespace {

Task<Result<std::vector<tcp::endpoint>>> resolve(std::string host, std::uint16_t port) {
  std::vector<tcp::endpoint> endpoints;
  boost::system::error_code not_digits;
  if (const auto ip = asio::ip::make_address(host, not_digits); !not_digits) {
    endpoints.emplace_back(ip, port);
    co_return endpoints;
  }
  tcp::resolver resolver(co_await asio::this_coro::executor);
  const auto [error, found] =
      co_await resolver.async_resolve(host, std::to_string(port), asio::as_tuple(asio::use_awaitable));
  if (error) co_return fail(ErrorCode::kUnavailable, "{}: {}", host, error.message());
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

Task<Result<std::unique_ptr<TcpStream>>> resolve_and_connect(std::string host, std::uint16_t port) {
  CROSSLINE_CO_TRY(const auto endpoints, co_await resolve(host, port));
  tcp::socket socket(co_await asio::this_coro::executor);
  const auto [error, endpoint] =
      co_await asio::async_connect(socket, endpoints, asio::as_tuple(asio::use_awaitable));
  if (error) {
    co_return fail(ErrorCode::kUnavailable, "{}: {}", Endpoint{host, port}.to_string(), error.message());
  }
  co_return std::make_unique<TcpStream>(std::make_unique<Socket>(std::move(socket)));
}

}  // namespace

Task<Result<std::unique_ptr<TcpStream>>> connect_tcp(std::string host, std::uint16_t port,
                                                     Deadline deadline) {
  co_return co_await with_deadline(resolve_and_connect(std::move(host), port), deadline);
}

}  // namespace crossline::runtime
