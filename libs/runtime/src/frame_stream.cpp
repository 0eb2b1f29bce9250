#include "crossline/runtime/frame_stream.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crossline::runtime {
namespace {

constexpr std::size_t kHeaderBytes = 4;
constexpr std::size_t kFirstAllocationBytes = 16 * 1024;

// Fills `buffer`; returns fewer bytes when the stream ends first.
Task<Result<std::size_t>> read_up_to(ByteStream& stream, std::span<std::uint8_t> buffer, Deadline deadline) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    CROSSLINE_CO_TRY(const std::size_t count, co_await stream.read_some(buffer.subspan(filled), deadline));
    if (count == 0) break;
    filled += count;
  }
  co_return filled;
}

}  // namespace

FrameStream::FrameStream(std::unique_ptr<ByteStream> stream, std::size_t max_frame_bytes)
    : stream_(std::move(stream)), max_frame_bytes_(max_frame_bytes) {}

Task<Result<Bytes>> FrameStream::read_frame(Deadline deadline) {
  std::array<std::uint8_t, kHeaderBytes> header{};
  CROSSLINE_CO_TRY(const std::size_t got, co_await read_up_to(*stream_, header, deadline));
  if (got == 0) co_return fail(ErrorCode::kUnavailable, "closed by peer");
  if (got < kHeaderBytes) {
    co_return fail(ErrorCode::kMalformed, "truncated frame: got {} of {} bytes of its length", got,
                   kHeaderBytes);
  }
  const std::size_t length = load_u32_be(header.data());
  if (length == 0 || length > max_frame_bytes_) {
    co_return fail(ErrorCode::kMalformed, "frame of {} bytes; allowed are 1 to {}", length, max_frame_bytes_);
  }
  Bytes frame;
  while (frame.size() < length) {
    const std::size_t filled = frame.size();
    frame.resize(std::min(length, std::max(kFirstAllocationBytes, filled * 2)));
    CROSSLINE_CO_TRY(const std::size_t count,
                     co_await read_up_to(*stream_, std::span(frame).subspan(filled), deadline));
    if (filled + count < frame.size()) {
      co_return fail(ErrorCode::kMalformed, "truncated frame: got {} of {} bytes", filled + count, length);
    }
  }
  co_return frame;
}

Task<Result<void>> FrameStream::write_frames(std::vector<Bytes> frames, Deadline deadline) {
  std::size_t total = 0;
  for (const Bytes& frame : frames) {
    if (frame.empty() || frame.size() > max_frame_bytes_) {
      co_return fail(ErrorCode::kInvalidArgument, "frame of {} bytes; allowed are 1 to {}", frame.size(),
                     max_frame_bytes_);
    }
    total += kHeaderBytes + frame.size();
  }
  Bytes joined;
  joined.reserve(total);
  for (const Bytes& frame : frames) {
    std::array<std::uint8_t, kHeaderBytes> header{};
    store_u32_be(static_cast<std::uint32_t>(frame.size()), header.data());
    joined.insert(joined.end(), header.begin(), header.end());
    joined.insert(joined.end(), frame.begin(), frame.end());
  }
  frames.clear();
  co_return co_await stream_->write_all(joined, deadline);
}

Task<Result<void>> FrameStream::write_frame(Bytes frame, Deadline deadline) {
  std::vector<Bytes> frames;
  frames.push_back(std::move(frame));
  co_return co_await write_frames(std::move(frames), deadline);
}

FrameWriter::FrameWriter(std::shared_ptr<FrameStream> stream, std::size_t max_queued_bytes,
                         std::uint64_t write_timeout_ms)
    : stream_(std::move(stream)),
      write_timeout_ms_(write_timeout_ms),
      queue_(stream_->stream().executor(), "frames to " + stream_->stream().peer().to_string(),
             max_queued_bytes) {}

Result<void> FrameWriter::try_send(Bytes frame) {
  const std::size_t weight = kHeaderBytes + frame.size();
  return queue_.try_push(std::move(frame), weight);
}

Task<Result<void>> FrameWriter::run() {
  for (;;) {
    auto frames = co_await queue_.pop_all();
    if (frames.empty()) co_return Result<void>();
    auto written = co_await stream_->write_frames(std::move(frames), Deadline::in_ms(write_timeout_ms_));
    if (!written) {
      queue_.close();
      stream_->stream().close();
      co_return written;
    }
  }
}

void FrameWriter::close() {
  queue_.close();
}

}  // namespace crossline::runtime
