// Writes what an audit can prove about somebody's keys as files.
#pragma once

#include "crossline/audit/auditor.hpp"

#include <filesystem>
#include <vector>

namespace crossline::server {
class LedgerStore;
}

namespace crossline::tools {

// One file in `folder`, which is made, for each finding of the auditor's report that two signatures prove
// and, when there is a `store`, for each fork that the server kept evidence of. Returns the files written.
Result<std::vector<std::filesystem::path>> write_proofs(
    const audit::Auditor& auditor, const audit::Report& report, const enrolment::Registry& registry,
    audit::LedgerSource& source, server::LedgerStore* store, const std::filesystem::path& folder);

}  // namespace crossline::tools
