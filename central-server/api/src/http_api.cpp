#include "crossline/api/http_api.hpp"

#include "crossline/api/reading.hpp"
#include "crossline/base/text.hpp"
#include "crossline/runtime/http_guard.hpp"
#include "crossline/runtime/http_router.hpp"
#include "http_answers.hpp"
#include "ledger_files.hpp"
#include "session.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::api {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::PathParameters;
using runtime::Task;
using RequestPtr = std::shared_ptr<const HttpRequest>;

// What the pool says when it did not take the job.
HttpResponse finished(Result<HttpResponse> response) {
  if (response) return *std::move(response);
  return response_of(problem_of(response.error()));
}

Call call_of(const Operation& operation, const HttpRequest& request, const PathParameters& path,
             accounts::Principal caller) {
  Call call{std::move(caller), {}, request.query, request.body};
  for (const std::string_view segment : split(operation.pattern, '/')) {
    if (!segment.starts_with('{')) continue;
    const std::string name(segment.substr(1, segment.size() - 2));
    call.path[name] = path.at(name);
  }
  return call;
}

// A person by their session; an auditor's machine by its certificate, where that opens something.
Answer<accounts::Principal> caller_of(const HttpApiParts& parts, const Operation& operation,
                                      const HttpRequest& request) {
  const bool by_certificate = operation.opens_to_auditors && shows_certificate(request) && !token_of(request);
  if (!by_certificate) return admit(parts.sessions, request, accounts::Use::kProlongs);
  if (auto admitted = admit_certificate(parts.services, request); !admitted)
    return std::unexpected(admitted.error());
  accounts::Principal machine;
  machine.role = accounts::Role::kAuditor;
  return machine;
}

Answer<nlohmann::json> answer_of(const HttpApiParts& parts, const Operation& operation,
                                 const HttpRequest& request, const PathParameters& path) {
  CROSSLINE_ANSWER_TRY(auto caller, caller_of(parts, operation, request));
  if (auto allowed = check_permission(operation, caller); !allowed) return std::unexpected(allowed.error());
  return operation.run(parts.services, call_of(operation, request, path, std::move(caller)));
}

// Runs on the blocking pool. Only ever logs the route and the code of what failed.
HttpResponse run_operation(const HttpApiParts& parts, const Operation& operation, const HttpRequest& request,
                           const PathParameters& path) {
  const auto answer = answer_of(parts, operation, request, path);
  if (answer) return response_of(operation.status, *answer);
  if (answer.error().status >= 500) {
    parts.log(fmt::format("{} {}: {}", operation.method, operation.pattern, answer.error().code));
  }
  return response_of(answer.error());
}

HttpResponse readiness_page(const ReadinessSource& source) {
  bool ready = true;
  nlohmann::json checks = nlohmann::json::object();
  for (const ReadinessCheck& check : source()) {
    ready = ready && check.ready;
    checks[check.name] = check.ready;
  }
  return response_of(ready ? 200 : 503, {{"ready", ready}, {"checks", std::move(checks)}});
}

bool is_below(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

}  // namespace

// Shared by the handler, every request in progress and every job on a pool: whichever ends last.
struct HttpApi::State : std::enable_shared_from_this<HttpApi::State> {
  using Self = std::shared_ptr<State>;

  State(HttpApiOptions options_in, HttpApiParts parts_in)
      : options(std::move(options_in)), parts(std::move(parts_in)), guard{options.hosts, true}, files(parts) {
    add_operations();
    add_session();
    add_operators_pages();
    router.set_fallback([this](RequestPtr request) { return at_once(page(*request)); });
  }

  void add_operations();
  void add_session();
  void add_operators_pages();
  // Adds a route whose answers are counted.
  void add(std::string_view method, std::string pattern, runtime::RouteHandler handler);

  static Task<HttpResponse> handle(Self self, RequestPtr request);
  static Task<HttpResponse> counted(Self self, std::string route, runtime::RouteHandler handler,
                                    RequestPtr request, PathParameters path);
  static Task<HttpResponse> operate(Self self, const Operation* operation, RequestPtr request,
                                    PathParameters path);
  static Task<HttpResponse> ledger_file(Self self, RequestPtr request);
  static Task<HttpResponse> sign_in(Self self, RequestPtr request);
  static Task<HttpResponse> get_session(Self self, RequestPtr request);
  static Task<HttpResponse> sign_out(Self self, RequestPtr request);
  static Task<HttpResponse> at_once(HttpResponse response) { co_return response; }
  [[nodiscard]] HttpResponse metrics_page(const HttpRequest& request) const;
  [[nodiscard]] HttpResponse page(const HttpRequest& request) const;

  const HttpApiOptions options;
  const HttpApiParts parts;
  const runtime::SiteGuard guard;
  LedgerFiles files;
  runtime::HttpRouter router;
  Metrics metrics;
};

void HttpApi::State::add(std::string_view method, std::string pattern, runtime::RouteHandler handler) {
  std::string route = fmt::format("{} {}", method, pattern);
  router.add(std::string(method), pattern,
             [this, route = std::move(route), handler = std::move(handler)](RequestPtr request,
                                                                            PathParameters path) {
               return counted(shared_from_this(), route, handler, std::move(request), std::move(path));
             });
}

void HttpApi::State::add_operations() {
  for (const Operation& operation : operations()) {
    add(operation.method, fmt::format("{}{}", kApiPrefix, operation.pattern),
        [this, &operation](RequestPtr request, PathParameters path) {
          return operate(shared_from_this(), &operation, std::move(request), std::move(path));
        });
  }
}

