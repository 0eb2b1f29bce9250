#include "crossline/runtime/timeout.hpp"

namespace crossline::runtime {

Task<> sleep_for(std::uint64_t ms) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(ms));
  co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace crossline::runtime
