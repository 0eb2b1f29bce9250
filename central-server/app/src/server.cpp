#include "server.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/runtime/file.hpp"
#include "crossline/runtime/http_static.hpp"
#include "crossline/runtime/process.hpp"
#include "crossline/runtime/timeout.hpp"
#include "crossline/server/recovery.hpp"
#include "server_metrics.hpp"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace crossline::server {
namespace {

using runtime::Task;

constexpr std::size_t kMaxTasks = 16;
constexpr std::uint64_t kGraceMs = 3'000;
constexpr std::uint64_t kRegistryPollMs = 1'000;
constexpr std::uint64_t kSweepMs = 60'000;
constexpr std::uint64_t kRoomPollMs = 1'000;
constexpr std::size_t kReadingThreads = 1;
constexpr std::size_t kWorkThreads = 4;  // operations of people; most of the time they wait
constexpr std::size_t kHashingThreads = 2;
constexpr std::size_t kTileThreads = 1;
constexpr std::size_t kMaxQueuedJobs = 1'024;
constexpr std::uint64_t kStartStepMs = 300'000;  // at most, from one word about a long start to the next

// The name under which the server itself acts.
constexpr const char* kServerOfficer = "server";

Result<std::shared_ptr<const runtime::TlsContext>> agents_tls(const ServerConfig& config) {
  runtime::TlsServerOptions options;
  options.certificate_chain_pem = config.certificate_pem;
  options.private_key_pem = config.private_key_pem;
  options.client_roots = config.roots;
  return runtime::TlsContext::server(options);
}

Result<std::shared_ptr<const runtime::TlsContext>> people_tls(const ServerConfig& config) {
  runtime::TlsServerOptions options;
  options.certificate_chain_pem = config.certificate_pem;
  options.private_key_pem = config.private_key_pem;
  options.client_roots = config.roots;  // of auditors
  options.require_client_certificate = false;
  options.versions = runtime::TlsVersions::kFrom12;
  return runtime::TlsContext::server(options);
}

// A start that makes things again from a long ledger may take minutes: the service manager waits for it.
void say_starting(const runtime::LogFn& log, std::string_view line) {
  if (log) log(line);
  runtime::notify_starting(kStartStepMs);
  runtime::notify_status(line);
}

std::string with_port(const std::string& address, std::uint16_t port) {
  return address.find(':') == std::string::npos ? fmt::format("{}:{}", address, port)
                                                : fmt::format("[{}]:{}", address, port);
}

}  // namespace

Server::Server(const ServerConfig& config, runtime::IoThreads& io, runtime::LogFn log, Stores stores)
    : config_(config),
      io_(io),
      log_(std::move(log)),
      stores_(std::move(stores)),
      strand_(io.new_strand()),
      ended_(strand_) {}

Server::~Server() {
  if (sequencer_) sequencer_->stop();
  if (views_) views_->stop();
}

Result<std::unique_ptr<Server>> Server::open(const ServerConfig& config, runtime::IoThreads& io,
                                             runtime::LogFn log) {
  const auto say = [&log](std::string_view line) { say_starting(log, line); };
  say_starting(nullptr, "reading the ledger");
  CROSSLINE_TRY(Stores stores, open_stores(config.data, say));
  std::unique_ptr<Server> server(new Server(config, io, std::move(log), std::move(stores)));
  CROSSLINE_CHECK_OK(server->start());
  return server;
}

