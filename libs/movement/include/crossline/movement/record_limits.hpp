// The bounds of what the fold keeps of one person beside the open movements, and of what a movement declares.
// The other bounds of the system are in base/limits.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crossline::limits {

inline constexpr std::int64_t kStayHistoryDays = 366;  // how far back the stays of a person are kept
inline constexpr std::int64_t kMaxStayRecordsAgeMs = 86'400'000;  // of records that stays are counted from
inline constexpr std::size_t kMaxCarried = 64;    // goods of one person kept for the periods of an edition
inline constexpr std::int32_t kQuotaDays = 8;     // local days of a quota that are kept
inline constexpr std::size_t kMaxPermits = 32;    // permits of one person at a time
inline constexpr std::size_t kMaxOverrides = 16;  // words for an override, of one person, that are kept
inline constexpr std::int64_t kOverrideKeptMs = 86'400'000;  // no edition lets one count for longer
inline constexpr std::size_t kMaxGoods = 32;                 // kinds of goods declared by one movement
inline constexpr std::size_t kMaxDeclaredFacts = 32;         // of one movement

}  // namespace crossline::limits
