// A connected, ordered stream of bytes: what plain TCP and TLS have in common.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/base/result.hpp"
#include "crossline/runtime/deadline.hpp"
#include "crossline/runtime/task.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace crossline::runtime {

// An address as digits and a port; never resolved back to a name.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
  [[nodiscard]] std::string to_string() const;  // "127.0.0.1:7001", "[::1]:7001"
};

// Bytes that crossed the socket, with everything TLS adds.
struct Traffic {
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
};

// Lives and dies on one strand, its executor. One coroutine reads and one writes at a time. Errors: kTimeout
// when the deadline passes, kUnavailable when the connection is gone, and over TLS kUnauthenticated when the
// peer rejected our certificate.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Waits for bytes and returns how many of `buffer` they fill, at least 1; 0 at the end of the stream.
  [[nodiscard]] virtual Task<Result<std::size_t>> read_some(std::span<std::uint8_t> buffer,
                                                            Deadline deadline) = 0;
  // Returns when all bytes are handed to the kernel. After an error the stream is of no further use.
  [[nodiscard]] virtual Task<Result<void>> write_all(ByteView bytes, Deadline deadline) = 0;
  // Tells the peer that nothing follows, as far as that goes without waiting. Reading goes on.
  virtual void finish() = 0;
  // After finish(): reads and forgets until the peer ends too or `deadline` passes. Closing with unread bytes
  // would reset the connection and could take our last words from the peer.
  [[nodiscard]] virtual Task<> drain(Deadline deadline) = 0;
  // Closes at once; pending operations end with kUnavailable. May be called again.
  virtual void close() = 0;

  [[nodiscard]] virtual Executor executor() const = 0;
  [[nodiscard]] virtual const Endpoint& peer() const = 0;
  [[nodiscard]] virtual Traffic traffic() const = 0;
};

}  // namespace crossline::runtime
