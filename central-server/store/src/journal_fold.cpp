#include "journal_fold.hpp"

#include "crossline/wire/ledger_codec.hpp"

#include <utility>

namespace crossline::server {

Result<void> JournalFold::take(ByteView bytes) {
  auto entry = wire::decode_ledger_entry(bytes);
  if (!entry) {
    return fail(ErrorCode::kCorruptData, "ledger entry {}: {}", range_.size().value(), entry.error().message);
  }
  FoldedJournal& journal = journals_[entry->agent];
  extend_run(entry->agent, JournalIndex(journal.range.size().value()));
  journal.range.append(merkle::leaf_hash(as_bytes(entry->event)));
  if (entry->head_signature) journal.head_signature = *entry->head_signature;
  journal.changed = true;
  range_.append(merkle::leaf_hash(bytes));
  return {};
}

void JournalFold::extend_run(const std::string& agent, JournalIndex index) {
  if (!runs_.empty() && runs_.back().agent == agent) {
    runs_.back().count += 1;
  } else {
    runs_.push_back({agent, index, LedgerIndex(range_.size().value()), 1});
  }
}

void JournalFold::settle() {
  runs_.clear();
  for (auto& [agent, journal] : journals_) journal.changed = false;
}

}  // namespace crossline::server
