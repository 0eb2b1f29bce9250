// `crossline audit statistics`: a published table of figures, made again from the ledger.
#pragma once

#include "crossline/audit/auditor.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/enrolment/registry.hpp"
#include "crossline/merkle/policy.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace crossline::tools {

// Which figures are asked of the server.
struct FiguresQuestion {
  std::string from;  // days, "2026-10-01"
  std::string to;
  std::string group_by;    // empty: by day
  std::string checkpoint;  // empty: all
  std::string category;
  // The target of GET: what the figures' page asks for.
  [[nodiscard]] std::string target() const;
};

struct StatisticsAuditOptions {
  std::string file;             // the published table; "-" is stdin; empty: the server is asked for it
  FiguresQuestion question;     // what it is asked
  std::filesystem::path store;  // one of both
  std::filesystem::path mirror;
  std::string server;                 // https address that the mirror is fetched from first; may be empty
  std::filesystem::path credentials;  // folder that `crossline pki auditor` made; for a server
  std::uint64_t max_entries = limits::kMaxAuditedEntries;  // of a mirrored ledger
  std::vector<wire::SignedHead> kept;  // heads that others have shown: the ledger must have had them
  audit::Options audit;
  std::optional<merkle::Policy> policy;  // whose cosignatures settle the table; nothing: what the table says
  bool json = false;
  bool quiet = false;
};

// Prints what was compared and every difference. Throws Exit: kExitFailed when a number differs, the table is
// of another ledger, or the entries that it is made of are not as they must be; kExitInvalid when the file is
// no such table; kExitUnchecked when the ledger cannot be had as far as the table goes.
void run_statistics_audit(const StatisticsAuditOptions& options, const enrolment::Registry& registry);

}  // namespace crossline::tools
