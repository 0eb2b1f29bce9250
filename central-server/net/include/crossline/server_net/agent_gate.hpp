// The agents' port: mutual TLS 1.3, one session for each connection.
#pragma once

#include "crossline/runtime/blocking_pool.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "crossline/runtime/tcp.hpp"
#include "crossline/runtime/tls.hpp"
#include "crossline/server_net/directory.hpp"
#include "crossline/server_net/engine.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace crossline::server {

struct GateCounters {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused_tls{0};     // no certificate, an unknown issuer, an old protocol
  std::atomic<std::uint64_t> refused_agents{0};  // unknown, revoked, of the wrong post or party, suspended
  std::atomic<std::uint64_t> refused_frames{0};  // malformed, a bad signature, a gap, a fork
  std::atomic<std::uint64_t> bytes_in{0};        // TLS included, of connections that have ended
  std::atomic<std::uint64_t> bytes_out{0};
};

// What every session uses; outlives them all.
struct GateContext {
  Engine& engine;
  Directory& directory;
  const Clock& clock;
  runtime::BlockingPool& pool;  // for reads from the ledger
  std::shared_ptr<const runtime::TlsContext> tls;
  runtime::LogFn log;
  GateCounters counters;
};

class AgentGate {
 public:
  // Binds at once; port 0 lets the kernel choose. kUnavailable when it is taken.
  static Result<std::unique_ptr<AgentGate>> open(runtime::IoThreads& threads, const std::string& address,
                                                 std::uint16_t port, std::shared_ptr<GateContext> context);

  [[nodiscard]] std::uint16_t port() const { return listener_->port(); }
  // Accepts until shut down.
  [[nodiscard]] runtime::Task<> run();
  // Closes the port, asks sessions to end, and cancels those that do not within `grace_ms`.
  [[nodiscard]] runtime::Task<> shutdown(std::uint64_t grace_ms);

 private:
  AgentGate(std::shared_ptr<runtime::TcpListener> listener, std::shared_ptr<GateContext> context);
  std::shared_ptr<runtime::TcpListener> listener_;
  std::shared_ptr<GateContext> context_;
  runtime::TaskGroup sessions_;
};

}  // namespace crossline::server
