// A person's history: the chain of LedgerEntry::previous, newest first.
#pragma once

#include "crossline/api/operations.hpp"

#include <cstddef>
#include <optional>

#include <nlohmann/json.hpp>

namespace crossline::api {

// A chain longer than this is work for an auditor's tools, not for a page.
inline constexpr std::size_t kMaxHistoryEntries = 20'000;

struct TimelinePage {
  nlohmann::json records;  // an array of the contract's Record
  std::optional<LedgerIndex> next;
};

// At most `limit` records of `subject` from `from` on (from the newest, `last`, without it). Reads the chain
// from `last` in any case, since a later correction decides how an earlier movement is shown. 400 when `from`
// is not part of the chain.
[[nodiscard]] Answer<TimelinePage> read_timeline(const Services& services, const SubjectId& subject,
                                                 LedgerIndex last, std::optional<LedgerIndex> from,
                                                 std::size_t limit);

}  // namespace crossline::api
