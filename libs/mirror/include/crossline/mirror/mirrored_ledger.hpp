// A mirror as an auditor reads it.
#pragma once

#include "crossline/audit/auditor.hpp"
#include "crossline/mirror/mirror.hpp"

#include <string>
#include <vector>

namespace crossline::mirror {

// Borrows both. Entries come from the mirror; an edition from the mirror or, the first time, from `log`,
// which may be null.
class MirroredLedger final : public audit::LedgerSource {
 public:
  MirroredLedger(Mirror& mirror, LogSource* log) : mirror_(mirror), log_(log) {}

  Result<std::vector<std::string>> read(LedgerIndex first, std::size_t count) override;
  Result<std::optional<std::string>> edition(const crypto::Hash& hash) override;

 private:
  Mirror& mirror_;
  LogSource* log_;
};

}  // namespace crossline::mirror
