#include "agent_config.hpp"
#include "commands.hpp"
#include "crossline/agent/link.hpp"
#include "crossline/agent/reader.hpp"
#include "crossline/agent/station_host.hpp"
#include "crossline/config/check.hpp"
#include "crossline/runtime/http_router.hpp"
#include "crossline/runtime/http_server.hpp"
#include "crossline/runtime/http_static.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "crossline/runtime/process.hpp"
#include "evidence.hpp"
#include "log.hpp"
#include "slip_api.hpp"
#include "station_api.hpp"
#include "workplace.hpp"

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

namespace crossline::agent {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Task;

constexpr std::size_t kMaxTasks = 8;
constexpr std::size_t kMaxPageConnections = 32;
constexpr std::uint64_t kGraceMs = 3'000;

// Everything that is read before the first thread starts.
struct Prepared {
  AgentConfig config;
  std::shared_ptr<const PageSettings> page;
  std::shared_ptr<const runtime::StaticFiles> files;
  std::shared_ptr<const runtime::TlsContext> tls;
};

Result<Prepared> prepare(const std::filesystem::path& path) {
  Prepared prepared;
  CROSSLINE_TRY(prepared.config, read_config(path));
  CROSSLINE_TRY(Officers officers, Officers::read(prepared.config.officers));
  prepared.page =
      std::make_shared<const PageSettings>(PageSettings{std::move(officers), prepared.config.terminator});
  if (!prepared.config.pages.empty()) {
    CROSSLINE_TRY(prepared.files, runtime::StaticFiles::load(prepared.config.pages));
  }
  CROSSLINE_TRY(prepared.tls, make_link_context(prepared.config.link));
  return prepared;
}

std::string host_with_port(const std::string& address, std::uint16_t port) {
  return address.find(':') == std::string::npos ? fmt::format("{}:{}", address, port)
                                                : fmt::format("[{}]:{}", address, port);
}

Task<HttpResponse> page_response(std::shared_ptr<const runtime::StaticFiles> files,
                                 std::shared_ptr<const HttpRequest> request) {
  co_return files->respond(*request);
}

// The router is filled before the port is known, the guard after: a port of 0 is chosen by listen().
class PageServer {
 public:
  PageServer(runtime::Executor executor, const Prepared& prepared, StationHost* host,
             const runtime::LogFn& log)
      : router_(std::make_shared<runtime::HttpRouter>()),
        handler_(std::make_shared<runtime::HttpHandler>()),
        server_(
            std::move(executor),
            {.name = "station",
             .address = prepared.config.listen_address,
             .port = prepared.config.listen_port,
             .tls = nullptr,
             .max_connections = kMaxPageConnections},
            [handler = handler_](std::shared_ptr<const HttpRequest> request) {
              return (*handler)(std::move(request));
            },
            log) {
    const auto api = std::make_shared<StationApi>(host, prepared.page);
    add_station_routes(*router_, api);
    add_slip_routes(*router_, api);
    add_slip_page(*router_, api);
    if (!prepared.files) return;
    router_->set_fallback([files = prepared.files](std::shared_ptr<const HttpRequest> request) {
      return page_response(files, std::move(request));
    });
  }

  // Binds; the address of the page.
  Result<std::string> listen(const std::string& address) {
    CROSSLINE_CHECK_OK(server_.listen());
    const std::uint16_t port = server_.port();
    *handler_ = guard_station(router_, {host_with_port(address, port), fmt::format("localhost:{}", port)});
    return fmt::format("http://{}/station.html", host_with_port(address, port));
  }
  [[nodiscard]] runtime::HttpServer& server() { return server_; }

