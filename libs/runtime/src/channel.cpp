#include "crossline/runtime/channel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace crossline::runtime {
namespace asio = boost::asio;

struct WakeUp::State {
  explicit State(Executor executor) : tokens(std::move(executor), 1) {}
  asio::experimental::concurrent_channel<Executor, void(boost::system::error_code)> tokens;
};

WakeUp::WakeUp(Executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

void WakeUp::notify() {
  state_->tokens.try_send(boost::system::error_code());
}

Task<> WakeUp::wait() {
  const auto state = state_;
  const auto [error] = co_await state->tokens.async_receive(asio::as_tuple(asio::use_awaitable));
  if (error)
    throw boost::system::system_error(asio::error::operation_aborted, "wait");  // one word for cancelled
}

}  // namespace crossline::runtime
