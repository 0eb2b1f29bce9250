// Waiting, and not waiting for ever.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/runtime/deadline.hpp"
#include "crossline/runtime/task.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace crossline::runtime {

// Resumes the caller after `ms`, on its executor.
[[nodiscard]] Task<> sleep_for(std::uint64_t ms);
// Not before `time`.
[[nodiscard]] Task<> sleep_until(std::chrono::steady_clock::time_point time);

// Runs `task` on the caller's executor, a strand. When the deadline passes the task is cancelled, awaited,
// and the answer is kTimeout, unless it had done its work by then: what was read would be lost. An exception
// of the task comes out of here. Streams take a Deadline themselves,
// which is cheaper: this is for whole conversations.
template <class T>
[[nodiscard]] Task<Result<T>> with_deadline(Task<Result<T>> task, Deadline deadline) {
  namespace asio = boost::asio;
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, deadline.time());
  auto race = asio::experimental::make_parallel_group(
      asio::co_spawn(executor, std::move(task), asio::deferred), timer.async_wait(asio::deferred));
  auto [order, thrown, result, timer_error] =
      co_await race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  if (order[0] == 1 && !timer_error && (thrown || !result))
    co_return fail(ErrorCode::kTimeout, "no answer in time");
  if (thrown) std::rethrow_exception(thrown);
  co_return std::move(result);
}

template <class T>
[[nodiscard]] Task<Result<T>> with_timeout(Task<Result<T>> task, std::uint64_t timeout_ms) {
  return with_deadline(std::move(task), Deadline::in_ms(timeout_ms));
}

}  // namespace crossline::runtime