Result<void> Server::start() {
  const auto say = [this](std::string_view line) { say_starting(log_, line); };
  CROSSLINE_TRY(Recovered recovered, recover(*stores_.ledger, *stores_.views, say));
  const std::string& line = config_.registry->line();
  const LedgerIndex end(recovered.line.ledger.range.size().value());
  const std::optional<wire::SignedHead> head = recovered.line.ledger.head;
  agents_ = std::make_unique<AgentDirectory>(config_.registry, recovered.line.ledger);
  CROSSLINE_TRY(crypto::Signer ledger_signer, crypto::Signer::from_pem(config_.ledger_key_pem));
  CROSSLINE_TRY(crypto::Signer office_signer, crypto::Signer::from_pem(config_.office_key_pem));
  CROSSLINE_TRY(const std::uint64_t boot_id, runtime::boot_id());
  CROSSLINE_TRY(auto chain, verify_adopted(recovered.line.editions));
  CROSSLINE_TRY(Sequencer sequencer,
                Sequencer::open(line, std::move(recovered.line), *stores_.ledger, *stores_.identities, clock_,
                                std::move(ledger_signer), Office(line, std::move(office_signer), boot_id),
                                std::move(chain)));
  const auto on_failure = [this](const Error& error) { failed(error); };
  views_ = std::make_unique<ViewThread>(std::move(recovered.views), *stores_.views, log_, on_failure);
  replica_ = std::make_unique<ReplicaFeed>(strand_, *stores_.ledger, end);
  tiles_ = std::make_unique<LedgerTiles>(*stores_.published, *stores_.tiles);
  CROSSLINE_CHECK_OK(tiles_->load());
  publisher_ = std::make_unique<LedgerPublisher>(strand_, *tiles_, *stores_.published,
                                                 config_.registry->keys().ledger_key, log_);
  if (head) {
    publisher_->note(*head);
    size_at_start_ = head->head.size;
  }
  if (config_.witnesses) {
    SettlingOptions options{.policy = *config_.witnesses,
                            .origin = merkle::ledger_origin(line),
                            .roots = config_.roots,
                            .kept = config_.data / "settled"};
    const auto on_older = [this](const Error& error) {
      {
        const std::lock_guard lock(mutex_);
        older_ = !failure_;
      }
      failed(error);
    };
    settling_ = std::make_unique<Settling>(strand_, std::move(options), *publisher_, log_, on_older);
  }
  const auto on_commit = [this](const std::shared_ptr<const Committed>& committed) {
    publisher_->note(committed->head());
    agents_->note(*committed);
    replica_->push(committed);
    views_->push(committed);
  };
  sequencer_ = std::make_unique<SequencerThread>(std::move(sequencer), counters_, on_commit, on_failure);
  reading_ = std::make_unique<runtime::BlockingPool>("ledger reads", kReadingThreads, kMaxQueuedJobs);
  work_ = std::make_unique<runtime::BlockingPool>("operations", kWorkThreads, kMaxQueuedJobs);
  hashing_ = std::make_unique<runtime::BlockingPool>("password hashing", kHashingThreads, kMaxQueuedJobs);
  tile_reads_ = std::make_unique<runtime::BlockingPool>("tile reads", kTileThreads, kMaxQueuedJobs);
  queries_ =
      std::make_unique<QueryAdapter>(*views_, *sequencer_, *agents_, *stores_.ledger, *stores_.identities,
                                     clock_, config_.line_key, config_.procedure_keys);
  office_ = std::make_unique<OfficeAdapter>(*sequencer_, *views_, config_.procedure_keys.has_value());
  sessions_ = std::make_unique<accounts::Sessions>(*stores_.accounts, clock_, random_);
  log_(fmt::format("line {}: {} ledger entries, {} of them replayed", line, end.value(),
                   end.value() - recovered.replayed_from.value()));
  return {};
}

// With keys, what was adopted before is believed only as far as it verifies. The file may add signatures to
// what was adopted without.
Result<std::optional<adoption::Chain>> Server::verify_adopted(const procedure::EditionBook& adopted) {
  if (!config_.procedure_keys) return std::nullopt;
  for (const EditionBytes& edition : config_.editions) {
    if (adopted.find(crypto::sha256(as_bytes(edition.sealed))) == nullptr) continue;
    CROSSLINE_CHECK_OK(stores_.ledger->put_edition(edition.sealed, edition.envelope));
  }
  return adopted_chain(*config_.procedure_keys, adopted, *stores_.ledger);
}

Result<void> Server::adopt_editions() {
  for (const EditionBytes& edition : config_.editions) CROSSLINE_CHECK_OK(adopt(edition));
  return {};
}

