// Coroutines and their owner. Every coroutine has a parent that awaits it: there is no `detached`.
//
// Rules that keep them safe (docs/decisions/0007-coroutines-are-shells.md says why):
//  - Parameters by value or shared_ptr; no capturing lambda coroutine; no lock held over co_await.
//  - Another executor is reached only through BoundedChannel, BoundedQueue or BlockingPool.
//  - No lambda with captures and no braced aggregate (`Options{...}`) as a temporary in an awaited
//    expression: g++ 12 destroys it twice. Give it a name first. What a constructor made is fine.
#pragma once

#include "crossline/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

namespace crossline::runtime {

// A coroutine. It starts suspended and runs on the executor of whoever awaits it. It is cancelled by an
// exception (boost::system::system_error, operation_aborted) out of its next co_await.
template <class T = void>
using Task = boost::asio::awaitable<T>;

// Where coroutines run. Every connection has a strand of its own, so that what belongs to it needs no lock.
using Executor = boost::asio::any_io_executor;

// Takes one line for the operator: what failed and why, without personal data. Called on any thread.
using LogFn = std::function<void(std::string_view line)>;

// `co_await ignore_cancellation();` lets a task that has been cancelled go on awaiting, for its clean-up:
// from here on it cannot be cancelled.
[[nodiscard]] inline auto ignore_cancellation() {
  return boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
}

// A bounded set of running tasks with one owner, who ends them with shutdown() before it goes away.
//
// A handle: copies share one group. Thread-safe. A task that ends with an exception other than cancellation
// ends alone; its name and the exception's text go to the log callback, which is the one catch per session.
class TaskGroup {
 public:
  // At most `max_tasks` run at once.
  TaskGroup(std::size_t max_tasks, LogFn log);

  // Starts `task` on `executor`, which is a strand (or a context run by one thread).
  // kBusy when full, kUnavailable after shutdown began; the task is then destroyed unstarted.
  Result<void> spawn(Executor executor, std::string name, Task<> task);

  // Waits until every task has ended by itself, without refusing new ones.
  [[nodiscard]] Task<> join();

  // Refuses new tasks, gives the running ones `grace_ms` to end by themselves, cancels the rest and waits
  // until the last one has ended. Cannot be cancelled; in a task that has been, first ignore_cancellation().
  // May be called again.
  [[nodiscard]] Task<> shutdown(std::uint64_t grace_ms = 0);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t max_tasks() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace crossline::runtime

// CROSSLINE_TRY and CROSSLINE_CHECK_OK for coroutines that return a Task<Result<T>>.
#define CROSSLINE_CO_TRY(declaration, expression) \
  CROSSLINE_CO_TRY_IMPL(CROSSLINE_CONCAT(crossline_try_, __LINE__), declaration, expression)
#define CROSSLINE_CO_TRY_IMPL(result, declaration, expression)       \
  auto result = (expression);                                        \
  if (!result) co_return std::unexpected(std::move(result).error()); \
  declaration = *std::move(result)
#define CROSSLINE_CO_CHECK_OK(expression) \
  CROSSLINE_CO_CHECK_OK_IMPL(CROSSLINE_CONCAT(crossline_try_, __LINE__), expression)
#define CROSSLINE_CO_CHECK_OK_IMPL(result, expression) \
  if (auto result = (expression); !result) co_return std::unexpected(std::move(result).error())