 private:
  std::shared_ptr<runtime::HttpRouter> router_;
  std::shared_ptr<runtime::HttpHandler> handler_;
  runtime::HttpServer server_;
};

// Runs until a signal asks it to end.
Task<> serve(runtime::Executor executor, const Prepared* prepared, std::unique_ptr<Station> station,
             Result<void>* result) {
  const runtime::LogFn log = make_log();
  const std::vector<int> numbers{SIGTERM, SIGINT};
  runtime::Signals signals(executor, numbers);
  // Outlives the host, whose thread hands evidence over.
  Evidence evidence(executor, prepared->config.data / "evidence", prepared->config.witness, log);
  StationHost host(executor, std::move(station), log);
  host.on_evidence([&evidence](const merkle::Misbehaviour& found) { evidence.keep(found); });
  PageServer page(executor, *prepared, &host, log);
  const Result<std::string> url = page.listen(prepared->config.listen_address);
  if (!url) {
    *result = std::unexpected(url.error());
    co_return;
  }
  runtime::TaskGroup tasks(kMaxTasks, log);
  (void)tasks.spawn(executor, "time", host.keep_time());
  (void)tasks.spawn(executor, "evidence", evidence.report());
  (void)tasks.spawn(executor, "link", keep_link(&host, prepared->config.link, prepared->tls, tasks));
  if (prepared->config.reader)
    (void)tasks.spawn(executor, "reader", keep_reader(&host, *prepared->config.reader, log));
  runtime::TaskGroup requests(1, log);
  (void)requests.spawn(executor, "page", page.server().run());
  std::printf("station %s\n", url->c_str());
  std::fflush(stdout);
  runtime::notify_ready();
  const int number = co_await signals.next();
  log(fmt::format("ending on signal {}", number));
  runtime::notify_stopping();
  page.server().stop();
  co_await requests.shutdown(kGraceMs);
  co_await tasks.shutdown();
}

}  // namespace

int run_agent(const std::filesystem::path& path) {
  const Result<Prepared> prepared = prepare(path);
  if (!prepared) {
    std::fprintf(stderr, "crossline-agent: %s\n", prepared.error().message.c_str());
    return kExitInvalid;
  }
  auto workplace = Workplace::open(prepared->config.data);
  auto station = workplace ? (*workplace)->open_station(prepared->config)
                           : Result<std::unique_ptr<Station>>(std::unexpected(workplace.error()));
  if (!station) {
    std::fprintf(stderr, "crossline-agent: %s\n", station.error().message.c_str());
    return kExitFailed;
  }
  Result<void> result;
  runtime::IoThreads io(1);
  io.run(serve(io.executor(), &*prepared, *std::move(station), &result));
  if (result) return kExitOk;
  std::fprintf(stderr, "crossline-agent: %s\n", result.error().message.c_str());
  return kExitFailed;
}

int check_config(const std::filesystem::path& path, bool json) {
  const auto checked = [&]() -> Result<config::InOrder> {
    CROSSLINE_TRY(const Prepared prepared, prepare(path));
    const AgentConfig& config = prepared.config;
    CROSSLINE_TRY(const auto editions, PostEditions::open(config.procedure, {}));
    const procedure::Edition* edition = editions.book().at(runtime::SystemClock().now());
    const std::size_t officers = prepared.page->officers.all().size();
    config::InOrder found{
        .summary = fmt::format("agent {} of line {}, post {}/{}, edition {}, officers: {}, server {}:{}",
                               config.settings.agent, config.settings.line, config.settings.post.checkpoint,
                               movement::name_of(config.settings.post.side), edition->number(), officers,
                               config.link.host, config.link.port),
        .warnings = {}};
    if (std::string odd = procedure::undeclared_checkpoint(*edition, config.settings.post.checkpoint);
        !odd.empty())
      found.warnings.push_back(std::move(odd));
    if (officers == 0)
      found.warnings.emplace_back(
          "nobody can start a shift; add officers with `crossline-agent officer add`");
    if (runtime::SystemClock().now() < edition->from())
      found.warnings.push_back(fmt::format("edition {} is in force from {}: everybody is refused until then",
                                           edition->number(), format_utc(edition->from())));
    return found;
  };
  return config::tell_check("crossline-agent", path, checked(), json);
}

}  // namespace crossline::agent
