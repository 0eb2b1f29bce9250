// Where agents connect: mutual TLS 1.3, then frames (docs/formats/link.md).
#pragma once

#include "crossline/engine/agent_directory.hpp"
#include "crossline/engine/counters.hpp"
#include "crossline/engine/ledger_tiles.hpp"
#include "crossline/engine/replica_feed.hpp"
#include "crossline/engine/sequencer_thread.hpp"
#include "crossline/engine/view_thread.hpp"
#include "crossline/runtime/blocking_pool.hpp"
#include "crossline/runtime/tcp.hpp"
#include "crossline/runtime/tls.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace crossline::server {

// What a session works with. All of it outlives every session; all of it is thread-safe.
struct AgentServices {
  AgentDirectory& agents;
  SequencerThread& sequencer;
  ViewThread& views;
  ReplicaFeed& replica;
  LedgerStore& ledger;
  const LedgerTiles& tiles;        // proofs that the ledger continues what an agent has seen
  runtime::BlockingPool& reading;  // for what has to be read from the ledger
  const Clock& clock;
  Counters& counters;
  runtime::LogFn log;
};

// Accepts at most limits::kMaxAgentConnections connections; a session of each lives on a strand of its own.
class AgentServer {
 public:
  // Binds and listens; kUnavailable when the address is taken. `tls` requires client certificates.
  static Result<std::unique_ptr<AgentServer>> listen(runtime::Executor executor, const std::string& address,
                                                     std::uint16_t port,
                                                     std::shared_ptr<const runtime::TlsContext> tls,
                                                     const AgentServices& services);
  [[nodiscard]] std::uint16_t port() const { return listener_->port(); }

  // Serves until stop().
  [[nodiscard]] runtime::Task<> run();
  // Stops accepting, lets sessions say what they have to say, and waits for the last one to end. On the
  // executor given to listen().
  [[nodiscard]] runtime::Task<> stop();

 private:
  AgentServer(std::shared_ptr<runtime::TcpListener> listener, std::shared_ptr<const runtime::TlsContext> tls,
              const AgentServices& services);

  std::shared_ptr<runtime::TcpListener> listener_;
  std::shared_ptr<const runtime::TlsContext> tls_;
  AgentServices services_;
  runtime::TaskGroup sessions_;
};

}  // namespace crossline::server
