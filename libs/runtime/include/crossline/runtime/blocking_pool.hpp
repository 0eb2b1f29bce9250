// Threads for calls that block: SQL, password hashing, file reads. I/O threads never wait for them.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/runtime/channel.hpp"
#include "crossline/runtime/task.hpp"

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace crossline::runtime {

namespace detail {
template <class T>
struct ResultOf {
  using Type = Result<T>;
};
template <class T>
struct ResultOf<Result<T>> {
  using Type = Result<T>;
};
}  // namespace detail

// `threads` threads and a queue of at most `max_queued` jobs. With one thread, jobs run in the order they
// came. The destructor drops the jobs not yet started and joins.
class BlockingPool {
 public:
  BlockingPool(std::string name, std::size_t threads, std::size_t max_queued);
  ~BlockingPool();
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  // Runs `job` on a pool thread and resumes the caller on its own executor with what it returned (a plain T
  // comes as Result<T>). kBusy when the queue is full, kUnavailable when the pool is going away; an exception
  // of the job comes out of here. When the caller is cancelled, a job that has not started is dropped and one
  // that runs is left to finish by itself: `job` owns all it touches.
  template <class Job>
  [[nodiscard]] Task<typename detail::ResultOf<std::invoke_result_t<Job&>>::Type> run(Job job);

 private:
  // The pool's side of a job; exactly one of the two is called, once.
  struct Work {
    virtual ~Work() = default;
    virtual void execute() = 0;
    virtual void drop() = 0;
  };
  template <class Job, class R>
  struct JobWork;

  Result<void> try_enqueue(std::shared_ptr<Work> work);

  struct State;
  std::unique_ptr<State> state_;
};

template <class Job, class R>
struct BlockingPool::JobWork final : Work {
  JobWork(Job job_in, Executor executor) : job(std::move(job_in)), done(std::move(executor)) {}

  void execute() override {
    if (!abandoned.load()) {
      try {
        if constexpr (std::is_void_v<std::invoke_result_t<Job&>>) {
          (*job)();
          result.emplace();
        } else {
          result.emplace((*job)());
        }
      } catch (...) {
        thrown = std::current_exception();
      }
    }
    job.reset();  // what it captured goes before the caller resumes
    done.notify();
  }
  void drop() override {
    job.reset();
    done.notify();
  }

  std::optional<Job> job;
  std::atomic<bool> abandoned = false;
  std::optional<R> result;
  std::exception_ptr thrown;
  WakeUp done;
};

template <class Job>
Task<typename detail::ResultOf<std::invoke_result_t<Job&>>::Type> BlockingPool::run(Job job) {
  using R = typename detail::ResultOf<std::invoke_result_t<Job&>>::Type;
  struct Abandon {
    std::shared_ptr<JobWork<Job, R>> work;
    ~Abandon() { work->abandoned = true; }
  };
  const Abandon caller{
      std::make_shared<JobWork<Job, R>>(std::move(job), co_await boost::asio::this_coro::executor)};
  CROSSLINE_CO_CHECK_OK(try_enqueue(caller.work));
  co_await caller.work->done.wait();
  if (caller.work->thrown) std::rethrow_exception(caller.work->thrown);
  if (!caller.work->result) co_return fail(ErrorCode::kUnavailable, "the worker threads are stopping");
  co_return *std::move(caller.work->result);
}

}  // namespace crossline::runtime
