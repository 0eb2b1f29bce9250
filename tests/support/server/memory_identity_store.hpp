// An IdentityStore in memory that keeps the port's promises, and breaks them on request.
#pragma once

#include "crossline/server/ports.hpp"
#include "tests/support/server/disk_faults.hpp"

#include <cstddef>
#include <mutex>
#include <vector>

namespace crossline::testing {

class MemoryIdentityStore final : public server::IdentityStore {
 public:
  DiskFaults faults;

  // The process dies: what was not synced is gone.
  void crash() {
    const std::lock_guard lock(mutex_);
    records_.resize(synced_);
  }
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return records_.size();
  }

  Result<void> put(std::span<const server::IdentityRecord> records) override {
    const std::lock_guard lock(mutex_);
    const auto fault = faults.take();
    if (fault && *fault != WriteFault::kFailsAndIsKept) return DiskFaults::error_of(*fault);
    for (const server::IdentityRecord& record : records) {
      if (!find_locked(record.commitment)) records_.push_back(record);
    }
    if (faults.syncs()) synced_ = records_.size();
    if (fault) return DiskFaults::error_of(*fault);
    return {};
  }

  Result<std::optional<server::IdentityRecord>> latest(const crypto::SubjectId& subject) override {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = records_.size(); i-- > 0;) {
      if (records_[i].subject == subject) return std::optional(records_[i]);
    }
    return std::nullopt;
  }

  Result<std::optional<server::IdentityRecord>> find(const crypto::Hash& commitment) override {
    const std::lock_guard lock(mutex_);
    return find_locked(commitment);
  }

 private:
  std::optional<server::IdentityRecord> find_locked(const crypto::Hash& commitment) const {
    for (const server::IdentityRecord& record : records_) {
      if (record.commitment == commitment) return record;
    }
    return std::nullopt;
  }

  mutable std::mutex mutex_;
  std::vector<server::IdentityRecord> records_;
  std::size_t synced_ = 0;
};

}  // namespace crossline::testing
