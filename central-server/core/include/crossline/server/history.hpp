// A person's history: the chain of ledger entries that name the person, newest first.
#pragma once

#include "crossline/server/ports.hpp"
#include "crossline/wire/ledger_codec.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace crossline::server {

struct HistoryRecord {
  LedgerIndex index;
  wire::LedgerEntry entry;
  movement::Event event;  // what entry.event says
};

struct HistoryPage {
  std::vector<HistoryRecord> records;  // newest first
  std::optional<LedgerIndex> next;     // where the next page begins; nothing on the last one
};

// One entry, decoded. kNotFound beyond the end, kCorruptData when it does not decode.
Result<HistoryRecord> read_record(LedgerStore& ledger, LedgerIndex index);
// The same of an agent's event. kNotFound when the ledger has none.
Result<HistoryRecord> find_record(LedgerStore& ledger, std::string_view agent, JournalIndex index);

// At most `limit` records of `subject` from `newest` on, which is SubjectReport::last_entry or a page's
// `next`. kInvalidArgument when the entry there is not about the subject. Any thread; blocks on the store.
Result<HistoryPage> history(LedgerStore& ledger, const movement::SubjectId& subject, LedgerIndex newest,
                            std::size_t limit);

}  // namespace crossline::server
