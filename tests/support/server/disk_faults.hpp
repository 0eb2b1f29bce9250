// How a disk of the in-memory stores misbehaves. Faults come in pairs: a write that fails may be lost, or be
// there all the same.
#pragma once

#include "crossline/base/result.hpp"

#include <cstdint>
#include <optional>

namespace crossline::testing {

enum class WriteFault : std::uint8_t { kFailsAndIsLost, kFailsAndIsKept, kFull };

class DiskFaults {
 public:
  // The next write of the store goes wrong.
  void fail_next(WriteFault fault) { next_ = fault; }
  // False models a store that acknowledges before its data is on the disk: a crash then loses it.
  void sync_writes(bool on) { sync_ = on; }

  [[nodiscard]] bool syncs() const { return sync_; }
  [[nodiscard]] std::optional<WriteFault> take() {
    const auto fault = next_;
    next_.reset();
    return fault;
  }
  // What the store says of a write that met `fault`.
  [[nodiscard]] static std::unexpected<Error> error_of(WriteFault fault) {
    if (fault == WriteFault::kFull)
      return fail(ErrorCode::kStorageFull, "no space left on the simulated disk");
    return fail(ErrorCode::kStorageFailed, "a write to the simulated disk failed");
  }

 private:
  std::optional<WriteFault> next_;
  bool sync_ = true;
};

}  // namespace crossline::testing