Result<void> Server::adopt(const EditionBytes& offered) {
  CROSSLINE_TRY(const auto edition, procedure::Edition::load(as_bytes(offered.sealed)));
  const procedure::EditionBook adopted = queries_->edition_book();
  if (adopted.find(edition.hash()) != nullptr) return {};
  if (const auto* newest = adopted.newest(); newest != nullptr && edition.number() <= newest->number()) {
    log_(fmt::format("edition {} was adopted; the configured edition {} is not", newest->number(),
                     edition.number()));
    return {};
  }
  Adoption adoption{.officer = kServerOfficer, .sealed = offered.sealed, .envelope = offered.envelope};
  CROSSLINE_TRY(const Reply reply, sequencer_->ask(std::move(adoption)));
  if (const auto* refusal = std::get_if<Refusal>(&reply)) return std::unexpected(refusal->error);
  if (!views_->wait_for(std::get<ActReceipt>(reply).index.next())) {
    return fail(ErrorCode::kUnavailable, "the views do not follow");
  }
  log_(fmt::format("edition {} ({}) is adopted, in force from {}", edition.number(), edition.hash().hex(),
                   format_utc(edition.from())));
  return {};
}

Result<void> Server::listen() {
  CROSSLINE_TRY(auto tls, agents_tls(config_));
  const AgentServices services{.agents = *agents_,
                               .sequencer = *sequencer_,
                               .views = *views_,
                               .replica = *replica_,
                               .ledger = *stores_.ledger,
                               .tiles = *tiles_,
                               .reading = *reading_,
                               .clock = clock_,
                               .counters = counters_,
                               .log = log_};
  CROSSLINE_TRY(agent_server_, AgentServer::listen(strand_, config_.agents.address, config_.agents.port,
                                                   std::move(tls), services));
  return listen_to_people();
}

Result<void> Server::listen_to_people() {
  runtime::HttpServerOptions options;
  options.name = "people";
  options.address = config_.people.address;
  options.port = config_.people.port;
  CROSSLINE_TRY(options.tls, people_tls(config_));
  std::shared_ptr<const runtime::StaticFiles> pages;
  if (!config_.pages.empty()) {
    CROSSLINE_TRY(pages, runtime::StaticFiles::load(config_.pages));
  }
  // The port may be chosen by listen(), and the hosts that are ours name it.
  auto handler = std::make_shared<runtime::HttpHandler>();
  http_server_ = std::make_unique<runtime::HttpServer>(
      strand_, options,
      [handler](std::shared_ptr<const runtime::HttpRequest> request) {
        return (*handler)(std::move(request));
      },
      log_);
  CROSSLINE_CHECK_OK(http_server_->listen());
  api::HttpApiOptions api_options;
  api_options.metrics_from = config_.metrics_from;
  for (const std::string& host : config_.hosts)
    api_options.hosts.push_back(with_port(host, http_server_->port()));
  api_options.hosts.push_back(with_port(config_.people.address, http_server_->port()));
  const api::Services services{config_.registry->line(),
                               config_.registry->keys().ledger_key.key,
                               *queries_,
                               *office_,
                               clock_,
                               *publisher_,
                               differences_,
                               config_.witnesses ? config_.witnesses->to_string() : std::string()};
  api_ = std::make_unique<api::HttpApi>(
      std::move(api_options),
      api::HttpApiParts{services, *sessions_, *work_, *hashing_, *tile_reads_, [this] { return readiness(); },
                        [this] { return metrics_of(counters_, *views_); }, std::move(pages), log_});
  *handler = api_->handler();
  return {};
}

void Server::failed(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    if (failure_) return;
    failure_ = error;
  }
  log_("stopping to record: " + error.to_string());
  ended_.notify();
}

std::vector<api::ReadinessCheck> Server::readiness() const {
  const std::lock_guard lock(mutex_);
  return {{"ledger", !failure_.has_value()}};
}

Result<void> Server::check_witnesses() {
  Result<void> result;
  if (settling_) io_.run(ask_witnesses(&result));
  return result;
}

Task<> Server::ask_witnesses(Result<void>* result) {
  *result = co_await settling_->check_memory(size_at_start_);
}

