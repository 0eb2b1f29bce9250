#include "crossline/server_net/replica_hub.hpp"

#include <algorithm>

namespace crossline::server {

void ReplicaHub::publish(std::vector<ReplicaChunk> chunks, LedgerIndex end) {
  const std::lock_guard lock(mutex_);
  for (ReplicaChunk& chunk : chunks) recent_.push_back(std::move(chunk));
  while (recent_.size() > kMaxRecentChunks) recent_.pop_front();
  end_ = end;
  notify_locked();
}

std::optional<ReplicaChunk> ReplicaHub::find(LedgerIndex from) const {
  const std::lock_guard lock(mutex_);
  const auto place =
      std::lower_bound(recent_.begin(), recent_.end(), from,
                       [](const ReplicaChunk& chunk, LedgerIndex index) { return chunk.from < index; });
  if (place == recent_.end() || place->from != from) return std::nullopt;
  return *place;
}

LedgerIndex ReplicaHub::end() const {
  const std::lock_guard lock(mutex_);
  return end_;
}

std::uint64_t ReplicaHub::add_listener(runtime::WakeUp listener) {
  const std::lock_guard lock(mutex_);
  listeners_.emplace(next_listener_, std::move(listener));
  return next_listener_++;
}

void ReplicaHub::remove_listener(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  listeners_.erase(number);
}

void ReplicaHub::close() {
  const std::lock_guard lock(mutex_);
  notify_locked();
}

void ReplicaHub::notify_locked() {
  for (auto& [number, listener] : listeners_) listener.notify();
}

}  // namespace crossline::server