void HttpApi::State::add_session() {
  const auto add_one = [this](std::string_view method, Task<HttpResponse> (*handler)(Self, RequestPtr)) {
    add(method, fmt::format("{}/session", kApiPrefix), [this, handler](RequestPtr request, PathParameters) {
      return handler(shared_from_this(), std::move(request));
    });
  };
  add_one("POST", &State::sign_in);
  add_one("GET", &State::get_session);
  add_one("DELETE", &State::sign_out);
}

void HttpApi::State::add_operators_pages() {
  add("GET", "/healthz",
      [](RequestPtr, PathParameters) { return at_once(response_of(200, {{"alive", true}})); });
  add("GET", "/readyz",
      [this](RequestPtr, PathParameters) { return at_once(readiness_page(parts.readiness)); });
  add("GET", "/metrics",
      [this](RequestPtr request, PathParameters) { return at_once(metrics_page(*request)); });
}

Task<HttpResponse> HttpApi::State::handle(Self self, RequestPtr request) {
  // Probes reach us under whatever name they were given; what they learn is nobody's secret.
  const bool probe = request->path == "/healthz" || request->path == "/readyz" || request->path == "/metrics";
  if (!probe) {
    if (auto refusal = self->guard.refusal(*request)) co_return *std::move(refusal);
  }
  if (request->path.starts_with(kLogPrefix)) {
    static const std::string kRoute = "GET /tlog";
    const std::uint64_t begin_ms = self->parts.services.clock.steady_ms();
    HttpResponse response = co_await ledger_file(self, std::move(request));
    self->metrics.count_request(kRoute, response.status, self->parts.services.clock.steady_ms() - begin_ms);
    co_return response;
  }
  co_return co_await self->router.handle(std::move(request));
}

Task<HttpResponse> HttpApi::State::ledger_file(Self self, RequestPtr request) {
  if (auto response = self->files.respond_at_once(*request)) co_return *std::move(response);
  auto job = [self, request] { return self->files.respond(*request); };
  auto response = co_await self->parts.tiles.run(job);
  co_return finished(std::move(response));
}

Task<HttpResponse> HttpApi::State::counted(Self self, std::string route, runtime::RouteHandler handler,
                                           RequestPtr request, PathParameters path) {
  const Clock& clock = self->parts.services.clock;
  const std::uint64_t begin_ms = clock.steady_ms();
  HttpResponse response = co_await handler(std::move(request), std::move(path));
  self->metrics.count_request(route, response.status, clock.steady_ms() - begin_ms);
  co_return response;
}

Task<HttpResponse> HttpApi::State::operate(Self self, const Operation* operation, RequestPtr request,
                                           PathParameters path) {
  auto job = [self, operation, request, path] {
    return run_operation(self->parts, *operation, *request, path);
  };
  auto response = co_await self->parts.work.run(job);
  co_return finished(std::move(response));
}

Task<HttpResponse> HttpApi::State::sign_in(Self self, RequestPtr request) {
  const auto credentials = read_credentials(*request);
  if (!credentials) co_return response_of(credentials.error());
  const std::uint64_t wait_ms =
      self->parts.sessions.wait_ms(credentials->name, throttle_key(request->peer.address));
  if (wait_ms != 0) {
    self->metrics.count_sign_in(SignInResult::kThrottled);
    co_return response_of(too_many_attempts(wait_ms));
  }
  auto job = [self, credentials] { return run_sign_in(self->parts, *credentials); };
  auto response = co_await self->parts.hashing.run(job);
  HttpResponse answer = finished(std::move(response));
  self->metrics.count_sign_in(answer.status == 201 ? SignInResult::kOk : SignInResult::kRefused);
  co_return answer;
}

Task<HttpResponse> HttpApi::State::get_session(Self self, RequestPtr request) {
  auto job = [self, request] { return run_get_session(self->parts, *request); };
  auto response = co_await self->parts.work.run(job);
  co_return finished(std::move(response));
}

Task<HttpResponse> HttpApi::State::sign_out(Self self, RequestPtr request) {
  auto job = [self, request] { return run_sign_out(self->parts, *request); };
  auto response = co_await self->parts.work.run(job);
  co_return finished(std::move(response));
}

HttpResponse HttpApi::State::metrics_page(const HttpRequest& request) const {
  const auto& from = options.metrics_from;
  if (std::find(from.begin(), from.end(), request.peer.address) == from.end()) {
    return response_of(refuse(403, "forbidden", "metrics are for operators").error());
  }
  return runtime::text_response(200, "text/plain; version=0.0.4; charset=utf-8",
                                metrics.text(parts.metrics()));
}

HttpResponse HttpApi::State::page(const HttpRequest& request) const {
  if (parts.pages == nullptr || is_below(request.path, "/api")) {
    return response_of(refuse(404, "not_found", "there is nothing here").error());
  }
  return parts.pages->respond(request);
}

HttpApi::HttpApi(HttpApiOptions options, HttpApiParts parts)
    : state_(std::make_shared<State>(std::move(options), std::move(parts))) {}
HttpApi::~HttpApi() = default;

runtime::HttpHandler HttpApi::handler() const {
  return [state = state_](RequestPtr request) { return State::handle(state, std::move(request)); };
}

std::vector<std::string> HttpApi::routes() const {
  return state_->router.routes();
}

}  // namespace crossline::api
