// From what the disk holds to a running server. The same fold as in normal operation, from the last saved
// views on.
#pragma once

#include "crossline/movement/world.hpp"
#include "crossline/procedure/edition_book.hpp"
#include "crossline/server/ports.hpp"
#include "crossline/server/views.hpp"

#include <functional>
#include <string_view>

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

// Views that cannot be read, are ahead of the ledger or of another one, are rebuilt from entry 0. `say`,
// which may be empty, is told so and why, and how many entries have been replayed, now and then and at the
// end. kCorruptData when the stores contradict themselves.
Result<Recovered> recover(LedgerStore& ledger, ViewStore& views,
                          const std::function<void(std::string_view line)>& say);

}  // namespace crossline::server
