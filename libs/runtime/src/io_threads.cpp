#include "crossline/runtime/io_threads.hpp"

#include "crossline/base/assert.hpp"

#include <csignal>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

namespace crossline::runtime {
namespace asio = boost::asio;

struct IoThreads::State {
  explicit State(std::size_t count) : context(static_cast<int>(count)), work(context.get_executor()) {
    threads.reserve(count);
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { context.run(); });
  }
  ~State() { context.stop(); }

  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::vector<std::jthread> threads;  // last: joined before the context goes
};

IoThreads::IoThreads(std::size_t threads) {
  CROSSLINE_ASSERT(threads > 0);
  std::signal(SIGPIPE, SIG_IGN);
  state_ = std::make_unique<State>(threads);
}

IoThreads::~IoThreads() = default;

Executor IoThreads::executor() const {
  return state_->context.get_executor();
}

Executor IoThreads::new_strand() const {
  return asio::make_strand(state_->context);
}

void IoThreads::run(Task<> task) {
  std::promise<void> ended;
  asio::co_spawn(new_strand(), std::move(task), [&ended](const std::exception_ptr& thrown) {
    thrown ? ended.set_exception(thrown) : ended.set_value();
  });
  ended.get_future().get();
}

Executor make_strand_of(const Executor& executor) {
  auto& context = asio::query(executor, asio::execution::context);
  return asio::make_strand(static_cast<asio::io_context&>(context));
}

}  // namespace crossline::runtime