Server::Ended Server::run() {
  Result<void> listening;
  io_.run(serve(&listening));
  sequencer_->stop();
  views_->stop();
  if (!listening) {
    log_("cannot listen: " + listening.error().to_string());
    return Ended::kFailed;
  }
  return ending();
}

Server::Ended Server::ending() const {
  const std::lock_guard lock(mutex_);
  if (asked_to_end_) return Ended::kAsked;
  if (older_) return Ended::kOlder;
  return failure_ && failure_->code == ErrorCode::kStorageFull ? Ended::kDiskFull : Ended::kFailed;
}

Task<> Server::serve(Result<void>* listening) {
  *listening = listen();
  if (!*listening) co_return;
  runtime::TaskGroup servers(kMaxTasks, log_);
  (void)servers.spawn(strand_, "agents", agent_server_->run());
  (void)servers.spawn(strand_, "people", http_server_->run());
  runtime::TaskGroup endless(kMaxTasks, log_);  // they run until they are cancelled: no grace to wait for
  (void)endless.spawn(strand_, "replica", publish_replica());
  (void)endless.spawn(strand_, "tiles", publisher_->run([] {}));
  if (settling_) (void)endless.spawn(strand_, "settling", settling_->run());
  (void)endless.spawn(strand_, "registry", watch_registry());
  (void)endless.spawn(strand_, "sessions", sweep_sessions());
  (void)endless.spawn(strand_, "signals", wait_for_signal());
  std::printf("agents %s\npeople https://%s/\n",
              with_port(config_.agents.address, agent_server_->port()).c_str(),
              with_port(config_.people.address, http_server_->port()).c_str());
  std::fflush(stdout);
  runtime::notify_ready();
  runtime::notify_status("serving");
  co_await ended_.wait();
  co_await agent_server_->stop();
  co_await wait_for_room();
  // The process goes on after a full disk: a service manager that was told otherwise would end it.
  if (ending() != Ended::kDiskFull) runtime::notify_stopping();
  http_server_->stop();
  co_await servers.shutdown(kGraceMs);
  co_await endless.shutdown();
}

// When the disk was full, what is there can still be read until there is room again.
Task<> Server::wait_for_room() {
  for (;;) {
    if (ending() != Ended::kDiskFull) co_return;
    if (has_room(config_.data)) co_return;
    co_await runtime::sleep_for(kRoomPollMs);
  }
}

Task<> Server::wait_for_signal() {
  const std::vector<int> numbers{SIGTERM, SIGINT};
  runtime::Signals signals(strand_, numbers);
  const int number = co_await signals.next();
  log_(fmt::format("ending on signal {}", number));
  asked_to_end_ = true;
  ended_.notify();
}

Task<> Server::publish_replica() {
  const auto published = co_await replica_->run();
  if (!published) failed(published.error());
}

Task<> Server::watch_registry() {
  namespace fs = std::filesystem;
  fs::file_time_type seen{};  // what was written while the server started is taken as well
  const fs::path path = config_.registry_file;
  const auto changed_at = [path] {
    std::error_code ignored;
    return fs::last_write_time(path, ignored);
  };
  const auto read = [path] { return read_registry(path); };
  for (;;) {
    co_await runtime::sleep_for(kRegistryPollMs);
    const auto now = co_await reading_->run(changed_at);
    if (!now || *now == seen) continue;
    seen = *now;
    const auto registry = co_await reading_->run(read);
    if (!registry) {
      log_("the changed registry is not taken: " + registry.error().to_string());
    } else if ((*registry)->line() != config_.registry->line()) {
      log_("the changed registry is not taken: it is of another line");
    } else if ((*registry)->to_toml() != agents_->registry()->to_toml()) {
      agents_->replace_registry(*registry);
      log_(fmt::format("the registry was read again: {} agents", (*registry)->agents().size()));
    }
  }
}

Task<> Server::sweep_sessions() {
  accounts::Sessions* sessions = sessions_.get();
  const auto sweep = [sessions] { return sessions->sweep(); };
  for (;;) {
    co_await runtime::sleep_for(kSweepMs);
    (void)co_await work_->run(sweep);
  }
}

}  // namespace crossline::server
