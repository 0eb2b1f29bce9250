#include "crossline/runtime/blocking_pool.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/runtime/channel.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace crossline::runtime {

struct BlockingPool::State {
  struct Entry {
    std::shared_ptr<Work> work;
    WakeUp done;
  };

  State(std::string pool_name, std::size_t count, std::size_t max)
      : name(std::move(pool_name)), max_queued(max) {
    threads.reserve(count);
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { work_until_stopped(); });
  }

  ~State() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    not_empty.notify_all();
    threads.clear();  // joins
    for (auto& entry : queue) {
      entry.work->drop();
      entry.done.notify();
    }
  }

  Result<void> try_enqueue(Entry entry) {
    {
      const std::lock_guard lock(mutex);
      if (queue.size() >= max_queued) {
        return fail(ErrorCode::kBusy, "{}: {} jobs are waiting already", name, max_queued);
      }
      queue.push_back(std::move(entry));
    }
    not_empty.notify_one();
    return {};
  }

  void work_until_stopped() {
    for (;;) {
      std::unique_lock lock(mutex);
      not_empty.wait(lock, [this] { return stopping || !queue.empty(); });
      if (stopping) return;
      Entry entry = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      entry.work->abandoned ? entry.work->drop() : entry.work->execute();
      entry.done.notify();
    }
  }

  const std::string name;
  const std::size_t max_queued;
  std::mutex mutex;
  std::condition_variable not_empty;
  std::deque<Entry> queue;
  bool stopping = false;
  std::vector<std::jthread> threads;
};

BlockingPool::BlockingPool(std::string name, std::size_t threads, std::size_t max_queued) {
  CROSSLINE_ASSERT(threads > 0);
  state_ = std::make_unique<State>(std::move(name), threads, max_queued);
}

BlockingPool::~BlockingPool() = default;

Task<Result<void>> BlockingPool::await_work(std::shared_ptr<Work> work) {
  struct AbandonOnExit {
    std::shared_ptr<Work> work;
    ~AbandonOnExit() { work->abandoned = true; }
  };
  WakeUp done(co_await boost::asio::this_coro::executor);
  const AbandonOnExit abandon_on_exit{work};
  CROSSLINE_CO_CHECK_OK(state_->try_enqueue({std::move(work), done}));
  co_await done.wait();
  co_return Result<void>();
}

}  // namespace crossline::runtime
