// One agent's connection, from the handshake to its end.
#pragma once

#include "crossline/server_net/agent_gate.hpp"

#include <memory>

namespace crossline::server {

// Runs on the connection's strand. Ends when the agent goes, is refused, replaced or revoked, or the stores
// fail.
[[nodiscard]] runtime::Task<> serve_agent(std::shared_ptr<GateContext> context,
                                          std::unique_ptr<runtime::TcpStream> stream);

}  // namespace crossline::server
