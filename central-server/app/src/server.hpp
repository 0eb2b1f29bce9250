// The whole server, put together.
#pragma once

#include "adapters.hpp"
#include "crossline/accounts/sessions.hpp"
#include "crossline/api/http_api.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/runtime/http_server.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "crossline/runtime/system_clock.hpp"
#include "crossline/server_net/agent_server.hpp"
#include "ledger_publisher.hpp"
#include "server_config.hpp"
#include "settling.hpp"
#include "stores.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace crossline::server {

// Members are made in the order of dependence and go in the opposite one. While it runs, four threads of its
// own (sequencer, views, saving, a few blocking ones) work beside the I/O threads.
class Server {
 public:
  enum class Ended : std::uint8_t {
    kAsked,     // by a signal
    kDiskFull,  // there is room again: open another one on the same folder
    kFailed,    // the log says why; the process must end
    kOlder,     // a witness remembers another ledger than this disk has
  };

  // Recovers from what the disk holds. `config` and `io` outlive it.
  static Result<std::unique_ptr<Server>> open(const ServerConfig& config, runtime::IoThreads& io,
                                              runtime::LogFn log);
  ~Server();

  // Whether this disk is as new as what the witnesses remember; kConflict when it is older. Before run();
  // blocks the caller, which is no I/O thread.
  Result<void> check_witnesses();

  // Adopts the configured editions that are not: the first thing that may be signed, after check_witnesses().
  Result<void> adopt_editions();

  // Listens, says on standard output where, and serves until a signal or a failure. Blocks the caller, which
  // is no I/O thread.
  Ended run();

 private:
  Server(const ServerConfig& config, runtime::IoThreads& io, runtime::LogFn log, Stores stores);

  Result<void> start();
  Result<std::optional<adoption::Chain>> verify_adopted(const procedure::EditionBook& adopted);
  Result<void> adopt(const EditionBytes& offered);
  Result<void> listen();
  Result<void> listen_to_people();
  void failed(const Error& error);
  [[nodiscard]] Ended ending() const;  // after ended_
  [[nodiscard]] std::vector<api::ReadinessCheck> readiness() const;

  [[nodiscard]] runtime::Task<> serve(Result<void>* listening);
  [[nodiscard]] runtime::Task<> ask_witnesses(Result<void>* result);
  [[nodiscard]] runtime::Task<> wait_for_signal();
  [[nodiscard]] runtime::Task<> publish_replica();
  [[nodiscard]] runtime::Task<> watch_registry();
  [[nodiscard]] runtime::Task<> sweep_sessions();
  [[nodiscard]] runtime::Task<> wait_for_room();

  const ServerConfig& config_;
  runtime::IoThreads& io_;
  runtime::LogFn log_;
  runtime::SystemClock clock_;
  crypto::SystemRandom random_;
  Counters counters_;
  Stores stores_;
  runtime::Executor strand_;  // of everything below that is no session
  runtime::WakeUp ended_;     // a signal or a failure
  std::atomic<bool> asked_to_end_ = false;
  mutable std::mutex mutex_;
  std::optional<Error> failure_;
  bool older_ = false;  // failure_ is what a witness has shown
  TreeSize size_at_start_{0};

  std::unique_ptr<LedgerTiles> tiles_;
  std::unique_ptr<LedgerPublisher> publisher_;
  api::DifferenceBook differences_;
  std::unique_ptr<Settling> settling_;  // null without witnesses
  std::unique_ptr<AgentDirectory> agents_;
  std::unique_ptr<ViewThread> views_;
  std::unique_ptr<ReplicaFeed> replica_;
  std::unique_ptr<SequencerThread> sequencer_;
  std::unique_ptr<QueryAdapter> queries_;
  std::unique_ptr<OfficeAdapter> office_;
  std::unique_ptr<accounts::Sessions> sessions_;
  std::unique_ptr<api::HttpApi> api_;
  std::unique_ptr<AgentServer> agent_server_;
  std::unique_ptr<runtime::HttpServer> http_server_;
  // Last, so that they end first: a request that was cancelled leaves its job to finish with what is above.
  std::unique_ptr<runtime::BlockingPool> reading_;
  std::unique_ptr<runtime::BlockingPool> work_;
  std::unique_ptr<runtime::BlockingPool> hashing_;
  std::unique_ptr<runtime::BlockingPool> tile_reads_;
};

}  // namespace crossline::server
