#include "crossline/mirror/mirrored_ledger.hpp"

#include <array>

namespace crossline::mirror {

Result<std::vector<std::string>> MirroredLedger::read(LedgerIndex first, std::size_t count) {
  return mirror_.read(first, count);
}

Result<std::optional<std::string>> MirroredLedger::edition(const crypto::Hash& hash) {
  const std::array path{"edition/" + hash.hex()};
  CROSSLINE_TRY(auto kept, mirror_.find_file(path[0]));
  if (kept && crypto::sha256(as_bytes(*kept)) == hash) return kept;
  if (log_ == nullptr) return std::nullopt;
  auto fetched = log_->fetch(path);
  if (!fetched && fetched.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!fetched) return std::unexpected(std::move(fetched).error());
  if (crypto::sha256(as_bytes(fetched->front())) != hash) return std::nullopt;
  CROSSLINE_CHECK_OK(mirror_.keep_file(path[0], fetched->front()));
  return std::move(fetched->front());
}

}  // namespace crossline::mirror
