// An HTTP/1.1 server for people and for the station page.
#pragma once

#include "crossline/base/limits.hpp"
#include "crossline/runtime/http_message.hpp"
#include "crossline/runtime/task.hpp"
#include "crossline/runtime/tls.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace crossline::runtime {

struct HttpServerOptions {
  std::string name = "http";  // in log lines
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::shared_ptr<const TlsContext> tls = {};  // null: plain, for loopback
  std::size_t max_connections = limits::kMaxHttpConnections;
  std::size_t max_header_bytes = limits::kMaxHttpHeaderBytes;
  std::size_t max_body_bytes = limits::kMaxHttpBodyBytes;
  // Each covers its whole phase, however slowly the bytes drip.
  std::uint64_t handshake_timeout_ms = 10'000;
  std::uint64_t header_timeout_ms = 10'000;
  std::uint64_t body_timeout_ms = 30'000;
  std::uint64_t write_timeout_ms = 30'000;
  std::uint64_t idle_timeout_ms = 75'000;  // between requests of one connection
  std::uint64_t drain_ms = 2'000;          // for requests in progress at shutdown
};

// Parses, limits, calls the handler, answers; keep-alive and pipelined requests in order. What goes wrong
// before the handler is answered as a problem (400, 408, 413, 431, 501, 505) and ends the
// connection. An exception from the handler becomes a 500 and a log line. Every response carries the security
// headers.
class HttpServer {
 public:
  HttpServer(Executor executor, HttpServerOptions options, HttpHandler handler, LogFn log);

  // Binds and listens; kUnavailable when the address is taken. Once, before run().
  Result<void> listen();
  // The bound port, after listen().
  [[nodiscard]] std::uint16_t port() const;
  // Serves until cancelled or stopped, then drains: idle connections are closed, requests in progress get
  // `drain_ms`.
  [[nodiscard]] Task<> run();
  // Makes run() end; any thread.
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace crossline::runtime
