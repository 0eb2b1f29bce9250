// What an auditor found that is not as it must be, as data.
#pragma once

#include "crossline/base/strong.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossline::audit {

// What is wrong. The name (docs/operating-auditor.md explains each) is stable: tools act on it.
enum class FindingKind : std::uint8_t {
  // The bytes
  kMalformedEntry,
  kMalformedEvent,
  kWrongAgent,      // the entry names another agent than its event
  kClockWentBack,   // received before the entry before it
  kUnknownAgent,    // not in the registry: nothing of its journal can be verified
  kForbiddenEvent,  // a post recorded what only the office may
  kAfterRevocation,
  // The journals
  kJournalGap,        // events of an agent are missing
  kRepeatedEvent,     // one event stands in the ledger twice
  kInsertedEvent,     // an event that its agent's signatures do not cover, in the place of one they do
  kJournalFork,       // the agent signed two histories
  kBadHeadSignature,  // the agent's signature does not cover the events that the ledger shows
  kWithheldEvent,     // a slip proves an event that its agent never sent
  kUnsignedEvents,    // the last events of a journal are covered by no signature
  // What the server made of the events
  kUnknownEdition,
  kWrongEdition,     // decided with another edition than the one adopted
  kUnsignedEdition,  // adopted, and nobody shows signatures of it
  kRefusedEdition,   // adopted, and the signatures that are shown do not stand
  kWrongTime,
  kWrongVerdict,
  kWrongArticles,
  kWrongCase,   // what counts as a case differs
  kWrongState,  // the state after the entry is not what the fold makes of the events
  kBrokenChain,
  // Time
  kUnknownBeacon,  // an event names a ledger head that this ledger never had
  kBackdated,      // an event says that it was recorded before a ledger head that it names
  // The ledger
  kWrongRoot,  // a signed head does not fit the entries
  kBadLedgerSignature,
  kTwoHeads,        // two signed heads of one size: two histories of the ledger
  kMissingEntries,  // a signed head covers more entries than there are
};
inline constexpr std::size_t kFindingKinds = 30;
[[nodiscard]] std::string_view name_of(FindingKind kind);  // "malformed_entry", ...

struct Finding {
  FindingKind kind = FindingKind::kMalformedEntry;
  LedgerIndex entry;  // where; the size of the ledger for what concerns the whole
  std::string agent;  // whose journal it concerns; empty when it concerns none
  std::string words;  // for people, with both values; no personal data
  using Value = std::pair<std::string, std::string>;
  std::vector<Value> evidence;  // names and values to check it by: hashes in hex, numbers in decimal
  std::uint64_t repeats = 0;    // how often the same showed again later, when it is counted and not listed
  friend bool operator==(const Finding&, const Finding&) = default;
};

// One JSON object: kind, entry, agent (when there is one), words, evidence, repeats (when there are any).
[[nodiscard]] std::string to_json(const Finding& finding);

}  // namespace crossline::audit
