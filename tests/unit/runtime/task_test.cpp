#include "crossline/runtime/task.hpp"

#include "crossline/runtime/channel.hpp"
#include "crossline/runtime/timeout.hpp"
#include "tests/support/net.hpp"

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::runtime {
namespace {

// Counts the tasks alive, so that a test sees that none is left.
class Alive {
 public:
  explicit Alive(std::shared_ptr<std::atomic<int>> count) : count_(std::move(count)) { ++*count_; }
  Alive(Alive&& other) noexcept = default;
  ~Alive() {
    if (count_) --*count_;
  }

 private:
  std::shared_ptr<std::atomic<int>> count_;
};

Task<> wait_for_ever(Alive) {
  co_await WakeUp(co_await boost::asio::this_coro::executor).wait();
}
Task<> wait_for(WakeUp wake_up) {
  co_await wake_up.wait();
}
Task<> throw_after_a_moment() {
  co_await sleep_for(0);
  throw std::runtime_error("broken");
}

class TaskGroupTest : public ::testing::Test {
 protected:
  LogFn log() {
    return [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      lines_.emplace_back(line);
    };
  }

  std::mutex mutex_;
  std::vector<std::string> lines_;
  std::shared_ptr<std::atomic<int>> alive_ = std::make_shared<std::atomic<int>>(0);
  IoThreads io_{2};
};

TEST_F(TaskGroupTest, ShutdownCancelsAndAwaitsEveryTask) {
  TaskGroup group(64, log());
  for (int i = 0; i < 64; ++i) {
    ASSERT_TRUE(group.spawn(io_.new_strand(), "waiter", wait_for_ever(Alive(alive_))));
  }
  io_.run(group.shutdown());
  EXPECT_EQ(*alive_, 0);
  EXPECT_EQ(group.size(), 0u);
  EXPECT_TRUE(lines_.empty()) << lines_.front();
}

TEST_F(TaskGroupTest, RefusesMoreThanItsBound) {
  TaskGroup group(1, log());
  ASSERT_TRUE(group.spawn(io_.new_strand(), "first", wait_for_ever(Alive(alive_))));
  EXPECT_EQ(group.spawn(io_.new_strand(), "second", wait_for_ever(Alive(alive_))).error().code,
            ErrorCode::kBusy);
  EXPECT_EQ(*alive_, 1);  // the refused task is gone
  io_.run(group.shutdown());
}

TEST_F(TaskGroupTest, RefusesAfterShutdown) {
  TaskGroup group(1, log());
  io_.run(group.shutdown());
  EXPECT_EQ(group.spawn(io_.new_strand(), "late", wait_for_ever(Alive(alive_))).error().code,
            ErrorCode::kUnavailable);
}

TEST_F(TaskGroupTest, LogsAFailedTaskAndGoesOn) {
  TaskGroup group(2, log());
  ASSERT_TRUE(group.spawn(io_.new_strand(), "session", throw_after_a_moment()));
  io_.run(group.join());
  EXPECT_EQ(lines_, std::vector<std::string>{"session: broken"});
  EXPECT_TRUE(group.spawn(io_.new_strand(), "next", wait_for_ever(Alive(alive_))));
  io_.run(group.shutdown());
}

TEST_F(TaskGroupTest, GivesTasksTheirGraceToEnd) {
  TaskGroup group(2, log());
  WakeUp wake_up(io_.executor());
  ASSERT_TRUE(group.spawn(io_.new_strand(), "polite", wait_for(wake_up)));
  wake_up.notify();
  io_.run(group.shutdown(testing::kSoonMs));  // returns when the task has ended, long before the grace has
  EXPECT_EQ(group.size(), 0u);
}

Task<> shut_down_when_cancelled(TaskGroup inner) {
  try {
    WakeUp never(co_await boost::asio::this_coro::executor);
    co_await never.wait();
  } catch (const boost::system::system_error&) {
  }
  co_await ignore_cancellation();
  co_await inner.shutdown();
}

TEST_F(TaskGroupTest, ACancelledTaskShutsItsOwnGroupDown) {
  TaskGroup outer(1, log());
  TaskGroup inner(8, log());
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(inner.spawn(io_.new_strand(), "waiter", wait_for_ever(Alive(alive_))));
  }
  ASSERT_TRUE(outer.spawn(io_.new_strand(), "owner", shut_down_when_cancelled(inner)));
  io_.run(outer.shutdown());
  EXPECT_EQ(inner.size(), 0u);
  EXPECT_EQ(*alive_, 0);
}

TEST_F(TaskGroupTest, ManyTasksEndWhileTheGroupShutsDown) {
  TaskGroup group(500, log());
  std::vector<WakeUp> wake_ups;
  for (int i = 0; i < 500; ++i) {
    wake_ups.emplace_back(io_.executor());
    ASSERT_TRUE(group.spawn(io_.new_strand(), "racer", wait_for(wake_ups.back())));
  }
  std::jthread racer([&wake_ups] {
    for (auto& wake_up : wake_ups) wake_up.notify();
  });
  io_.run(group.shutdown());
  EXPECT_EQ(group.size(), 0u);
}

Task<Result<int>> answer_at_once() {
  co_return 42;
}
Task<Result<int>> answer_never(Alive) {
  WakeUp never(co_await boost::asio::this_coro::executor);
  co_await never.wait();
  co_return 0;
}
Task<Result<int>> fail_with_an_exception() {
  co_await sleep_for(0);
  throw std::runtime_error("broken");
}

TEST_F(TaskGroupTest, WithTimeoutReturnsTheAnswer) {
  EXPECT_EQ(testing::run(io_, with_timeout(answer_at_once(), testing::kSoonMs)).value(), 42);
}

TEST_F(TaskGroupTest, WithTimeoutEndsTheTaskThatIsLate) {
  const auto result = testing::run(io_, with_timeout(answer_never(Alive(alive_)), 5));
  EXPECT_EQ(result.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(*alive_, 0);
}

// As a read whose bytes came in the moment in which its time was over.
Task<Result<int>> answer_all_the_same() {
  co_await ignore_cancellation();
  co_await sleep_for(20);
  co_return 7;
}

TEST_F(TaskGroupTest, WithTimeoutLosesNothingThatWasDone) {
  const auto result = testing::run(io_, with_timeout(answer_all_the_same(), 1));
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, 7);
}

TEST_F(TaskGroupTest, WithTimeoutPassesOnAnException) {
  EXPECT_THROW(testing::run(io_, with_timeout(fail_with_an_exception(), testing::kSoonMs)),
               std::runtime_error);
}

}  // namespace
}  // namespace crossline::runtime
