#include "crossline/runtime/timeout.hpp"

namespace crossline::runtime {

Task<> sleep_for(std::uint64_t ms) {
  co_await sleep_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(ms));
}

Task<> sleep_until(std::chrono::steady_clock::time_point time) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace crossline::runtime
