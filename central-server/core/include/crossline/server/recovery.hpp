// From what the disk holds to a running server. The same fold as in normal operation, from the last saved
// views on.
#pragma once

#include "crossline/movement/world.hpp"
#include "crossline/procedure/edition_book.hpp"
#include "crossline/server/ports.hpp"
#include "crossline/server/views.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace crossline::server {

// What a Sequencer goes on from.
struct LineSnapshot {
  LedgerSnapshot ledger;
  movement::World world;
  procedure::EditionBook editions;  // adopted
  UtcMillis last_received;          // of the last entry
};

struct Recovered {
  LineSnapshot line;
  Views views;
  LedgerIndex replayed_from;  // where the saved views ended
};

// `progress` is told how many entries have been replayed, now and then; it may be empty. kCorruptData when
// the stores contradict themselves. Views that cannot be read, are ahead of the ledger or of another one, are
// rebuilt from entry 0.
Result<Recovered> recover(LedgerStore& ledger, ViewStore& views,
                          const std::function<void(std::uint64_t replayed, std::uint64_t of)>& progress);

}  // namespace crossline::server
