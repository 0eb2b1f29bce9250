#include "crossline/server/history.hpp"

#include "crossline/server/batch.hpp"
#include "crossline/wire/event_codec.hpp"

namespace crossline::server {

Result<HistoryRecord> read_record(LedgerStore& ledger, LedgerIndex index) {
  CROSSLINE_TRY(const auto entries, ledger.read(index, 1));
  if (entries.empty()) return fail(ErrorCode::kNotFound, "the ledger has no entry {}", index.value());
  HistoryRecord record;
  record.index = index;
  auto entry = wire::decode_ledger_entry(as_bytes(entries.front()));
  if (!entry) {
    return fail(ErrorCode::kCorruptData, "ledger entry {}: {}", index.value(), entry.error().message);
  }
  record.entry = *std::move(entry);
  auto event = wire::decode_event(as_bytes(record.entry.event));
  if (!event) {
    return fail(ErrorCode::kCorruptData, "ledger entry {}: {}", index.value(), event.error().message);
  }
  record.event = *std::move(event);
  return record;
}

Result<HistoryRecord> find_record(LedgerStore& ledger, std::string_view agent, JournalIndex index) {
  CROSSLINE_TRY(const auto run, ledger.find(agent, index));
  if (!run) return fail(ErrorCode::kNotFound, "the ledger has no event {} of agent {}", index.value(), agent);
  return read_record(ledger, LedgerIndex(run->at.value() + (index.value() - run->first.value())));
}

Result<HistoryPage> history(LedgerStore& ledger, const movement::SubjectId& subject, LedgerIndex newest,
                            std::size_t limit) {
  HistoryPage page;
  page.next = newest;
  while (page.next && page.records.size() < limit) {
    CROSSLINE_TRY(HistoryRecord record, read_record(ledger, *page.next));
    if (subject_of(record.event) != subject) {
      return fail(ErrorCode::kInvalidArgument, "ledger entry {} is about somebody else", page.next->value());
    }
    page.next = record.entry.previous;
    page.records.push_back(std::move(record));
  }
  return page;
}

}  // namespace crossline::server
