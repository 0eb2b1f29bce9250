#include "crossline/runtime/frame_stream.hpp"

#include "tests/support/net.hpp"

#include <gtest/gtest.h>

namespace crossline::runtime {
namespace {

// What the test says through a plain socket and what FrameStream makes of it.
class FrameStreamTest : public ::testing::Test {
 protected:
  static Task<Result<Bytes>> read_after(Bytes sent, bool ended) {
    auto pair = co_await testing::connected_pair();
    (void)co_await pair.client->write_all(sent, Deadline::in_ms(testing::kSoonMs));
    if (ended) pair.client->finish();
    FrameStream frames(std::move(pair.server), kMaxBytes);
    co_return co_await frames.read_frame(Deadline::in_ms(ended ? testing::kSoonMs : kShortMs));
  }
  Result<Bytes> read_after_end_of(Bytes sent) { return testing::run(io_, read_after(std::move(sent), true)); }
  Result<Bytes> read_with_open_end(Bytes sent) {
    return testing::run(io_, read_after(std::move(sent), false));
  }

  static Bytes framed(std::size_t length, std::uint8_t fill = 7) {
    Bytes bytes(4 + length, fill);
    store_u32_be(static_cast<std::uint32_t>(length), bytes.data());
    return bytes;
  }

  static constexpr std::size_t kMaxBytes = 100'000;
  static constexpr std::uint64_t kShortMs = 20;
  IoThreads io_{1};
};

TEST_F(FrameStreamTest, ReadsOneFrame) {
  EXPECT_EQ(read_after_end_of(framed(5)).value(), Bytes(5, 7));
}

TEST_F(FrameStreamTest, ReadsTheLargestFrame) {
  EXPECT_EQ(read_after_end_of(framed(kMaxBytes)).value(), Bytes(kMaxBytes, 7));
}

TEST_F(FrameStreamTest, LeavesTrailingBytesForTheNextFrame) {
  Bytes sent = framed(3, 1);
  const Bytes second = framed(2, 9);
  sent.insert(sent.end(), second.begin(), second.end());
  EXPECT_EQ(read_after_end_of(sent).value(), Bytes(3, 1));
}

TEST_F(FrameStreamTest, RefusesEveryTruncation) {
  const Bytes whole = framed(12);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const auto frame =
        read_after_end_of(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    ASSERT_FALSE(frame) << size;
    EXPECT_EQ(frame.error().code, ErrorCode::kMalformed);
    EXPECT_NE(frame.error().message.find("truncated frame: got "), std::string::npos)
        << frame.error().message;
  }
}

TEST_F(FrameStreamTest, NamesTheBytesMissingFromATruncatedFrame) {
  Bytes sent = framed(50'000);
  sent.resize(4 + 20'000);
  EXPECT_EQ(read_after_end_of(sent).error().message, "truncated frame: got 20000 of 50000 bytes");
}

TEST_F(FrameStreamTest, RefusesLengthZero) {
  const auto frame = read_with_open_end(framed(0));
  EXPECT_EQ(frame.error().code, ErrorCode::kMalformed);
  EXPECT_EQ(frame.error().message, "frame of 0 bytes; allowed are 1 to 100000");
}

TEST_F(FrameStreamTest, RefusesALengthAboveTheLimitBeforeItsBytesArrive) {
  Bytes header(4);
  store_u32_be(kMaxBytes + 1, header.data());
  const auto frame = read_with_open_end(header);
  EXPECT_EQ(frame.error().code, ErrorCode::kMalformed);
  EXPECT_EQ(frame.error().message, "frame of 100001 bytes; allowed are 1 to 100000");
}

TEST_F(FrameStreamTest, TellsAnEndBetweenFrames) {
  const auto frame = read_after_end_of({});
  EXPECT_EQ(frame.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(frame.error().message, "closed by peer");
}

TEST_F(FrameStreamTest, TimesOutInsideAFrame) {
  Bytes sent = framed(10);
  sent.pop_back();
  EXPECT_EQ(read_with_open_end(sent).error().code, ErrorCode::kTimeout);
}

Task<std::vector<Bytes>> exchange(std::vector<Bytes> sent) {
  auto pair = co_await testing::connected_pair();
  FrameStream writer(std::move(pair.client));
  FrameStream reader(std::move(pair.server));
  std::vector<Bytes> received;
  const std::size_t count = sent.size();
  const auto written = co_await writer.write_frames(std::move(sent), Deadline::in_ms(testing::kSoonMs));
  EXPECT_TRUE(written.has_value());
  for (std::size_t i = 0; i < count; ++i) {
    auto frame = co_await reader.read_frame(Deadline::in_ms(testing::kSoonMs));
    received.push_back(std::move(frame).value());
  }
  EXPECT_EQ(writer.stream().traffic().bytes_out, reader.stream().traffic().bytes_in);
  co_return received;
}

TEST_F(FrameStreamTest, WritesSeveralFramesInOrder) {
  const std::vector<Bytes> frames = {Bytes(1, 1), Bytes(300, 2), Bytes(7, 3)};
  EXPECT_EQ(testing::run(io_, exchange(frames)), frames);
}

Task<Result<void>> write_of_size(std::size_t size) {
  auto pair = co_await testing::connected_pair();
  FrameStream writer(std::move(pair.client), 10);
  co_return co_await writer.write_frame(Bytes(size), Deadline::in_ms(testing::kSoonMs));
}

TEST_F(FrameStreamTest, RefusesToWriteWhatNoPeerWouldRead) {
  EXPECT_EQ(testing::run(io_, write_of_size(0)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(testing::run(io_, write_of_size(10)).has_value());
  EXPECT_EQ(testing::run(io_, write_of_size(11)).error().code, ErrorCode::kInvalidArgument);
}

Task<> refuse_when_full() {
  auto pair = co_await testing::connected_pair();
  FrameWriter writer(std::make_shared<FrameStream>(std::move(pair.client)), 1'000, testing::kSoonMs);
  EXPECT_TRUE(writer.try_send(Bytes(900)).has_value());
  const auto refused = writer.try_send(Bytes(100));
  EXPECT_EQ(refused.error().code, ErrorCode::kBusy);
}

TEST_F(FrameStreamTest, WriterRefusesWhenItsQueueIsFull) {
  io_.run(refuse_when_full());
}

Task<> write_queued_frames_after_close() {
  auto pair = co_await testing::connected_pair();
  FrameWriter writer(std::make_shared<FrameStream>(std::move(pair.client)), 1'000, testing::kSoonMs);
  EXPECT_TRUE(writer.try_send(Bytes(10, 1)).has_value());
  EXPECT_TRUE(writer.try_send(Bytes(20, 2)).has_value());
  writer.close();
  EXPECT_EQ(writer.try_send(Bytes(1)).error().code, ErrorCode::kUnavailable);
  const auto ended = co_await writer.run();
  EXPECT_TRUE(ended.has_value());

  FrameStream reader(std::move(pair.server));
  const auto first = co_await reader.read_frame(Deadline::in_ms(testing::kSoonMs));
  EXPECT_EQ(first.value(), Bytes(10, 1));
  const auto second = co_await reader.read_frame(Deadline::in_ms(testing::kSoonMs));
  EXPECT_EQ(second.value(), Bytes(20, 2));
}

TEST_F(FrameStreamTest, WriterWritesWhatIsQueuedBeforeItEnds) {
  io_.run(write_queued_frames_after_close());
}

Task<> write_to_a_peer_that_does_not_read() {
  constexpr std::size_t kMoreThanTheKernelBuffers = 32;
  auto pair = co_await testing::connected_pair();
  FrameWriter writer(std::make_shared<FrameStream>(std::move(pair.client)), 64u << 20, 50);
  for (std::size_t i = 0; i < kMoreThanTheKernelBuffers; ++i) {
    EXPECT_TRUE(writer.try_send(Bytes(limits::kMaxFrameBytes)).has_value());
  }
  const auto ended = co_await writer.run();
  EXPECT_EQ(ended.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(writer.try_send(Bytes(1)).error().code, ErrorCode::kUnavailable);
}

TEST_F(FrameStreamTest, WriterGivesUpOnAPeerThatDoesNotRead) {
  io_.run(write_to_a_peer_that_does_not_read());
}

}  // namespace
}  // namespace crossline::runtime
