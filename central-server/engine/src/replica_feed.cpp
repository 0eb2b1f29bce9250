#include "crossline/engine/replica_feed.hpp"

#include "crossline/runtime/timeout.hpp"

#include <algorithm>
#include <utility>

namespace crossline::server {
namespace {

// How long commits are gathered before they go out. A thousand agents times every commit would be more frames
// than anybody can send, and no replica needs to be fresher than this.
constexpr std::uint64_t kGatherMs = 100;
constexpr std::size_t kMaxBytes = 8u << 20;  // of frames kept

}  // namespace

ReplicaFeed::ReplicaFeed(runtime::Executor executor, LedgerStore& ledger, LedgerIndex end)
    : ledger_(ledger), pushed_(std::move(executor)), end_(end) {}

void ReplicaFeed::push(std::shared_ptr<const Committed> committed) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(committed));
  }
  pushed_.notify();
}

runtime::Task<Result<void>> ReplicaFeed::run() {
  for (;;) {
    co_await pushed_.wait();
    co_await runtime::sleep_for(kGatherMs);
    std::vector<std::shared_ptr<const Committed>> commits;
    {
      const std::lock_guard lock(mutex_);
      commits.swap(waiting_);
    }
    if (commits.empty()) continue;
    CROSSLINE_CO_CHECK_OK(publish(std::move(commits)));
  }
}

Result<void> ReplicaFeed::publish(std::vector<std::shared_ptr<const Committed>> commits) {
  CROSSLINE_TRY(std::vector<ReplicaChunk> chunks, replica_chunks(commits, ledger_));
  std::vector<runtime::WakeUp> woken;
  {
    const std::lock_guard lock(mutex_);
    for (ReplicaChunk& chunk : chunks) {
      end_ = chunk.to;
      bytes_ += chunk.frame->size();
      chunks_.push_back(std::move(chunk));
    }
    while (bytes_ > kMaxBytes) {
      bytes_ -= chunks_.front().frame->size();
      chunks_.pop_front();
    }
    for (const auto& [subscription, wake_up] : subscribers_) woken.push_back(wake_up);
  }
  for (runtime::WakeUp& wake_up : woken) wake_up.notify();
  return {};
}

LedgerIndex ReplicaFeed::end() const {
  const std::lock_guard lock(mutex_);
  return end_;
}

std::optional<ReplicaChunk> ReplicaFeed::find(LedgerIndex from) const {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::lower_bound(chunks_.begin(), chunks_.end(), from,
                       [](const ReplicaChunk& chunk, LedgerIndex at) { return chunk.from < at; });
  if (found == chunks_.end() || found->from != from) return std::nullopt;
  return *found;
}

std::uint64_t ReplicaFeed::subscribe(runtime::WakeUp wake_up) {
  const std::lock_guard lock(mutex_);
  subscribers_.emplace(next_subscription_, std::move(wake_up));
  return next_subscription_++;
}

void ReplicaFeed::unsubscribe(std::uint64_t subscription) {
  const std::lock_guard lock(mutex_);
  subscribers_.erase(subscription);
}

}  // namespace crossline::server
