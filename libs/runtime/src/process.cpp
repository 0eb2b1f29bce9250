#include "crossline/runtime/process.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <systemd/sd-daemon.h>

namespace crossline::runtime {
namespace asio = boost::asio;

struct Signals::State {
  explicit State(Executor executor) : set(std::move(executor)) {}
  asio::signal_set set;
};

Signals::Signals(Executor executor, std::vector<int> numbers)
    : state_(std::make_unique<State>(std::move(executor))) {
  for (const int number : numbers) state_->set.add(number);
}

Signals::~Signals() = default;

Task<int> Signals::next() {
  co_return co_await state_->set.async_wait(asio::use_awaitable);
}

void notify_ready() {
  ::sd_notify(0, "READY=1");
}

void notify_stopping() {
  ::sd_notify(0, "STOPPING=1");
}

void notify_status(std::string_view status) {
  ::sd_notify(0, fmt::format("STATUS={}", status).c_str());
}

void notify_starting(std::uint64_t wait_ms) {
  ::sd_notify(0, fmt::format("EXTEND_TIMEOUT_USEC={}", wait_ms * 1'000).c_str());
}

}  // namespace crossline::runtime
