// The threads round the cores: one that sequences, one that builds views. Everything else asks them.
//
//   sessions, API --request--> [queue] --> sequencer thread --committed--> views thread --> replica hub
//        ^                                     |  reply                        |
//        +-------------------------------------+                              saves view rows now and then
//
// When the disk fails nothing more is acknowledged: the engine halts, goes on answering what only reads, and
// opens the stores anew until what is on the disk can be recovered.
#pragma once

#include "crossline/runtime/queue.hpp"
#include "crossline/runtime/task.hpp"
#include "crossline/server/recovery.hpp"
#include "crossline/server/sequencer.hpp"
#include "crossline/server_net/replica_hub.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace crossline::server {

// Stores opened together, and what was recovered from them. The ledger may be read from any thread.
struct OpenedStores {
  std::shared_ptr<LedgerStore> ledger;
  std::shared_ptr<IdentityStore> identities;
  std::unique_ptr<ViewStore> view_rows;
};

// Counters for /metrics; any thread.
struct EngineCounters {
  std::atomic<std::uint64_t> events{0};  // recorded
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> resent{0};  // requests answered from the ledger
  std::atomic<std::uint64_t> consults{0};
  std::atomic<std::uint64_t> refusals{0};  // by the sequencer
  std::atomic<std::uint64_t> halts{0};     // of the disk
  std::atomic<std::uint64_t> batch_events_last{0};
};

class Engine {
 public:
  struct Options {
    std::string line;
    std::function<Result<OpenedStores>()> open_stores;
    std::function<Result<crypto::Signer>()> ledger_signer;
    std::function<Result<Office>()> office;
    // The edition of the configuration: adopted when the ledger has none, or another.
    std::string sealed_edition;
    runtime::LogFn log;
  };
  // Called once, on the sequencer's thread: it must not block.
  using Replied = std::function<void(Reply reply)>;
  enum Lane : std::size_t { kLive = 0, kBacklog = 1 };

  // One life of the stores, from their opening to the failure that ends it. Sessions hold the run they belong
  // to.
  class Run {
   public:
    Run(OpenedStores stores, const LedgerSnapshot& ledger);
    // Waits for space. kUnavailable once the run is over.
    [[nodiscard]] runtime::Task<Result<void>> submit(Request request, Replied replied, Lane lane);
    // Never waits; for threads that are not coroutines. kBusy when full.
    Result<void> try_submit(Request request, Replied replied);
    [[nodiscard]] LedgerStore& ledger() { return *stores_.ledger; }
    [[nodiscard]] IdentityStore& identities() { return *stores_.identities; }
    [[nodiscard]] bool over() const { return over_.load(); }
    [[nodiscard]] ReplicaHub& hub() { return hub_; }
    // As recovered: how far the ledger had come with each journal when the run began.
    [[nodiscard]] const std::vector<JournalState>& journals_at_start() const { return journals_; }
    [[nodiscard]] const std::vector<std::string>& suspended_at_start() const { return suspended_; }

   private:
    friend class Engine;
    struct Item {
      Request request;
      Replied replied;
    };
    OpenedStores stores_;
    std::vector<JournalState> journals_;
    std::vector<std::string> suspended_;
    runtime::BoundedQueue<Item> queue_;
    ReplicaHub hub_;
    std::atomic<bool> over_{false};
  };

  explicit Engine(Options options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Opens the stores and recovers, on the calling thread, then starts the threads. The error is why it cannot
  // run.
  Result<void> start();
  // Takes nothing more, finishes the batch, saves the views, joins. May be called again.
  void stop();

  // The run that goes on now; null while halted.
  [[nodiscard]] std::shared_ptr<Run> run() const;
  // The last one there was: for what only reads.
  [[nodiscard]] std::shared_ptr<Run> last_run() const;
  // Why nothing can be recorded, while so.
  [[nodiscard]] std::optional<Error> halted() const;
  [[nodiscard]] std::optional<wire::SignedHead> head() const;
  [[nodiscard]] std::optional<procedure::Edition> edition() const;
  // How many events of each agent the ledger holds.
  [[nodiscard]] std::map<std::string, std::uint64_t> journal_sizes() const;
  [[nodiscard]] const std::string& sealed_edition() const { return options_.sealed_edition; }

  // Runs `read` while the views stand still. Blocks for as long as a batch is applied: not for I/O threads.
  template <class Read>
  auto read_views(Read read) const {
    const std::lock_guard lock(views_mutex_);
    return read(static_cast<const Views&>(*views_));
  }
  // Waits until the views count the entry, or `limit_ms` has passed (kTimeout). Blocks: not for I/O threads.
  Result<void> wait_for_views(LedgerIndex entry, std::uint64_t limit_ms) const;

  [[nodiscard]] const EngineCounters& counters() const { return counters_; }

 private:
  class Handover;  // commits on their way to the views thread, bounded
  struct Life;     // the sequencer of one run

  Result<std::unique_ptr<Life>> open_life();
  void sequence();
  std::optional<Error> sequence_until_failure(Life& life);
  void build_views();
  void apply(const std::shared_ptr<Run>& run, const Committed& committed);
  void save_views(const std::shared_ptr<Run>& run);
  void halt(Error error);
  void publish(const Life& life);
  [[nodiscard]] bool stopping() const { return stopping_.load(); }

  Options options_;
  EngineCounters counters_;

  mutable std::mutex state_mutex_;
  std::condition_variable wake_;
  std::shared_ptr<Run> run_;
  std::shared_ptr<Run> last_run_;
  std::optional<Error> halted_;
  std::optional<wire::SignedHead> head_;
  std::optional<procedure::Edition> edition_;
  std::map<std::string, std::uint64_t> journal_sizes_;

  mutable std::mutex views_mutex_;
  mutable std::condition_variable views_moved_;
  std::optional<Views> views_;

  std::unique_ptr<Life> first_life_;
  std::unique_ptr<Handover> handover_;
  std::atomic<bool> stopping_{false};
  std::thread sequencer_thread_;
  std::thread views_thread_;
};

}  // namespace crossline::server
