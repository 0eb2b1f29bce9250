// From any thread to one coroutine, bounded.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/runtime/task.hpp"

#include <cstddef>
#include <deque>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crossline::runtime {

// Wakes one coroutine. Notifications that come while nobody waits are kept as one.
// A handle: copies share one event. notify() is for any thread; one coroutine waits at a time.
class WakeUp {
 public:
  explicit WakeUp(Executor executor);
  void notify();
  [[nodiscard]] Task<> wait();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// A first-in first-out channel of at most `bound` units; an item weighs one unit unless told otherwise
// (a writer's queue weighs bytes). Any thread pushes; one coroutine pops.
template <class T>
class BoundedChannel {
 public:
  // `name` is what an operator reads when the channel is full. `executor` is the popping coroutine's.
  BoundedChannel(Executor executor, std::string name, std::size_t bound)
      : name_(std::move(name)), bound_(bound), wake_up_(std::move(executor)) {}
  BoundedChannel(const BoundedChannel&) = delete;
  BoundedChannel& operator=(const BoundedChannel&) = delete;

  // Never blocks. kBusy when the item does not fit (an empty channel takes any item), kUnavailable after
  // close(). `item` is moved from only on success.
  Result<void> try_push(T&& item, std::size_t weight = 1) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return fail(ErrorCode::kUnavailable, "{} is closed", name_);
      if (!items_.empty() && weight_ + weight > bound_) {
        return fail(ErrorCode::kBusy, "{} is full ({} of {})", name_, weight_, bound_);
      }
      items_.emplace_back(std::move(item), weight);
      weight_ += weight;
    }
    wake_up_.notify();
    return {};
  }

  // The oldest item, or nothing once the channel is closed and empty.
  [[nodiscard]] Task<std::optional<T>> pop() {
    for (;;) {
      {
        const std::lock_guard lock(mutex_);
        if (!items_.empty()) {
          auto [item, weight] = std::move(items_.front());
          items_.pop_front();
          weight_ -= weight;
          co_return std::optional<T>(std::move(item));
        }
        if (closed_) co_return std::nullopt;
      }
      co_await wake_up_.wait();
    }
  }

  // Everything queued, oldest first, at least one item; empty once the channel is closed and empty.
  [[nodiscard]] Task<std::vector<T>> pop_all() {
    for (;;) {
      {
        const std::lock_guard lock(mutex_);
        if (!items_.empty() || closed_) co_return take_all_locked();
      }
      co_await wake_up_.wait();
    }
  }

  // Refuses further items; what is queued can still be popped.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    wake_up_.notify();
  }

  // Units queued.
  [[nodiscard]] std::size_t weight() const {
    const std::lock_guard lock(mutex_);
    return weight_;
  }

 private:
  std::vector<T> take_all_locked() {
    std::vector<T> all;
    all.reserve(items_.size());
    for (auto& entry : items_) all.push_back(std::move(entry.first));
    items_.clear();
    weight_ = 0;
    return all;
  }

  const std::string name_;
  const std::size_t bound_;
  mutable std::mutex mutex_;
  std::deque<std::pair<T, std::size_t>> items_;
  std::size_t weight_ = 0;
  bool closed_ = false;
  WakeUp wake_up_;
};

}  // namespace crossline::runtime
