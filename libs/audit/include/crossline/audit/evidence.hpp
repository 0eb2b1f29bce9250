// From a finding to a file that proves it to anybody (docs/formats/misbehaviour.md).
#pragma once

#include "crossline/audit/auditor.hpp"
#include "crossline/merkle/misbehaviour.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace crossline::audit {

// One agent's journal as the ledger shows it up to an entry: the events in their places, and, when one came
// whose place was taken, the other history that it begins.
struct JournalBranches {
  merkle::MemoryTree main;
  std::optional<merkle::MemoryTree> other;
};
// Reads the ledger from its beginning to `until`. The error is the source's.
Result<JournalBranches> journal_branches(LedgerSource& source, std::string_view agent, LedgerIndex until);

// The proof of a journal fork or of two ledger heads; nothing for findings that nobody's signatures prove.
// `registry` is that of the auditor that made the finding. The error is the source's.
Result<std::optional<merkle::Misbehaviour>> proof_of(const Finding& finding,
                                                     const enrolment::Registry& registry,
                                                     LedgerSource& source);

}  // namespace crossline::audit
