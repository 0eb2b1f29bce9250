#include "crossline/runtime/blocking_pool.hpp"

#include "crossline/runtime/timeout.hpp"
#include "tests/support/net.hpp"

#include <latch>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace crossline::runtime {
namespace {

using Pool = std::shared_ptr<BlockingPool>;

Pool pool_of(std::size_t threads, std::size_t max_queued) {
  return std::make_shared<BlockingPool>("worker threads", threads, max_queued);
}

Task<> compare_threads(Pool pool, Executor executor) {
  const auto ask = [] { return std::this_thread::get_id(); };
  const auto pool_thread = co_await pool->run(ask);
  EXPECT_NE(pool_thread.value(), std::this_thread::get_id());
  EXPECT_EQ(co_await boost::asio::this_coro::executor, executor);
}

TEST(BlockingPool, RunsTheJobElsewhereAndResumesHere) {
  IoThreads io(1);
  const Executor strand = io.new_strand();
  TaskGroup group(1, [](std::string_view line) { ADD_FAILURE() << line; });
  ASSERT_TRUE(group.spawn(strand, "caller", compare_threads(pool_of(1, 4), strand)));
  io.run(group.join());
}

Task<> pass_results(Pool pool) {
  const auto succeed = [] { return std::string("value"); };
  const Result<std::string> plain = co_await pool->run(succeed);
  EXPECT_EQ(plain.value(), "value");
  const auto fail_to_find = []() -> Result<int> { return fail(ErrorCode::kNotFound, "no such row"); };
  const Result<int> failed = co_await pool->run(fail_to_find);
  EXPECT_EQ(failed.error().message, "no such row");
  const auto do_nothing = [] {};
  const Result<void> nothing = co_await pool->run(do_nothing);
  EXPECT_TRUE(nothing.has_value());
}

TEST(BlockingPool, PassesOnWhatTheJobReturns) {
  IoThreads io(1);
  io.run(pass_results(pool_of(2, 4)));
}

Task<> throw_in_pool(Pool pool) {
  const auto broken = []() -> int { throw std::runtime_error("broken"); };
  (void)co_await pool->run(broken);
}

TEST(BlockingPool, PassesOnWhatTheJobThrows) {
  IoThreads io(1);
  EXPECT_THROW(io.run(throw_in_pool(pool_of(1, 4))), std::runtime_error);
}

// Holds the only pool thread until released, so that what follows has to queue.
struct Gate {
  std::latch entered{1};
  std::latch released{1};
};
Task<> occupy(Pool pool, std::shared_ptr<Gate> gate) {
  const auto hold = [gate] {
    gate->entered.count_down();
    gate->released.wait();
  };
  (void)co_await pool->run(hold);
}

Task<Result<int>> run_counting(Pool pool, std::shared_ptr<std::atomic<int>> runs) {
  const auto count = [runs] { return ++*runs; };
  co_return co_await pool->run(count);
}

class BlockingPoolQueueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(group_.spawn(io_.new_strand(), "occupant", occupy(pool_, gate_)));
    gate_->entered.wait();
  }
  void TearDown() override {
    gate_->released.count_down();
    io_.run(group_.join());
  }

  IoThreads io_{1};
  Pool pool_ = pool_of(1, 1);
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  std::shared_ptr<std::atomic<int>> runs_ = std::make_shared<std::atomic<int>>(0);
  TaskGroup group_{8, [](std::string_view line) { ADD_FAILURE() << line; }};
};

TEST_F(BlockingPoolQueueTest, RefusesWhenTheQueueIsFull) {
  ASSERT_EQ(testing::run(io_, with_timeout(run_counting(pool_, runs_), 1)).error().code, ErrorCode::kTimeout);
  const auto refused =
      testing::run(io_, run_counting(pool_, runs_));  // the abandoned job still holds its place
  EXPECT_EQ(refused.error().code, ErrorCode::kBusy);
  EXPECT_EQ(refused.error().message, "worker threads: 1 jobs are waiting already");
}

TEST_F(BlockingPoolQueueTest, DropsAQueuedJobWhoseCallerIsCancelled) {
  EXPECT_EQ(testing::run(io_, with_timeout(run_counting(pool_, runs_), 1)).error().code, ErrorCode::kTimeout);
  gate_->released.count_down();
  gate_ = std::make_shared<Gate>();  // for TearDown
  while (!testing::run(io_, run_counting(pool_, std::make_shared<std::atomic<int>>(0))))
    std::this_thread::yield();
  EXPECT_EQ(*runs_, 0);
}

TEST(BlockingPool, LeavesARunningJobOfACancelledCallerToFinish) {
  IoThreads io(1);
  const auto gate = std::make_shared<Gate>();
  const auto pool = pool_of(1, 1);
  TaskGroup group(1, [](std::string_view line) { ADD_FAILURE() << line; });
  ASSERT_TRUE(group.spawn(io.new_strand(), "caller", occupy(pool, gate)));
  gate->entered.wait();
  io.run(group.shutdown());  // ends although the job has not
  gate->released.count_down();
}

}  // namespace
}  // namespace crossline::runtime
