#include "tools/witness/service.hpp"

#include "crossline/accounts/throttle.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/runtime/blocking_pool.hpp"
#include "crossline/runtime/http_router.hpp"
#include "crossline/runtime/http_server.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "crossline/runtime/process.hpp"
#include "crossline/runtime/system_clock.hpp"
#include "tools/witness/witness_store.hpp"

#include <csignal>
#include <cstdio>
#include <utility>

namespace crossline::tools {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::PathParameters;
using runtime::Task;
using RequestPtr = std::shared_ptr<const HttpRequest>;

constexpr std::size_t kMaxConnections = 64;
constexpr std::size_t kMaxQueuedRequests = 64;
constexpr std::size_t kMaxTasks = 2;
constexpr std::uint64_t kGraceMs = 2'000;
// Reports: whoever has one sends it once, and again seconds later when it was not taken.
constexpr accounts::Throttle::Rate kReportsOfOne{.burst = 20, .interval_ms = 2'000};
constexpr accounts::Throttle::Rate kReportsOfAll{.burst = 200, .interval_ms = 100};
constexpr std::string_view kEverybody = "everybody";

void log_line(std::string_view text) {
  std::fprintf(stderr, "crossline witness: %.*s\n", static_cast<int>(text.size()), text.data());
}

class Service {
 public:
  Service(const WitnessConfig& config, witness::Witness witness, WitnessStore store)
      : config_(config), witness_(std::move(witness)), store_(std::move(store)) {
    router_.add("POST", "/add-checkpoint",
                [this](RequestPtr request, PathParameters) { return add(std::move(request)); });
    router_.add("POST", "/misbehaviour",
                [this](RequestPtr request, PathParameters) { return take_report(std::move(request)); });
    router_.add("GET", "/{origin}/checkpoint",
                [this](RequestPtr, PathParameters path) { return last_head(path.at("origin")); });
  }

  Task<> serve(Result<void>* result) { *result = co_await listen_and_serve(); }

 private:
  Task<Result<void>> listen_and_serve() {
    runtime::HttpServerOptions options;
    options.name = "witness";
    options.address = config_.listen.address;
    options.port = config_.listen.port;
    options.max_connections = kMaxConnections;
    options.max_body_bytes = witness::kMaxRequestBytes;
    if (!config_.certificate_pem.empty()) {
      runtime::TlsServerOptions tls;
      tls.certificate_chain_pem = config_.certificate_pem;
      tls.private_key_pem = config_.private_key_pem;
      tls.require_client_certificate = false;
      CROSSLINE_CO_TRY(options.tls, runtime::TlsContext::server(tls));
    }
    const runtime::Executor strand = co_await boost::asio::this_coro::executor;
    runtime::HttpHandler handler = [this](RequestPtr request) { return router_.handle(std::move(request)); };
    runtime::LogFn log = log_line;
    runtime::HttpServer server(strand, options, handler, log);
    CROSSLINE_CO_CHECK_OK(server.listen());
    const std::string host = options.address.find(':') == std::string::npos
                                 ? options.address
                                 : fmt::format("[{}]", options.address);
    std::printf("witness %s://%s:%u/\n", options.tls ? "https" : "http", host.c_str(),
                unsigned{server.port()});
    std::fflush(stdout);
    runtime::TaskGroup tasks(kMaxTasks, log);
    CROSSLINE_CO_CHECK_OK(tasks.spawn(strand, "http", server.run()));
    runtime::notify_ready();
    std::vector<int> numbers{SIGTERM, SIGINT};
    runtime::Signals signals(strand, numbers);
    (void)co_await signals.next();
    runtime::notify_stopping();
    server.stop();
    co_await tasks.shutdown(kGraceMs);
    co_return Result<void>();
  }

  Task<HttpResponse> add(RequestPtr request) {
    auto decide = [this, request] { return store_.answer(witness_, request->body, clock_.now()); };
    const auto answer = co_await work_.run(decide);
    if (!answer) {
      log_line(answer.error().to_string());
      co_return runtime::problem(answer.error());
    }
    if (!answer->alarm.empty()) log_line("ALARM: " + answer->alarm);
    co_return runtime::text_response(answer->status, answer->content_type, answer->body);
  }

  // Somebody holds two signed heads of one log that the log cannot reconcile.
  Task<HttpResponse> take_report(RequestPtr request) {
    if (const std::uint64_t wait_ms = wait_before_report(request->peer.address); wait_ms != 0) {
      HttpResponse refused =
          runtime::problem(429, "too_many_reports", "too many reports; wait before the next");
      refused.headers.set("Retry-After", std::to_string((wait_ms + 999) / 1'000));
      co_return refused;
    }
    auto keep = [this, request] { return store_.take_report(witness_, request->body, clock_.now()); };
    const auto answer = co_await work_.run(keep);
    if (!answer) {
      log_line(answer.error().to_string());
      co_return runtime::problem(answer.error());
    }
    if (answer->status == 200) log_line("ALARM: " + answer->body.substr(0, answer->body.find('\n')));
    co_return runtime::text_response(answer->status, answer->content_type, answer->body);
  }

  std::uint64_t wait_before_report(const std::string& address) {
    const std::uint64_t now_ms = clock_.steady_ms();
    const std::uint64_t own_ms = reports_of_one_.take(address, now_ms);
    return own_ms != 0 ? own_ms : reports_of_all_.take(kEverybody, now_ms);
  }

  Task<HttpResponse> last_head(std::string origin) {
    auto find = [this, origin] { return store_.last_head(origin); };
    const auto note = co_await work_.run(find);
    if (!note) {
      log_line(note.error().to_string());
      co_return runtime::problem(note.error());
    }
    if (!*note)
      co_return runtime::text_response(404, "text/plain; charset=utf-8", "nothing cosigned of it\n");
    co_return runtime::text_response(200, "text/plain; charset=utf-8", **note);
  }

  const WitnessConfig& config_;
  const witness::Witness witness_;
  WitnessStore store_;
  runtime::SystemClock clock_;
  crypto::SystemRandom random_;
  accounts::Throttle reports_of_one_{kReportsOfOne, random_};
  accounts::Throttle reports_of_all_{kReportsOfAll, random_};
  runtime::HttpRouter router_;
  runtime::BlockingPool work_{"witness", 1, kMaxQueuedRequests};
};

}  // namespace

Result<void> run_witness(const WitnessConfig& config) {
  std::error_code error;
  std::filesystem::create_directories(config.data, error);
  if (error) return fail(ErrorCode::kUnavailable, "{}: {}", config.data.string(), error.message());
  CROSSLINE_TRY(WitnessStore store, WitnessStore::open(config.data / "witness.db"));
  CROSSLINE_TRY(crypto::Signer signer, crypto::Signer::from_pem(config.key_pem));
  runtime::IoThreads io(1);
  Service service(config, witness::Witness(config.name, std::move(signer), config.logs), std::move(store));
  Result<void> result;
  io.run(service.serve(&result));
  return result;
}

}  // namespace crossline::tools
