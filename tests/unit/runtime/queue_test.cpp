#include "crossline/runtime/queue.hpp"

#include "tests/support/net.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::runtime {
namespace {

TEST(BoundedQueue, TakesAllThatQueuedInOrder) {
  BoundedQueue<int> queue({{"numbers", 10}});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(queue.try_push(int{i}));
  EXPECT_EQ(queue.take_all(), (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(queue.weight(), 0u);
}

TEST(BoundedQueue, RefusesAboveItsBoundAndNamesIt) {
  BoundedQueue<std::unique_ptr<int>> queue({{"submissions waiting for the sequencer", 3}});
  ASSERT_TRUE(queue.try_push(std::make_unique<int>(1), 2));
  auto item = std::make_unique<int>(2);
  const auto refused = queue.try_push(std::move(item), 2);
  EXPECT_EQ(refused.error().code, ErrorCode::kBusy);
  EXPECT_EQ(refused.error().message, "submissions waiting for the sequencer is full (2 of 3)");
  EXPECT_NE(item, nullptr);
  EXPECT_TRUE(queue.try_push(std::move(item), 1));
}

TEST(BoundedQueue, AnEmptyLaneTakesAnItemAboveItsBound) {
  BoundedQueue<int> queue({{"numbers", 3}});
  EXPECT_TRUE(queue.try_push(1, 100));
  EXPECT_FALSE(queue.try_push(2, 1));
}

TEST(BoundedQueue, UrgentLanesGoFirst) {
  BoundedQueue<int> queue({{"live", 10}, {"backlog", 10}});
  ASSERT_TRUE(queue.try_push(10, 1, 1));
  ASSERT_TRUE(queue.try_push(11, 1, 1));
  ASSERT_TRUE(queue.try_push(1, 1, 0));
  EXPECT_EQ(queue.take(2), (std::vector<int>{1, 10}));
  EXPECT_EQ(queue.take(2), (std::vector<int>{11}));
}

TEST(BoundedQueue, TakesAtLeastOneItemHoweverHeavy) {
  BoundedQueue<int> queue({{"numbers", 100}});
  ASSERT_TRUE(queue.try_push(1, 50));
  ASSERT_TRUE(queue.try_push(2, 1));
  EXPECT_EQ(queue.take(10), std::vector<int>{1});
  EXPECT_EQ(queue.take(10), std::vector<int>{2});
}

TEST(BoundedQueue, CloseLetsTheWorkerDrainAndEnd) {
  BoundedQueue<int> queue({{"numbers", 10}});
  ASSERT_TRUE(queue.try_push(1));
  queue.close();
  EXPECT_EQ(queue.try_push(2).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(queue.take_all(), std::vector<int>{1});
  EXPECT_TRUE(queue.take_all().empty());
}

using Numbers = std::shared_ptr<BoundedQueue<int>>;

Task<> push_numbers(Numbers queue, int first, int count) {
  for (int i = 0; i < count; ++i) {
    const auto pushed = co_await queue->push(first + i);
    EXPECT_TRUE(pushed.has_value());
  }
}

TEST(BoundedQueue, ProducersWaitForSpaceAndLoseNothing) {
  constexpr int kProducers = 8;
  constexpr int kEach = 2'000;
  IoThreads io(2);
  const auto queue = std::make_shared<BoundedQueue<int>>(std::vector<QueueLane>{{"numbers", 16}});
  TaskGroup group(kProducers, [](std::string_view line) { ADD_FAILURE() << line; });
  std::vector<int> taken;
  std::jthread worker([&taken, queue] {
    for (auto batch = queue->take_all(); !batch.empty(); batch = queue->take_all()) {
      EXPECT_LE(batch.size(), 16u);
      taken.insert(taken.end(), batch.begin(), batch.end());
    }
  });
  for (int i = 0; i < kProducers; ++i) {
    ASSERT_TRUE(group.spawn(io.new_strand(), "producer", push_numbers(queue, i * kEach, kEach)));
  }
  io.run(group.join());
  queue->close();
  worker.join();

  std::vector<int> expected(kProducers * kEach);
  std::iota(expected.begin(), expected.end(), 0);
  for (int i = 0; i < kProducers; ++i) {  // each producer's own order is kept
    std::vector<int> own;
    std::ranges::copy_if(taken, std::back_inserter(own), [i](int n) { return n / kEach == i; });
    EXPECT_TRUE(std::ranges::is_sorted(own));
  }
  std::ranges::sort(taken);
  EXPECT_EQ(taken, expected);
}

Task<> push_to_closed(Numbers queue) {
  const auto pushed = co_await queue->push(2);
  EXPECT_EQ(pushed.error().code, ErrorCode::kUnavailable);
}

TEST(BoundedQueue, CloseWakesProducersThatWaitForSpace) {
  IoThreads io(1);
  const auto queue = std::make_shared<BoundedQueue<int>>(std::vector<QueueLane>{{"numbers", 1}});
  ASSERT_TRUE(queue->try_push(1));
  TaskGroup group(1, [](std::string_view line) { ADD_FAILURE() << line; });
  ASSERT_TRUE(group.spawn(io.new_strand(), "producer", push_to_closed(queue)));
  queue->close();
  io.run(group.join());
}

Task<std::vector<int>> pop_until_closed(std::shared_ptr<BoundedChannel<int>> channel) {
  std::vector<int> popped;
  for (auto item = co_await channel->pop(); item; item = co_await channel->pop()) popped.push_back(*item);
  co_return popped;
}

TEST(BoundedChannel, CarriesItemsFromThreadsToACoroutine) {
  IoThreads io(2);
  const auto channel = std::make_shared<BoundedChannel<int>>(io.executor(), "numbers", 10'000);
  std::jthread producer([channel] {
    for (int i = 0; i < 5'000; ++i) EXPECT_TRUE(channel->try_push(int{i}));
    channel->close();
  });
  std::vector<int> expected(5'000);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(testing::run(io, pop_until_closed(channel)), expected);
}

TEST(BoundedChannel, RefusesAboveItsBound) {
  IoThreads io(1);
  BoundedChannel<int> channel(io.executor(), "answers", 2);
  EXPECT_TRUE(channel.try_push(1));
  EXPECT_TRUE(channel.try_push(2));
  EXPECT_EQ(channel.try_push(3).error().message, "answers is full (2 of 2)");
  channel.close();
  EXPECT_EQ(channel.try_push(4).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace crossline::runtime
