// A non-blocking TCP socket with deadlines: what TcpStream and TlsStream stand on.
#pragma once

#include "crossline/runtime/stream.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace crossline::runtime {

// Bytes are moved by plain recv and send, so that OpenSSL and the plain stream share one path and nothing is
// copied or buffered in between; Asio tells when to try again. Lives on one strand.
class Socket {
 public:
  enum class Direction : std::size_t { kRead = 0, kWrite = 1 };
  enum class Status { kDone, kWouldBlock, kEnd, kFailed };
  struct Outcome {
    Status status = Status::kFailed;
    std::size_t count = 0;  // bytes moved, with kDone
    int error = 0;          // errno, with kFailed
  };

  explicit Socket(boost::asio::ip::tcp::socket socket);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // Never wait; count the bytes moved.
  [[nodiscard]] Outcome receive(std::span<std::uint8_t> buffer);
  [[nodiscard]] Outcome send(ByteView bytes);
  // Returns when the direction may be tried again, which may be sooner than it is ready. kTimeout, or
  // kUnavailable after close().
  [[nodiscard]] Task<Result<void>> wait(Direction direction, Deadline deadline);

  // Sends FIN; reading goes on.
  void finish();
  // Reads and forgets until the peer ends or `deadline`, so that closing does not reset what we sent last.
  [[nodiscard]] Task<> drain(Deadline deadline);
  void close();

  [[nodiscard]] Executor executor() const;
  [[nodiscard]] const Endpoint& peer() const;
  [[nodiscard]] Traffic traffic() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the watchdog timer's handler
};

// The error for a failed recv or send.
[[nodiscard]] Error connection_error(int error_number);

}  // namespace crossline::runtime
