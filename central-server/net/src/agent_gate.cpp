#include "crossline/server_net/agent_gate.hpp"

#include "agent_session.hpp"
#include "crossline/base/limits.hpp"

#include <utility>

namespace crossline::server {

Result<std::unique_ptr<AgentGate>> AgentGate::open(runtime::IoThreads& threads, const std::string& address,
                                                   std::uint16_t port, std::shared_ptr<GateContext> context) {
  CROSSLINE_TRY(auto listener, runtime::TcpListener::bind(threads.new_strand(), address, port));
  return std::unique_ptr<AgentGate>(new AgentGate(std::move(listener), std::move(context)));
}

AgentGate::AgentGate(std::shared_ptr<runtime::TcpListener> listener, std::shared_ptr<GateContext> context)
    : listener_(std::move(listener)),
      context_(std::move(context)),
      sessions_(limits::kMaxAgentConnections, context_->log) {}

runtime::Task<> AgentGate::run() {
  auto context = context_;
  co_await runtime::accept_loop(
      listener_, sessions_, "agent session",
      [context](std::unique_ptr<runtime::TcpStream> stream) {
        return serve_agent(context, std::move(stream));
      },
      context_->log);
}

runtime::Task<> AgentGate::shutdown(std::uint64_t grace_ms) {
  listener_->close();
  co_await sessions_.shutdown(grace_ms);
}

}  // namespace crossline::server
