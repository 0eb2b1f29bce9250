// What a ledger's store holds, as an auditor asks for it.
#pragma once

#include "crossline/audit/auditor.hpp"
#include "crossline/server/ports.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crossline::tools {

// Requires a store.
class StoreSource final : public audit::LedgerSource {
 public:
  explicit StoreSource(std::shared_ptr<server::LedgerStore> store) : store_(std::move(store)) {}
  Result<std::vector<std::string>> read(LedgerIndex first, std::size_t count) override {
    return store_->read(first, count);
  }
  Result<std::optional<std::string>> edition(const crypto::Hash& hash) override {
    return store_->edition(hash);
  }
  Result<std::optional<std::string>> edition_envelope(const crypto::Hash& hash) override {
    return store_->edition_envelope(hash);
  }

 private:
  std::shared_ptr<server::LedgerStore> store_;
};

}  // namespace crossline::tools
