// Checks a ledger without believing whoever wrote it: every hash, every journal, every signature, and every
// verdict and status by folding again.
#pragma once

#include "crossline/enrolment/registry.hpp"
#include "crossline/server/ports.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace crossline::tools {

// One thing that is not as it must be.
struct LedgerFinding {
  std::uint64_t entry = 0;  // ledger index; the size of the ledger for what concerns the whole
  std::string what;         // in words, with both values; no personal data
};

struct LedgerReport {
  std::uint64_t size = 0;
  crypto::Hash root;  // recomputed
  std::uint64_t journals = 0;
  std::uint64_t signatures = 0;         // verified: journal heads and the ledger's head
  std::uint64_t verdicts = 0;           // decided again, and the same
  std::vector<LedgerFinding> findings;  // at most kMaxLedgerFindings
  bool truncated = false;               // there were more
  [[nodiscard]] bool clean() const { return findings.empty(); }
};
inline constexpr std::size_t kMaxLedgerFindings = 100;

// Reads the ledger from entry 0 to its end. The registry gives the keys: of the ledger, the office and every
// agent, the revoked ones included. The error is the store's: then nothing is known. `progress` may be empty.
Result<LedgerReport> verify_ledger(server::LedgerStore& ledger, const enrolment::Registry& registry,
                                   const std::function<void(std::uint64_t done, std::uint64_t of)>& progress);

}  // namespace crossline::tools
