#include "stored_commits.hpp"

#include "bundle.hpp"
#include "crossline/wire/ledger_codec.hpp"

#include <algorithm>
#include <utility>

namespace crossline::server {

Result<StoredCommits> StoredCommits::of(sqlite::Database& database) {
  CROSSLINE_TRY(auto from, database.prepare("SELECT first, size, root, entries FROM bundle WHERE first >= ? "
                                            "ORDER BY first"));
  CROSSLINE_TRY(
      auto before,
      database.prepare("SELECT size, root FROM bundle WHERE first < ? ORDER BY first DESC LIMIT 1"));
  return StoredCommits(std::move(from), std::move(before));
}

Result<bool> StoredCommits::has_ended_at(const merkle::CompactRange& range) {
  if (range.size().value() == 0) return true;
  CROSSLINE_TRY(auto rows, before_.query(range.size().value()));
  CROSSLINE_TRY(const bool found, rows.next());
  return found && !rows.is_null(0) && rows.number(0) == range.size().value() &&
         std::ranges::equal(rows.blob(1), range.root().bytes);
}

Result<bool> StoredCommits::fold_more(JournalFold& fold, std::size_t enough) {
  CROSSLINE_TRY(auto rows, from_.query(fold.range().size().value()));
  for (std::size_t folded = 0; folded < enough;) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return false;
    if (rows.number(0) != fold.range().size().value()) {
      return fail(ErrorCode::kCorruptData, "ledger entries {} to {} are missing", fold.range().size().value(),
                  rows.number(0) - 1);
    }
    CROSSLINE_TRY(const auto entries, unbundle(rows.blob(3)));
    for (const ByteView entry : entries) CROSSLINE_CHECK_OK(fold.take(entry));
    const bool commit_ends = !rows.is_null(1);
    if (!commit_ends) continue;
    if (rows.number(1) != fold.range().size().value() ||
        !std::ranges::equal(rows.blob(2), fold.range().root().bytes)) {
      return fail(ErrorCode::kCorruptData,
                  "the ledger's entries up to {} do not lead to the root of their head",
                  fold.range().size().value());
    }
    folded += entries.size();
  }
  return true;
}

Result<std::optional<Run>> StoredCommits::find(std::string_view agent, JournalIndex index,
                                               const IndexedEvent& known) {
  CROSSLINE_TRY(auto rows, from_.query(known.position.value()));
  LedgerIndex at = known.position;
  Run run{std::string(agent), JournalIndex(known.journal_size), at, 0};
  const auto next = [&run] { return JournalIndex(run.first.value() + run.count); };
  for (;;) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) break;
    CROSSLINE_TRY(const auto entries, unbundle(rows.blob(3)));
    for (const ByteView bytes : entries) {
      CROSSLINE_TRY(const wire::LedgerEntry entry, wire::decode_ledger_entry(bytes));
      if (entry.agent == agent) {
        if (run.count == 0) run.at = at;
        run.count += 1;
      } else if (run.count > 0) {
        if (index < next()) return run;
        run = {run.agent, next(), at, 0};
      }
      at = at.next();
    }
  }
  return index < next() ? std::optional(std::move(run)) : std::nullopt;
}

}  // namespace crossline::server
