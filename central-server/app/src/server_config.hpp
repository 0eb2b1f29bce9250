// server.toml, and everything it names (docs/operating-server.md).
#pragma once

#include "crossline/adoption/key_set.hpp"
#include "crossline/base/time.hpp"
#include "crossline/config/config.hpp"
#include "crossline/crypto/commitment.hpp"
#include "crossline/enrolment/registry.hpp"
#include "crossline/merkle/policy.hpp"
#include "crossline/runtime/tls.hpp"
#include "crossline/server/editions.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace crossline::server {

struct ServerConfig {
  std::filesystem::path registry_file;
  std::filesystem::path data;
  std::vector<EditionBytes> editions;              // to adopt, as far as they are not, in their order
  std::optional<adoption::KeySet> procedure_keys;  // who has to sign them; nothing: nobody
  config::Reader::Endpoint agents;
  config::Reader::Endpoint people;
  std::vector<std::string> hosts;         // under which people reach it, without the port
  std::vector<std::string> metrics_from;  // addresses that may read /metrics
  std::filesystem::path pages;            // the built console; empty: none
  std::size_t io_threads = 2;
  std::optional<merkle::Policy> witnesses;  // whose cosignatures settle a head; nothing: none does

  std::shared_ptr<const enrolment::Registry> registry;
  std::string certificate_pem;
  std::string private_key_pem;
  std::vector<runtime::TrustRoots> roots;  // of the agents' parties
  std::string ledger_key_pem;
  std::string office_key_pem;
  crypto::LineKey line_key{};
};

// Relative paths are relative to the file. Reads all that the file names and checks that it belongs together;
// the error says which file, and where in it.
Result<ServerConfig> read_config(const std::filesystem::path& path);
// The registry anew, for a server that runs.
Result<std::shared_ptr<const enrolment::Registry>> read_registry(const std::filesystem::path& path);

// Posts of `registry` whose checkpoint an edition of `editions` that is in force at `now` or later does not
// declare, a sentence for each checkpoint and edition. Nothing to refuse a start for: one slip in a name must
// not stop the other posts, and whoever stands between two of them; what the edition says of that checkpoint
// is unknown there, and decided as the articles say.
std::vector<std::string> undeclared_posts(const enrolment::Registry& registry,
                                          const std::vector<EditionBytes>& editions, UtcMillis now);

}  // namespace crossline::server
