// A ledger's store file as an auditor reads it.
#pragma once

#include "crossline/audit/auditor.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace crossline::tools {

struct StoreAudit {
  audit::Report report;
  std::vector<std::filesystem::path> proofs;  // files written, of what two signatures prove
  std::optional<Error> stopped;               // why the end was not reached, when something was found before
};

// Audits the whole store file, which may be in use, against every head that it holds (with Signatures::kLast:
// against the newest) and the `kept` ones. Writes proofs into `proofs` unless that is empty: of the findings,
// and of the forks that the server kept evidence of. The error says why it could not be read to its end when
// nothing was found before: then nothing is known.
Result<StoreAudit> audit_store(const std::filesystem::path& store, const enrolment::Registry& registry,
                               audit::Options options, const std::filesystem::path& proofs,
                               const std::function<void(std::uint64_t done, std::uint64_t of)>& progress,
                               std::span<const wire::SignedHead> kept = {});

// A store file opened read only, and how many entries it had then.
struct StoredLedger {
  std::unique_ptr<audit::LedgerSource> source;
  TreeSize size;
};
Result<StoredLedger> open_store_source(const std::filesystem::path& store);

}  // namespace crossline::tools
