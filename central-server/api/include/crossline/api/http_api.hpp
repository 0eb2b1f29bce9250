// The HTTPS side of the server for people: signing in, /api/v1, the console's pages, health and metrics;
// and the ledger's files for whoever checks it.
#pragma once

#include "crossline/accounts/sessions.hpp"
#include "crossline/api/metrics.hpp"
#include "crossline/api/operations.hpp"
#include "crossline/runtime/blocking_pool.hpp"
#include "crossline/runtime/http_message.hpp"
#include "crossline/runtime/http_static.hpp"
#include "crossline/runtime/task.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace crossline::api {

// One thing that has to be so before people are sent here.
struct ReadinessCheck {
  std::string name;  // "ledger"
  bool ready = false;
};
// Called on an I/O thread: it must not block.
using ReadinessSource = std::function<std::vector<ReadinessCheck>()>;

struct HttpApiOptions {
  std::vector<std::string> hosts;  // Host values that are ours, with the port: "crossline.example:8443"
  // Addresses that may read /metrics.
  std::vector<std::string> metrics_from = {"127.0.0.1", "::1"};
};

// Everything outlives the HttpServer that the handler is given to.
struct HttpApiParts {
  Services services;
  accounts::Sessions& sessions;
  runtime::BlockingPool& work;     // operations: SQL, waiting for the sequencer
  runtime::BlockingPool& hashing;  // passwords: its size bounds how many hashes run at once
  runtime::BlockingPool& tiles;    // the ledger's files: a mirror must not hold up people
  ReadinessSource readiness;
  MetricsSource metrics;
  std::shared_ptr<const runtime::StaticFiles> pages;  // null: no console
  runtime::LogFn log;
};

// Thread-safe. Of a request, only its route, status and error codes are ever logged or counted.
class HttpApi {
 public:
  HttpApi(HttpApiOptions options, HttpApiParts parts);
  ~HttpApi();

  // For HttpServer; it keeps what it needs alive.
  [[nodiscard]] runtime::HttpHandler handler() const;
  // "METHOD /pattern" of every route, as HttpRouter::routes().
  [[nodiscard]] std::vector<std::string> routes() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

inline constexpr std::string_view kApiPrefix = "/api/v1";
inline constexpr std::string_view kSessionCookie = "__Host-crossline";

}  // namespace crossline::api
