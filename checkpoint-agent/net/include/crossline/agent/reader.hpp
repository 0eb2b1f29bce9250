// A reader on a serial line or a pipe.
#pragma once

#include "crossline/agent/station_host.hpp"
#include "crossline/runtime/task.hpp"

#include <cstdint>
#include <filesystem>

namespace crossline::agent {

struct ReaderOptions {
  std::filesystem::path device;    // a serial line, or a named pipe
  std::uint32_t baud = 9'600;      // of a serial line: 1200 to 115200, 8 bits, no parity
  std::uint64_t silence_ms = 150;  // after which a delivery without an end is complete
};

// kInvalidArgument for a speed that serial lines do not have.
Result<void> check_reader(const ReaderOptions& options);

// Scans what the reader delivers until cancelled; opens the device again when it was pulled out. A scan that
// the station does not take (no shift, a group is being decided) is logged and lost: the person is still
// there. `host` outlives it.
[[nodiscard]] runtime::Task<> keep_reader(StationHost* host, ReaderOptions options, runtime::LogFn log);

}  // namespace crossline::agent
