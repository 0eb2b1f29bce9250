// What the ledger tells replicas, made once and handed to every connection at its own pace.
#pragma once

#include "crossline/engine/counters.hpp"
#include "crossline/runtime/channel.hpp"
#include "crossline/runtime/task.hpp"
#include "crossline/server/replica.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace crossline::server {

// Gathers commits for a moment, so that many small ones become one frame, and keeps the latest frames in
// memory. A reader that is further behind reads the ledger. Thread-safe.
class ReplicaFeed {
 public:
  // `end` is the ledger's size at start. `executor` is the strand that run() will be on.
  ReplicaFeed(runtime::Executor executor, LedgerStore& ledger, LedgerIndex end);

  // A commit is durable. Any thread; does not block.
  void push(std::shared_ptr<const Committed> committed);
  // Publishes until cancelled; an error is the ledger's store's.
  [[nodiscard]] runtime::Task<Result<void>> run();

  // Everything published is before this.
  [[nodiscard]] LedgerIndex end() const;
  // The frame that begins at `from`, when it is in memory.
  [[nodiscard]] std::optional<ReplicaChunk> find(LedgerIndex from) const;

  // Notified soon after each publication, until unsubscribed.
  std::uint64_t subscribe(runtime::WakeUp wake_up);
  void unsubscribe(std::uint64_t subscription);

 private:
  Result<void> publish(std::vector<std::shared_ptr<const Committed>> commits);
  [[nodiscard]] runtime::Task<> tell_subscribers();

  LedgerStore& ledger_;
  runtime::WakeUp pushed_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<const Committed>> waiting_;
  std::deque<ReplicaChunk> chunks_;
  std::size_t bytes_ = 0;
  LedgerIndex end_;
  std::map<std::uint64_t, runtime::WakeUp> subscribers_;
  std::uint64_t next_subscription_ = 1;
};

}  // namespace crossline::server
