#include "crossline/engine/replica_feed.hpp"

#include "crossline/runtime/timeout.hpp"

#include <algorithm>
#include <utility>

namespace crossline::server {
namespace {

// How long commits are gathered before they go out. A thousand agents times every commit would be more frames
// than anybody can send, and no replica needs to be fresher than this.
constexpr std::uint64_t kGatherMs = 100;
// Meanwhile those who have subscribed are told, a few at a time: frames to all of them at once would hold up
// the answers to everybody.
constexpr std::size_t kPortions = 20;
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
    std::vector<std::shared_ptr<const Committed>> commits;
    {
      const std::lock_guard lock(mutex_);
      commits.swap(waiting_);
    }
    if (commits.empty()) continue;
    CROSSLINE_CO_CHECK_OK(publish(std::move(commits)));
    co_await tell_subscribers();
  }
}

Result<void> ReplicaFeed::publish(std::vector<std::shared_ptr<const Committed>> commits) {
  CROSSLINE_TRY(std::vector<ReplicaChunk> chunks, replica_chunks(commits, ledger_));
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
  return {};
}

// Who subscribes meanwhile finds what is published.
runtime::Task<> ReplicaFeed::tell_subscribers() {
  std::vector<runtime::WakeUp> told;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [subscription, wake_up] : subscribers_) told.push_back(wake_up);
  }
  for (std::size_t portion = 0; portion < kPortions; ++portion) {
    const std::size_t end = told.size() * (portion + 1) / kPortions;
    for (std::size_t i = told.size() * portion / kPortions; i < end; ++i) told[i].notify();
    co_await runtime::sleep_for(kGatherMs / kPortions);
  }
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
