#include "crossline/server/recovery.hpp"

#include "crossline/server/view_rows.hpp"
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/ledger_codec.hpp"

#include <map>
#include <optional>
#include <string>
#include <variant>

namespace crossline::server {
namespace {

constexpr std::size_t kReplayEntries = 2'048;      // read from the ledger at once
constexpr std::uint64_t kReportEntries = 500'000;  // replayed between two words about it

using Say = std::function<void(std::string_view line)>;

// What the saved views give, and where they end.
struct Restored {
  movement::World world;
  Views views;
  movement::LineState line;              // the world's, once every row is there
  std::optional<merkle::TreeHead> head;  // of the ledger that the rows are of
};

Result<void> restore_row(const ViewRow& row, Restored& restored) {
  if (row.kind == ViewKind::kSubject) {
    CROSSLINE_CHECK_OK(restore_subject(row, restored.world));
    return {};
  }
  if (row.kind == ViewKind::kLedgerHead) {
    CROSSLINE_TRY(restored.head, head_from(row));
    return {};
  }
  if (row.kind == ViewKind::kAgentClock) return restore_clock(row, restored.world);
  if (row.kind == ViewKind::kQuotaDay) return restore_quota(row, restored.line.quotas);
  if (row.kind == ViewKind::kQuotaUses) return restore_quota_uses(row, restored.line.quotas);
  if (row.kind == ViewKind::kClosure) {
    CROSSLINE_TRY(const auto closure, closure_from(row));
    restored.line.apply(closure.second);
  }
  return restored.views.restore(row);
}

Result<AsOf> as_of(LedgerStore& ledger, LedgerIndex position) {
  AsOf as_of{.position = position, .head = std::nullopt, .received_at = {}};
  if (position.value() == 0) return as_of;
  const LedgerIndex last(position.value() - 1);
  CROSSLINE_TRY(as_of.head, ledger.head_of(last));
  CROSSLINE_TRY(const auto entries, ledger.read(last, 1));
  if (entries.empty()) return fail(ErrorCode::kCorruptData, "the ledger has no entry {}", last.value());
  CROSSLINE_TRY(const auto entry, wire::decode_ledger_entry(as_bytes(entries.front())));
  as_of.received_at = entry.received_at;
  return as_of;
}

// Fails when the saved views are of no use; they are then rebuilt.
Result<Restored> restore(LedgerStore& ledger, ViewStore& store, TreeSize ledger_size) {
  CROSSLINE_TRY(const LedgerIndex position, store.position());
  if (position.value() > ledger_size.value()) {
    return fail(ErrorCode::kCorruptData, "the views know {} entries, the ledger has {}", position.value(),
                ledger_size.value());
  }
  Restored restored{movement::World(), Views(ledger), {}, std::nullopt};
  CROSSLINE_CHECK_OK(store.load([&](const ViewRow& row) { return restore_row(row, restored); }));
  restored.world.restore_line(std::move(restored.line));
  CROSSLINE_TRY(AsOf at, as_of(ledger, position));
  if (at.head && (!restored.head || *restored.head != at.head->head))
    return fail(ErrorCode::kCorruptData, "the views are not of this ledger");
  restored.views.restore(restored.world, std::move(at));
  return restored;
}

// Folds the ledger from where the views end to its own end.
class Replay {
 public:
  Replay(LedgerStore& ledger, const LedgerSnapshot& snapshot, Restored& restored)
      : ledger_(&ledger), snapshot_(&snapshot), restored_(&restored), editions_(ledger) {
    for (const JournalState& journal : snapshot.journals) posts_[journal.agent] = journal.post;
  }

  Result<void> run(const Say& say) {
    const std::uint64_t from = restored_->views.as_of().position.value();
    const std::uint64_t size = snapshot_->range.size().value();
    book_ = restored_->views.editions();
    std::uint64_t said = from;
    for (std::uint64_t next = from; next < size;) {
      CROSSLINE_CHECK_OK(step(LedgerIndex(next)));
      next = restored_->views.as_of().position.value();
      if (!say || (next < said + kReportEntries && next < size)) continue;
      said = next;
      say(fmt::format("replayed {} of {} ledger entries", next - from, size - from));
    }
    return {};
  }

 private:
  Result<void> step(LedgerIndex from) {
    CROSSLINE_TRY(const auto entries, ledger_->read(from, kReplayEntries));
    if (entries.empty()) return fail(ErrorCode::kCorruptData, "the ledger has no entry {}", from.value());
    std::vector<Recorded> recorded;
    recorded.reserve(entries.size());
    for (const std::string& bytes : entries) {
      const LedgerIndex index(from.value() + recorded.size());
      auto folded = fold_again(bytes, index);
      if (!folded) {
        return fail(ErrorCode::kCorruptData, "ledger entry {}: {}", index.value(), folded.error().message);
      }
      recorded.push_back(*std::move(folded));
    }
    return restored_->views.apply(recorded, state_rows(restored_->world, recorded), *snapshot_->head);
  }

  Result<Recorded> fold_again(const std::string& bytes, LedgerIndex index) {
    CROSSLINE_TRY(wire::LedgerEntry entry, wire::decode_ledger_entry(as_bytes(bytes)));
    CROSSLINE_TRY(movement::Event event, wire::decode_event(as_bytes(entry.event)));
    if (const auto* adopted = std::get_if<movement::EditionAdopted>(&event.body)) {
      CROSSLINE_TRY(const procedure::Edition* edition, editions_.find(adopted->hash));
      book_.add(*edition);
    }
    if (book_.empty()) return fail(ErrorCode::kCorruptData, "no edition was adopted before it");
    const auto post = posts_.find(entry.agent);
    if (post == posts_.end()) return fail(ErrorCode::kCorruptData, "agent {} has no journal", entry.agent);
    return fold(restored_->world, book_, {std::move(entry.event), std::move(event)}, post->second,
                entry.received_at, index);
  }

  LedgerStore* ledger_;
  const LedgerSnapshot* snapshot_;
  Restored* restored_;
  Editions editions_;
  procedure::EditionBook book_;
  std::map<std::string, std::optional<movement::Post>, std::less<>> posts_;
};

}  // namespace

Result<Recovered> recover(LedgerStore& ledger, ViewStore& views,
                          const std::function<void(std::string_view line)>& say) {
  CROSSLINE_TRY(LedgerSnapshot snapshot, ledger.load());
  auto restored = restore(ledger, views, snapshot.range.size());
  if (!restored) {
    if (say) say(fmt::format("the views are made again from the whole ledger: {}", restored.error().message));
    CROSSLINE_CHECK_OK(views.clear());
    restored = Restored{movement::World(), Views(ledger), {}, std::nullopt};
  }
  const LedgerIndex replayed_from = restored->views.as_of().position;
  CROSSLINE_CHECK_OK(Replay(ledger, snapshot, *restored).run(say));
  LineSnapshot line{.ledger = std::move(snapshot),
                    .world = std::move(restored->world),
                    .editions = restored->views.editions(),
                    .last_received = restored->views.as_of().received_at};
  return Recovered{std::move(line), std::move(restored->views), replayed_from};
}

}  // namespace crossline::server
