// Threads for calls that block: SQL, password hashing, file reads. I/O threads never wait for them.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/runtime/task.hpp"

#include <atomic>
#include <cstddef>
#include <exception>
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

  // Copies `job`, runs it on a pool thread and resumes the caller on its own executor with what it returned
  // (a plain T comes as Result<T>):
  //
  //   auto find = [store, subject] { return store->find(subject); };
  //   const auto person = co_await pool->run(find);
  //
  // kBusy when the queue is full, kUnavailable when the pool is going away; an exception of the job comes out
  // of here. When the caller is cancelled, a job that has not started is dropped and one that runs is left to
  // finish by itself: `job` owns all it touches, or its owner declares the pool last, so that it ends first.
  // The job must have a name, see "temporaries" in task.hpp.
  template <class Job>
  [[nodiscard]] auto run(Job& job) {
    using R = typename detail::ResultOf<std::invoke_result_t<Job&>>::Type;
    return await_job(std::make_shared<JobWork<std::remove_const_t<Job>, R>>(job));
  }
  template <class Job>
  void run(const Job&& temporary) = delete;

 private:
  // The pool's side of a job; execute() or drop() is called once.
  struct Work {
    virtual ~Work() = default;
    virtual void execute() = 0;
    virtual void drop() = 0;
    std::atomic<bool> abandoned = false;
  };
  template <class Job, class R>
  struct JobWork;

  template <class Job, class R>
  [[nodiscard]] Task<R> await_job(std::shared_ptr<JobWork<Job, R>> work);
  // Queues `work`, waits until it was executed or dropped; abandons it when the caller is cancelled.
  [[nodiscard]] Task<Result<void>> await_work(std::shared_ptr<Work> work);

  struct State;
  std::unique_ptr<State> state_;
};

template <class Job, class R>
struct BlockingPool::JobWork final : Work {
  explicit JobWork(const Job& job_in) : job(job_in) {}

  // What the job captured goes before the caller resumes.
  void drop() override { job.reset(); }
  void execute() override {
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
    job.reset();
  }

  std::optional<Job> job;
  std::optional<R> result;
  std::exception_ptr thrown;
};

template <class Job, class R>
Task<R> BlockingPool::await_job(std::shared_ptr<JobWork<Job, R>> work) {
  CROSSLINE_CO_CHECK_OK(co_await await_work(work));
  if (work->thrown) std::rethrow_exception(work->thrown);
  if (!work->result) co_return fail(ErrorCode::kUnavailable, "the worker threads are stopping");
  co_return *std::move(work->result);
}

}  // namespace crossline::runtime
