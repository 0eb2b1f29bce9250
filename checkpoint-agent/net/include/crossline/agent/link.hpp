// The connection to the server: TLS 1.3 with both certificates, kept up for ever.
#pragma once

#include "crossline/agent/station_host.hpp"
#include "crossline/runtime/task.hpp"
#include "crossline/runtime/tls.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace crossline::agent {

struct LinkOptions {
  std::string host;
  std::uint16_t port = 0;
  std::string line;                        // the server's certificate has to name it
  std::vector<runtime::TrustRoots> roots;  // of the party that runs the server
  std::string certificate_pem;             // this agent's
  std::string private_key_pem;
};

// kInvalidArgument when certificate, key or roots cannot be used.
Result<std::shared_ptr<const runtime::TlsContext>> make_link_context(const LinkOptions& options);

// Connects, talks, and after a pause connects again, until cancelled. `host` outlives it; the owner of
// `tasks` ends it and what it starts there (three tasks in all).
[[nodiscard]] runtime::Task<> keep_link(StationHost* host, LinkOptions options,
                                        std::shared_ptr<const runtime::TlsContext> context,
                                        runtime::TaskGroup tasks);

}  // namespace crossline::agent
