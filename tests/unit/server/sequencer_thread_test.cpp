#include "crossline/engine/sequencer_thread.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "tests/support/server/server_core.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <utility>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

using Tally = std::shared_ptr<std::atomic<std::size_t>>;

Request any_inquiry() {
  return Inquiry{{testing::traveller(1)}};
}

runtime::Task<> push_inquiries(SequencerThread* thread, std::size_t count, Tally pushed, Tally answered) {
  for (std::size_t i = 0; i < count; ++i) {
    Request request = any_inquiry();
    SequencerThread::Done done = [answered](const Reply&) { answered->fetch_add(1); };
    const auto taken =
        co_await thread->push(std::move(request), SequencerThread::Lane::kLive, std::move(done));
    EXPECT_TRUE(taken.has_value());
    pushed->fetch_add(1);
  }
}

// What follows the first commit does not end before release(), as on a disk that hangs.
class SequencerThreadTest : public ::testing::Test {
 protected:
  void TearDown() override { release(); }
  void hang() {
    EXPECT_TRUE(thread.ask(Adoption{"a.administrator", testing::sealed_edition(2)}).has_value());
    hanging.get_future().wait();
  }
  void release() {
    if (!std::exchange(is_released, true)) may_go_on.set_value();
  }

  std::promise<void> hanging;
  std::promise<void> may_go_on;
  bool is_released = false;
  testing::ServerCore core;
  Counters counters;
  runtime::IoThreads io{1};
  SequencerThread thread{
      std::move(*core.sequencer), counters,
      [this, gate = may_go_on.get_future().share()](const std::shared_ptr<const Committed>&) {
        hanging.set_value();
        gate.wait();
      },
      [](const Error& error) { ADD_FAILURE() << error.to_string(); }};
};

TEST_F(SequencerThreadTest, RefusesQuestionsAndHoldsProducersWhileItIsFull) {
  const auto pushed = std::make_shared<std::atomic<std::size_t>>(0);
  const auto answered = std::make_shared<std::atomic<std::size_t>>(0);
  hang();
  io.run(push_inquiries(&thread, limits::kMaxQueuedLiveEvents, pushed, answered));
  EXPECT_EQ(pushed->load(), limits::kMaxQueuedLiveEvents) << "there is room for as many";

  const auto refused = thread.ask(any_inquiry());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kBusy);

  auto late = std::async(std::launch::async, [&] { io.run(push_inquiries(&thread, 1, pushed, answered)); });
  EXPECT_EQ(late.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout) << "it waits for room";
  EXPECT_EQ(answered->load(), 0u);

  release();
  late.get();
  thread.stop();
  EXPECT_EQ(pushed->load(), limits::kMaxQueuedLiveEvents + 1);
  EXPECT_EQ(answered->load(), limits::kMaxQueuedLiveEvents + 1) << "each was answered, the late one too";
  EXPECT_EQ(thread.ask(any_inquiry()).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace crossline::server
