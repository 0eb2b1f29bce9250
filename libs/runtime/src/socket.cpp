#include "socket.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>

namespace crossline::runtime {
namespace asio = boost::asio;
using asio::ip::tcp;

// One timer serves both directions and is re-armed only when it fires or a deadline lies before it, so a busy
// connection with a long timeout pays nothing per message.
struct Socket::State : std::enable_shared_from_this<Socket::State> {
  explicit State(tcp::socket connected) : socket(std::move(connected)), watchdog(socket.get_executor()) {}

  void arm() {
    const Deadline earliest = std::min(deadlines[0], deadlines[1]);
    if (earliest == Deadline::never() || armed_for <= earliest) return;
    armed_for = earliest;
    watchdog.expires_at(earliest.time());
    watchdog.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (error || self->closed) return;  // re-armed or closed meanwhile
      self->armed_for = Deadline::never();
      self->interrupt_late();
      self->arm();
    });
  }

  // Wakes both waits when one is late; the other finds that it is not and waits on.
  void interrupt_late() {
    bool late = false;
    for (Deadline& deadline : deadlines) {
      if (!deadline.passed()) continue;
      deadline = Deadline::never();
      late = true;
    }
    if (boost::system::error_code ignored; late) socket.cancel(ignored);
  }

  tcp::socket socket;
  asio::steady_timer watchdog;
  std::array<Deadline, 2> deadlines = {Deadline::never(), Deadline::never()};
  Deadline armed_for = Deadline::never();
  bool closed = false;
  Endpoint peer;
  Traffic traffic;
};

Socket::Socket(tcp::socket socket) : state_(std::make_shared<State>(std::move(socket))) {
  boost::system::error_code error;
  const auto remote = state_->socket.remote_endpoint(error);
  if (!error) state_->peer = {remote.address().to_string(), remote.port()};
  state_->socket.non_blocking(true, error);
  if (!error) state_->socket.set_option(tcp::no_delay(true), error);
  if (error) close();
}

Socket::~Socket() {
  close();
}

Socket::Outcome Socket::receive(std::span<std::uint8_t> buffer) {
  if (state_->closed) return {.status = Status::kFailed, .error = ENOTCONN};
  for (;;) {
    const ssize_t count = ::recv(state_->socket.native_handle(), buffer.data(), buffer.size(), 0);
    if (count > 0) {
      state_->traffic.bytes_in += static_cast<std::uint64_t>(count);
      return {.status = Status::kDone, .count = static_cast<std::size_t>(count)};
    }
    if (count == 0) return {.status = Status::kEnd};
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {.status = Status::kWouldBlock};
    return {.status = Status::kFailed, .error = errno};
  }
}

Socket::Outcome Socket::send(ByteView bytes) {
  if (state_->closed) return {.status = Status::kFailed, .error = ENOTCONN};
  for (;;) {
    const ssize_t count = ::send(state_->socket.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      state_->traffic.bytes_out += static_cast<std::uint64_t>(count);
      return {.status = Status::kDone, .count = static_cast<std::size_t>(count)};
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {.status = Status::kWouldBlock};
    return {.status = Status::kFailed, .error = errno};
  }
}

Task<Result<void>> Socket::wait(Direction direction, Deadline deadline) {
  const auto state = state_;
  if (state->closed) co_return fail(ErrorCode::kUnavailable, "connection closed");
  if (deadline.passed()) co_return fail(ErrorCode::kTimeout, "the peer took too long");
  Deadline& slot = state->deadlines[static_cast<std::size_t>(direction)];
  slot = deadline;
  state->arm();
  const auto kind = direction == Direction::kRead ? tcp::socket::wait_read : tcp::socket::wait_write;
  const auto [error] = co_await state->socket.async_wait(kind, asio::as_tuple(asio::use_awaitable));
  slot = Deadline::never();
  if (state->closed) co_return fail(ErrorCode::kUnavailable, "connection closed");
  if (error && deadline.passed()) co_return fail(ErrorCode::kTimeout, "the peer took too long");
  co_return Result<void>();
}

void Socket::finish() {
  if (boost::system::error_code ignored; !state_->closed) {
    state_->socket.shutdown(tcp::socket::shutdown_send, ignored);
  }
}

Task<> Socket::drain(Deadline deadline) {
  std::array<std::uint8_t, 4096> sink;
  for (;;) {
    const Outcome outcome = receive(sink);
    if (outcome.status == Status::kDone) {
      if (deadline.passed()) co_return;
      continue;
    }
    if (outcome.status != Status::kWouldBlock) co_return;
    if (!co_await wait(Direction::kRead, deadline)) co_return;
  }
}

void Socket::close() {
  if (std::exchange(state_->closed, true)) return;
  boost::system::error_code ignored;
  state_->watchdog.cancel();
  state_->socket.close(ignored);
}

Executor Socket::executor() const {
  return state_->socket.get_executor();
}

const Endpoint& Socket::peer() const {
  return state_->peer;
}

Traffic Socket::traffic() const {
  return state_->traffic;
}

Error connection_error(int error_number) {
  if (error_number == 0 || error_number == ECONNRESET || error_number == EPIPE || error_number == ENOTCONN) {
    return {ErrorCode::kUnavailable, "connection closed"};
  }
  return {ErrorCode::kUnavailable, std::generic_category().message(error_number)};
}

}  // namespace crossline::runtime
