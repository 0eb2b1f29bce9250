// A ledger's store file as an auditor reads it.
#pragma once

#include "crossline/audit/auditor.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace crossline::tools {

// Audits the whole store file, which may be in use, against every head that it holds (with Signatures::kLast:
// against the newest). The error says why it could not be read: then nothing is known.
Result<audit::Report> audit_store(const std::filesystem::path& store, const enrolment::Registry& registry,
                                  audit::Options options,
                                  const std::function<void(std::uint64_t done, std::uint64_t of)>& progress);

}  // namespace crossline::tools
