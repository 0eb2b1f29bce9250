#include "crossline/server_net/agent_server.hpp"

#include "agent_session.hpp"
#include "crossline/base/limits.hpp"

#include <utility>

namespace crossline::server {
namespace {

using runtime::Deadline;
using runtime::Task;

constexpr std::uint64_t kHandshakeMs = 10'000;
constexpr std::uint64_t kShutdownGraceMs = 1'000;

Task<> serve(AgentServices services, std::shared_ptr<const runtime::TlsContext> tls,
             std::unique_ptr<runtime::TcpStream> tcp) {
  const std::string peer = tcp->peer().to_string();
  services.counters.connections_accepted += 1;
  auto stream =
      co_await runtime::TlsStream::handshake(std::move(tcp), std::move(tls), Deadline::in_ms(kHandshakeMs));
  if (!stream) {
    services.counters.connections_refused += 1;
    services.log(fmt::format("connection from {} refused: {}", peer, stream.error().to_string()));
    co_return;
  }
  co_await AgentSession::run(std::make_shared<AgentSession>(std::move(services), *std::move(stream)));
}

}  // namespace

AgentServer::AgentServer(std::shared_ptr<runtime::TcpListener> listener,
                         std::shared_ptr<const runtime::TlsContext> tls, const AgentServices& services)
    : listener_(std::move(listener)),
      tls_(std::move(tls)),
      services_(services),
      sessions_(limits::kMaxAgentConnections, services.log) {}

Result<std::unique_ptr<AgentServer>> AgentServer::listen(runtime::Executor executor,
                                                         const std::string& address, std::uint16_t port,
                                                         std::shared_ptr<const runtime::TlsContext> tls,
                                                         const AgentServices& services) {
  CROSSLINE_TRY(auto listener, runtime::TcpListener::bind(std::move(executor), address, port));
  return std::unique_ptr<AgentServer>(new AgentServer(std::move(listener), std::move(tls), services));
}

Task<> AgentServer::run() {
  runtime::SessionFn session = [services = services_,
                                tls = tls_](std::unique_ptr<runtime::TcpStream> stream) {
    return serve(services, tls, std::move(stream));
  };
  co_await runtime::accept_loop(listener_, sessions_, "agent", std::move(session), services_.log);
}

Task<> AgentServer::stop() {
  listener_->close();
  for (const AgentDirectory::Entry& entry : services_.agents.list()) {
    if (entry.status.connected) {
      services_.agents.find(entry.record.post.agent)
          ->end_session({ErrorCode::kUnavailable, "the server is stopping"});
    }
  }
  co_await sessions_.shutdown(kShutdownGraceMs);
}

}  // namespace crossline::server
