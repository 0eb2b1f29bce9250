// Virtual time: what happens when, in one order that depends on nothing but the seed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace crossline::simulation {

// A queue of actions by virtual millisecond; those of one millisecond run in the order they were scheduled.
class Timeline {
 public:
  using Action = std::function<void()>;

  [[nodiscard]] std::uint64_t now_ms() const { return now_ms_; }
  void at(std::uint64_t ms, Action action) {
    queue_.emplace(std::pair(ms < now_ms_ ? now_ms_ : ms, sequence_++), std::move(action));
  }
  void after(std::uint64_t delay_ms, Action action) { at(now_ms_ + delay_ms, std::move(action)); }

  // Runs the next action; false when there is none.
  bool step() {
    if (queue_.empty()) return false;
    auto node = queue_.extract(queue_.begin());
    now_ms_ = node.key().first;
    node.mapped()();
    return true;
  }

 private:
  std::map<std::pair<std::uint64_t, std::uint64_t>, Action> queue_;
  std::uint64_t now_ms_ = 0;
  std::uint64_t sequence_ = 0;
};

}  // namespace crossline::simulation
