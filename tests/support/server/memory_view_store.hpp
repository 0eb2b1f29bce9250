// A ViewStore in memory. Its writes are durable late, as the port allows: a crash loses the last one.
#pragma once

#include "crossline/server/ports.hpp"
#include "tests/support/server/disk_faults.hpp"

#include <map>
#include <string>
#include <utility>

namespace crossline::testing {

class MemoryViewStore final : public server::ViewStore {
 public:
  DiskFaults faults;

  void crash() { now_ = before_; }

  Result<LedgerIndex> position() override { return now_.position; }

  Result<void> load(const std::function<Result<void>(const server::ViewRow&)>& take) override {
    for (const auto& [key, value] : now_.rows) {
      CROSSLINE_CHECK_OK(take({key.first, key.second, value}));
    }
    return {};
  }

  Result<void> save(LedgerIndex position, std::span<const server::ViewRow> rows) override {
    if (const auto fault = faults.take()) return DiskFaults::error_of(*fault);
    before_ = now_;
    for (const server::ViewRow& row : rows) {
      if (row.value) {
        now_.rows[{row.kind, row.key}] = *row.value;
      } else {
        now_.rows.erase({row.kind, row.key});
      }
    }
    now_.position = position;
    return {};
  }

  Result<void> clear() override {
    now_ = {};
    before_ = {};
    return {};
  }

 private:
  struct State {
    LedgerIndex position;
    std::map<std::pair<server::ViewKind, std::string>, std::string> rows;
  };
  State now_;
  State before_;
};

}  // namespace crossline::testing
