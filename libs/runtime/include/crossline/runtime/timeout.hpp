// Waiting, and not waiting for ever.
#pragma once

#include "crossline/base/result.hpp"
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

// Runs `task` on the caller's executor, a strand. After `timeout_ms` the task is cancelled, awaited, and the
// answer is kTimeout. An exception of the task comes out of here. Streams take a Deadline themselves, which
// is cheaper: this is for whole conversations.
template <class T>
[[nodiscard]] Task<Result<T>> with_timeout(Task<Result<T>> task, std::uint64_t timeout_ms) {
  namespace asio = boost::asio;
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, std::chrono::milliseconds(timeout_ms));
  auto race = asio::experimental::make_parallel_group(
      asio::co_spawn(executor, std::move(task), asio::deferred), timer.async_wait(asio::deferred));
  auto [order, thrown, result, timer_error] =
      co_await race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  const bool timer_won = order[0] == 1;
  if (timer_won && !timer_error) co_return fail(ErrorCode::kTimeout, "no answer within {} ms", timeout_ms);
  if (thrown) std::rethrow_exception(thrown);
  co_return std::move(result);
}

}  // namespace crossline::runtime
