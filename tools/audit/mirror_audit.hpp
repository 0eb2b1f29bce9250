// `crossline audit --mirror`: audits a copy of the ledger that it fetches from the server and keeps.
#pragma once

#include "crossline/audit/auditor.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/merkle/policy.hpp"
#include "crossline/mirror/https_log.hpp"
#include "crossline/mirror/mirror.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace crossline::tools {

struct MirrorAuditOptions {
  std::filesystem::path mirror;        // folder of the copy
  std::string server;                  // https address; empty: the copy as it is
  std::filesystem::path credentials;   // folder that `crossline pki auditor` made; for a server
  std::filesystem::path proofs;        // folder for proofs of misbehaviour; none when empty
  std::vector<wire::SignedHead> kept;  // heads that others have shown: the ledger must have had them
  audit::Options audit;
  std::uint64_t max_entries = limits::kMaxAuditedEntries;  // of the ledger; more are refused unfetched
  std::optional<merkle::Policy> policy;  // whose cosignatures settle a head; nothing: not looked at
  bool follow = false;
  std::uint64_t every_ms = 1'000;  // between two looks at the newest head, when following
  bool json = false;
  bool quiet = false;
};

// The ledger of the server at `url`, with what `crossline pki auditor` put into the folder. Throws Exit when
// the address or a file is wrong, or is of another ledger than the registry.
std::unique_ptr<mirror::HttpsLog> open_server_log(const std::string& url,
                                                  const std::filesystem::path& credentials,
                                                  const enrolment::Registry& registry);

// Throws Exit when the policy is not of the ledger whose key the registry names: it settles no head of it.
void require_policy_of(const merkle::Policy& policy, const enrolment::Registry& registry);

// The size of a head whose cosignatures meet the quorum of the policy, whatever the server says; 0 when they
// do not. The error is that of a cosignature that does not verify.
Result<TreeSize> settled_by(const merkle::Policy& policy, const mirror::LedgerHead& head);

// What the server shows as settled; nothing while it shows none. The error is that of the server, or of a
// head that the ledger's key did not sign.
Result<std::optional<mirror::LedgerHead>> shown_as_settled(mirror::LogSource& log,
                                                           const enrolment::Registry& registry);

// Prints the report at the end and, when following, one after each head that is new; ends then on SIGINT and
// SIGTERM. Throws Exit: kExitFailed when something was found, kExitInvalid when an option or a file that one
// names is wrong or belongs to another ledger, kExitUnchecked when the ledger could not be had.
void run_mirror_audit(const MirrorAuditOptions& options, const enrolment::Registry& registry);

}  // namespace crossline::tools
