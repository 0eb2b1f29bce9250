// From coroutines to one worker thread, bounded, with back-pressure.
#pragma once

#include "crossline/base/assert.hpp"
#include "crossline/base/result.hpp"
#include "crossline/runtime/channel.hpp"
#include "crossline/runtime/task.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace crossline::runtime {

// One lane of a BoundedQueue: a name for the operator and the units it may hold.
struct QueueLane {
  std::string name;
  std::size_t bound = 0;
};

// A queue with one or more lanes, the most urgent first. Coroutines push, waiting for space when a lane is
// full, so that an I/O thread stops reading its socket and TCP carries the pressure to the sender. One worker
// thread takes whatever is there: the batch is what queued while it worked on the last one.
//
// Within a lane the order is kept. A producer that must keep its own order stays in one lane, or waits until
// its items in the other have been taken.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::vector<QueueLane> lanes) {
    CROSSLINE_ASSERT(!lanes.empty());
    for (auto& lane : lanes) lanes_.emplace_back(std::move(lane));
  }
  BoundedQueue(const BoundedQueue&) = delete;
  BoundedQueue& operator=(const BoundedQueue&) = delete;

  // Never blocks; any thread. kBusy when `weight` units do not fit (an empty lane takes any item),
  // kUnavailable after close(). `item` is moved from only on success.
  Result<void> try_push(T&& item, std::size_t weight = 1, std::size_t lane = 0) {
    {
      const std::lock_guard lock(mutex_);
      Lane& target = lanes_.at(lane);
      if (closed_) return fail(ErrorCode::kUnavailable, "{} is closed", target.name);
      if (!target.has_room(weight)) {
        return fail(ErrorCode::kBusy, "{} is full ({} of {})", target.name, target.weight, target.bound);
      }
      target.put(std::move(item), weight);
    }
    not_empty_.notify_one();
    return {};
  }

  // Waits for space. Fails only with kUnavailable, after close().
  [[nodiscard]] Task<Result<void>> push(T item, std::size_t weight = 1, std::size_t lane = 0) {
    std::unique_ptr<WakeUp> space;
    for (;;) {
      auto pushed = try_push(std::move(item), weight, lane);
      if (pushed || pushed.error().code != ErrorCode::kBusy) co_return pushed;
      if (!space) space = std::make_unique<WakeUp>(co_await boost::asio::this_coro::executor);
      if (wait_for_room(*space, weight, lane)) co_await space->wait();
    }
  }

  // Blocks the worker until something is queued, then returns at most `max_weight` units (at least one item),
  // urgent lanes first. Empty once the queue is closed and drained.
  std::vector<T> take(std::size_t max_weight) {
    std::vector<T> taken;
    std::vector<WakeUp> woken;
    {
      std::unique_lock lock(mutex_);
      not_empty_.wait(lock, [this] { return closed_ || !empty_locked(); });
      std::size_t room = max_weight;
      for (Lane& lane : lanes_) {
        lane.take(taken, room);
        for (auto& waiter : lane.waiters) woken.push_back(std::move(waiter));
        lane.waiters.clear();
      }
    }
    for (auto& waiter : woken) waiter.notify();
    return taken;
  }
  std::vector<T> take_all() { return take(static_cast<std::size_t>(-1)); }

  // Refuses further items and wakes everybody; what is queued can still be taken.
  void close() {
    std::vector<WakeUp> woken;
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      for (Lane& lane : lanes_) {
        for (auto& waiter : lane.waiters) woken.push_back(std::move(waiter));
        lane.waiters.clear();
      }
    }
    not_empty_.notify_all();
    for (auto& waiter : woken) waiter.notify();
  }

  // Units queued in a lane.
  [[nodiscard]] std::size_t weight(std::size_t lane = 0) const {
    const std::lock_guard lock(mutex_);
    return lanes_.at(lane).weight;
  }

 private:
  struct Lane {
    explicit Lane(QueueLane lane) : name(std::move(lane.name)), bound(lane.bound) {}

    [[nodiscard]] bool has_room(std::size_t more) const { return items.empty() || weight + more <= bound; }
    void put(T&& item, std::size_t item_weight) {
      items.emplace_back(std::move(item), item_weight);
      weight += item_weight;
    }
    // Moves items to `taken` while they fit in `room`; the first item of all always fits.
    void take(std::vector<T>& taken, std::size_t& room) {
      while (!items.empty() && (taken.empty() || items.front().second <= room)) {
        const std::size_t item_weight = items.front().second;
        taken.push_back(std::move(items.front().first));
        items.pop_front();
        weight -= item_weight;
        room -= std::min(room, item_weight);
      }
    }

    std::string name;
    std::size_t bound;
    std::deque<std::pair<T, std::size_t>> items;
    std::size_t weight = 0;
    std::vector<WakeUp> waiters;
  };

  [[nodiscard]] bool empty_locked() const {
    for (const Lane& lane : lanes_) {
      if (!lane.items.empty()) return false;
    }
    return true;
  }

  // Registers `space` to be woken by the next take; false when there is room by now.
  bool wait_for_room(const WakeUp& space, std::size_t weight, std::size_t lane) {
    const std::lock_guard lock(mutex_);
    Lane& target = lanes_.at(lane);
    if (closed_ || target.has_room(weight)) return false;
    target.waiters.push_back(space);
    return true;
  }

  mutable std::mutex mutex_;
  std::condition_variable not_empty_;
  std::deque<Lane> lanes_;
  bool closed_ = false;
};

}  // namespace crossline::runtime
