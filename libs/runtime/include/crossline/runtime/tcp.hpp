// TCP: listening, connecting, and the plain stream (loopback only outside tests).
#pragma once

#include "crossline/runtime/stream.hpp"
#include "crossline/runtime/task.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace crossline::runtime {

class Socket;

// A plain connection. TCP_NODELAY is set: frames are written whole.
class TcpStream final : public ByteStream {
 public:
  explicit TcpStream(std::unique_ptr<Socket> socket);
  ~TcpStream() override;

  [[nodiscard]] Task<Result<std::size_t>> read_some(std::span<std::uint8_t> buffer,
                                                    Deadline deadline) override;
  [[nodiscard]] Task<Result<void>> write_all(ByteView bytes, Deadline deadline) override;
  void finish() override;
  [[nodiscard]] Task<> drain(Deadline deadline) override;
  void close() override;
  [[nodiscard]] Executor executor() const override;
  [[nodiscard]] const Endpoint& peer() const override;
  [[nodiscard]] Traffic traffic() const override;

  // Takes the socket out, for TLS to run on it. The stream is then empty.
  [[nodiscard]] std::unique_ptr<Socket> release();

 private:
  std::unique_ptr<Socket> socket_;
};

// A listening socket. Lives on the executor it was bound on.
class TcpListener {
 public:
  // `address` is an IP address in digits; port 0 lets the kernel choose. kUnavailable when it is taken.
  static Result<std::shared_ptr<TcpListener>> bind(Executor executor, const std::string& address,
                                                   std::uint16_t port);
  ~TcpListener();

  [[nodiscard]] std::uint16_t port() const;
  // The next connection, on a new strand of its own. Errors of one connection are not fatal to the listener.
  [[nodiscard]] Task<Result<std::unique_ptr<TcpStream>>> accept();
  // Stops listening; a pending accept ends with kUnavailable. On the listener's executor.
  void close();
  [[nodiscard]] bool is_open() const;

 private:
  struct State;
  explicit TcpListener(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Runs one session for each connection, in `sessions`, on the connection's strand, until the listener is
// closed or the task cancelled. Survives errors of accept (after a pause when the process is out of
// descriptors). When the group is full the connection is closed at once.
using SessionFn = std::function<Task<>(std::unique_ptr<TcpStream> stream)>;
[[nodiscard]] Task<> accept_loop(std::shared_ptr<TcpListener> listener, TaskGroup sessions, std::string name,
                                 SessionFn session, LogFn log);

// Resolves `host` (a name or digits) and connects to the first address that answers. Runs on the caller's
// executor, which becomes the stream's: a strand. kUnavailable with the reason, or kTimeout (a name look-up
// in progress is not cut short: it is the system's).
[[nodiscard]] Task<Result<std::unique_ptr<TcpStream>>> connect_tcp(std::string host, std::uint16_t port,
                                                                   Deadline deadline);

}  // namespace crossline::runtime
