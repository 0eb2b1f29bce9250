// The latest pieces of the ledger for replicas, made once and shared by all connections.
#pragma once

#include "crossline/runtime/channel.hpp"
#include "crossline/server/replica.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace crossline::server {

// Keeps the last kMaxRecentChunks pieces. Who is further behind reads from the ledger. Any thread.
class ReplicaHub {
 public:
  static constexpr std::size_t kMaxRecentChunks = 64;

  // `end` is the ledger's size when it begins.
  explicit ReplicaHub(LedgerIndex end) : end_(end) {}

  void publish(std::vector<ReplicaChunk> chunks, LedgerIndex end);
  // The piece that begins at `from`, when it is at hand.
  [[nodiscard]] std::optional<ReplicaChunk> find(LedgerIndex from) const;
  // Everything before it has been published or can be read from the ledger.
  [[nodiscard]] LedgerIndex end() const;
  // Wakes `listener` with each publication and at close(), until the number returned is removed.
  [[nodiscard]] std::uint64_t add_listener(runtime::WakeUp listener);
  void remove_listener(std::uint64_t number);
  void close();

 private:
  void notify_locked();
  mutable std::mutex mutex_;
  std::deque<ReplicaChunk> recent_;
  LedgerIndex end_;
  std::map<std::uint64_t, runtime::WakeUp> listeners_;
  std::uint64_t next_listener_ = 0;
};

}  // namespace crossline::server
