#include "crossline/runtime/task.hpp"

#include "crossline/runtime/channel.hpp"
#include "crossline/runtime/timeout.hpp"

#include <exception>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

namespace crossline::runtime {
namespace asio = boost::asio;

namespace {

// What the log shall say of a task that ended with an exception; nothing for a cancelled one.
std::string describe(const std::string& name, const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) return {};
    return fmt::format("{}: {}", name, error.what());
  } catch (const std::exception& error) {
    return fmt::format("{}: {}", name, error.what());
  } catch (...) {
    return fmt::format("{}: unknown exception", name);
  }
}

Task<Result<void>> wait_for(WakeUp wake_up) {
  co_await wake_up.wait();
  co_return Result<void>();
}

}  // namespace

struct TaskGroup::State : std::enable_shared_from_this<TaskGroup::State> {
  // The signal is touched on the task's executor only.
  struct Child {
    Executor executor;
    std::string name;
    asio::cancellation_signal cancel;
  };

  State(std::size_t max, LogFn log_fn) : max_tasks(max), log(std::move(log_fn)) {}

  void start(std::uint64_t id, const std::shared_ptr<Child>& child, Task<> task) {
    asio::co_spawn(
        child->executor, std::move(task),
        asio::bind_cancellation_slot(
            child->cancel.slot(), [self = shared_from_this(), id, child](const std::exception_ptr& thrown) {
              if (const std::string line = thrown ? describe(child->name, thrown) : ""; !line.empty()) {
                self->log(line);
              }
              self->ended(id);
            }));
  }

  void ended(std::uint64_t id) {
    std::vector<WakeUp> woken;
    {
      const std::lock_guard lock(mutex);
      children.erase(id);
      if (children.empty()) woken.swap(waiting);
    }
    for (auto& waiter : woken) waiter.notify();
  }

  // Registers `waiter` to be woken when the last task ends; false when none is running.
  bool wait_for_last(const WakeUp& waiter) {
    const std::lock_guard lock(mutex);
    if (children.empty()) return false;
    waiting.push_back(waiter);
    return true;
  }

  void cancel_all() {
    const std::lock_guard lock(mutex);
    for (auto& [id, child] : children) {
      asio::post(child->executor, [child = child] { child->cancel.emit(asio::cancellation_type::terminal); });
    }
  }

  const std::size_t max_tasks;
  const LogFn log;
  mutable std::mutex mutex;
  std::map<std::uint64_t, std::shared_ptr<Child>> children;
  std::vector<WakeUp> waiting;
  std::uint64_t next_id = 0;
  bool closing = false;
};

TaskGroup::TaskGroup(std::size_t max_tasks, LogFn log)
    : state_(std::make_shared<State>(max_tasks, std::move(log))) {}

Result<void> TaskGroup::spawn(Executor executor, std::string name, Task<> task) {
  const std::lock_guard lock(state_->mutex);
  if (state_->closing) return fail(ErrorCode::kUnavailable, "{}: shutting down", name);
  if (state_->children.size() >= state_->max_tasks) {
    return fail(ErrorCode::kBusy, "{}: {} tasks are running already", name, state_->max_tasks);
  }
  auto child = std::make_shared<State::Child>(std::move(executor), std::move(name));
  const std::uint64_t id = state_->next_id++;
  state_->children.emplace(id, child);
  // Posted, so that start and cancel meet the signal on the task's executor, in this order.
  asio::post(child->executor, [state = state_, id, child, task = std::move(task)]() mutable {
    state->start(id, child, std::move(task));
  });
  return {};
}

Task<> TaskGroup::join() {
  const auto state = state_;
  WakeUp last(co_await asio::this_coro::executor);
  while (state->wait_for_last(last)) co_await last.wait();
}

Task<> TaskGroup::shutdown(std::uint64_t grace_ms) {
  const auto state = state_;
  co_await ignore_cancellation();
  {
    const std::lock_guard lock(state->mutex);
    state->closing = true;
  }
  WakeUp last(co_await asio::this_coro::executor);
  if (grace_ms > 0 && state->wait_for_last(last)) {
    (void)co_await with_timeout(wait_for(last), grace_ms);
  }
  state->cancel_all();
  while (state->wait_for_last(last)) co_await last.wait();
}

std::size_t TaskGroup::size() const {
  const std::lock_guard lock(state_->mutex);
  return state_->children.size();
}

std::size_t TaskGroup::max_tasks() const {
  return state_->max_tasks;
}

}  // namespace crossline::runtime
