// Frames between agent and server: u32 big-endian length, 1 to limits::kMaxFrameBytes, then that many bytes.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/runtime/channel.hpp"
#include "crossline/runtime/stream.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace crossline::runtime {

// Reads and writes whole frames on a stream. Holds no buffer of its own between frames. Lives on the stream's
// strand; one coroutine reads, one writes.
class FrameStream {
 public:
  explicit FrameStream(std::unique_ptr<ByteStream> stream,
                       std::size_t max_frame_bytes = limits::kMaxFrameBytes);

  // The next frame's body. kMalformed on a length of 0 or above the maximum, and on an end inside a frame;
  // kUnavailable "closed by peer" on an end between frames; kTimeout when the whole frame is not here in
  // time. Memory grows with the bytes received, not with the length claimed.
  [[nodiscard]] Task<Result<Bytes>> read_frame(Deadline deadline);

  // Writes all frames in one write, so that small frames share a TLS record. kInvalidArgument, with nothing
  // written, when one is empty or too long.
  [[nodiscard]] Task<Result<void>> write_frames(std::vector<Bytes> frames, Deadline deadline);
  [[nodiscard]] Task<Result<void>> write_frame(Bytes frame, Deadline deadline);

  [[nodiscard]] ByteStream& stream() { return *stream_; }

 private:
  std::unique_ptr<ByteStream> stream_;
  std::size_t max_frame_bytes_;
};

// The bounded queue of frames that wait to be written on one connection. Any thread sends; the run() task,
// which the session awaits beside its reader, writes. What queued during one write goes out together in the
// next.
class FrameWriter {
 public:
  // Holds at most `max_queued_bytes` of frames. A write that takes longer than `write_timeout_ms` ends the
  // writer.
  FrameWriter(std::shared_ptr<FrameStream> stream, std::size_t max_queued_bytes,
              std::uint64_t write_timeout_ms);

  // Never blocks. kBusy when full: the peer does not read; kUnavailable after close() or a failed write.
  Result<void> try_send(Bytes frame);
  // Writes until closed and drained, or until a write fails; then closes the stream and returns the failure.
  [[nodiscard]] Task<Result<void>> run();
  // Lets run() write what is queued and end.
  void close();

 private:
  std::shared_ptr<FrameStream> stream_;
  std::uint64_t write_timeout_ms_;
  BoundedChannel<Bytes> queue_;
};

}  // namespace crossline::runtime
