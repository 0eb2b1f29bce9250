#include "crossline/server/editions.hpp"

namespace crossline::server {

Result<const procedure::Edition*> Editions::find(const crypto::Hash& hash) {
  if (const auto known = loaded_.find(hash); known != loaded_.end()) return &known->second;
  CROSSLINE_TRY(const auto sealed, ledger_->edition(hash));
  if (!sealed) return fail(ErrorCode::kCorruptData, "the edition {} is not in the store", hash.hex());
  auto edition = procedure::Edition::load(as_bytes(*sealed));
  if (!edition) {
    return fail(ErrorCode::kCorruptData, "the edition {} does not load: {}", hash.hex(),
                edition.error().message);
  }
  return &loaded_.emplace(hash, *std::move(edition)).first->second;
}

}  // namespace crossline::server
