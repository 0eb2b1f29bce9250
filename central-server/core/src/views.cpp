#include "crossline/server/views.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/server/history.hpp"
#include "crossline/server/view_rows.hpp"

#include <algorithm>
#include <string_view>
#include <variant>

namespace crossline::server {
namespace {

constexpr std::array<std::string_view, kCaseKinds> kCaseNames = {"disagreement", "disputed", "unmatched"};

bool stands(const wire::StateAfter& state) {
  return state.status == movement::Status::kBetween || state.status == movement::Status::kDisputed ||
         state.unmatched;
}

// How long a movement that stands in the ledger had ended a stay between the posts, as the fold said then.
Result<std::optional<std::int64_t>> between_ms(LedgerStore& ledger, const HistoryRecord& record) {
  const auto& state = record.entry.state;
  const bool took_effect =
      state && state->since_index == record.index && state->status != movement::Status::kDisputed;
  if (!took_effect || !record.entry.previous) return std::nullopt;
  CROSSLINE_TRY(const HistoryRecord before, read_record(ledger, *record.entry.previous));
  if (!before.entry.state || before.entry.state->status != movement::Status::kBetween) return std::nullopt;
  return std::optional(record.entry.occurred_at.ms - before.entry.state->since.ms);
}

}  // namespace

std::string_view name_of(CaseKind kind) {
  return kCaseNames[static_cast<std::size_t>(kind)];
}

std::optional<CaseKind> case_kind_from(std::string_view name) {
  for (std::size_t i = 0; i < kCaseNames.size(); ++i) {
    if (kCaseNames[i] == name) return static_cast<CaseKind>(i);
  }
  return std::nullopt;
}

Views::Views(LedgerStore& ledger) : ledger_(&ledger), editions_(ledger) {}

Result<void> Views::apply(std::span<const Recorded> entries, std::span<const ViewRow> state_rows,
                          const wire::SignedHead& head) {
  std::unordered_map<std::string_view, UtcMillis> clocks;
  for (const Recorded& recorded : entries) {
    CROSSLINE_ASSERT(recorded.index == as_of_.position);
    if (recorded.entry.state) {
      place_person(*subject_of(recorded.event), recorded.status_before, *recorded.entry.state);
    }
    CROSSLINE_CHECK_OK(apply_body(recorded));
    clocks[recorded.entry.agent] = recorded.entry.occurred_at;
    as_of_.position = recorded.index.next();
    as_of_.received_at = recorded.entry.received_at;
  }
  for (const auto& [agent, last] : clocks) note(clock_row(std::string(agent), last));
  for (const ViewRow& row : state_rows) {
    if (row.kind == ViewKind::kQuotaDay) CROSSLINE_CHECK_OK(restore_quota(row, quotas_));
    if (row.kind == ViewKind::kQuotaUses) CROSSLINE_CHECK_OK(restore_quota_uses(row, quotas_));
    note(row);
  }
  as_of_.head = head;
  return {};
}

void Views::place_person(const movement::SubjectId& subject, movement::Status before,
                         const wire::StateAfter& after) {
  if (before != movement::Status::kUnknown) --status_counts_[static_cast<std::size_t>(before)];
  if (after.status != movement::Status::kUnknown) ++status_counts_[static_cast<std::size_t>(after.status)];

  if (const auto old = standing_.find(subject); old != standing_.end()) {
    const wire::StateAfter& state = old->second;
    if (state == after) return;
    between_.erase({state.since, state.since_index});
    remove_case(state.since_index, CaseKind::kDisputed);
    remove_case(state.since_index, CaseKind::kUnmatched);
    standing_.erase(old);
  }
  if (!stands(after)) return;
  standing_.emplace(subject, after);
  if (after.status == movement::Status::kBetween)
    between_.emplace(BetweenCursor{after.since, after.since_index}, subject);
  if (after.status == movement::Status::kDisputed) add_case(after.since_index, CaseKind::kDisputed, subject);
  if (after.unmatched) add_case(after.since_index, CaseKind::kUnmatched, subject);
}

Result<void> Views::apply_body(const Recorded& recorded) {
  if (const auto* movement = std::get_if<movement::Movement>(&recorded.event.body)) {
    shadow_.note(recorded);
    if (recorded.post) statistics_.add(recorded.day, *recorded.post, *movement, recorded.between_ms, 1);
    if (recorded.disagreement) {
      add_case(recorded.index, CaseKind::kDisagreement, movement->subject);
      note(disagreement_row(recorded.index, movement->subject));
    }
  } else if (const auto* closure = std::get_if<movement::Closure>(&recorded.event.body)) {
    apply_closure(*closure, recorded.index);
  } else if (const auto* act = std::get_if<movement::NoticeAct>(&recorded.event.body)) {
    apply_notice(*act, recorded);
  } else if (const auto* adopted = std::get_if<movement::EditionAdopted>(&recorded.event.body)) {
    const AdoptedEdition row{adopted->hash, recorded.index, recorded.entry.received_at};
    CROSSLINE_CHECK_OK(adopt(row));
    note(edition_row(row));
  }
  return recorded.corrected ? take_back(*recorded.corrected, *recorded.post) : Result<void>{};
}

Result<void> Views::take_back(LedgerIndex index, const movement::Post& post) {
  CROSSLINE_TRY(const HistoryRecord record, read_record(*ledger_, index));
  const auto* movement = std::get_if<movement::Movement>(&record.event.body);
  if (movement == nullptr || !record.entry.verdict) {
    return fail(ErrorCode::kCorruptData, "ledger entry {} was corrected and is no movement", index.value());
  }
  CROSSLINE_TRY(const procedure::Edition* edition, editions_.find(record.entry.edition));
  CROSSLINE_TRY(const auto waited_ms, between_ms(*ledger_, record));
  const auto day = static_cast<std::int32_t>(edition->local_day(record.entry.occurred_at));
  statistics_.add(day, post, *movement, waited_ms, -1);
  if (cases_.contains({index, CaseKind::kDisagreement})) {
    remove_case(index, CaseKind::kDisagreement);
    note(disagreement_gone(index));
  }
  return {};
}

Result<void> Views::adopt(AdoptedEdition adopted) {
  CROSSLINE_TRY(const procedure::Edition* edition, editions_.find(adopted.hash));
  book_.add(*edition);
  adoptions_.push_back(std::move(adopted));
  return {};
}

void Views::apply_closure(const movement::Closure& closure, LedgerIndex index) {
  if (!closure.lifted) {
    closures_.emplace(index, closure);
    note(closure_row(index, closure));
    return;
  }
  std::erase_if(closures_, [&](const auto& entry) {
    const auto& [made, open] = entry;
    if (open.checkpoint != closure.checkpoint || open.party != closure.party) return false;
    note(closure_gone(made));
    return true;
  });
}

void Views::apply_notice(const movement::NoticeAct& act, const Recorded& recorded) {
  if (!notices_.take(act, recorded.entry.occurred_at, recorded.index)) return;
  const StandingNotice* notice = notices_.find(act.subject);
  note(notice == nullptr ? notice_gone(act.subject) : notice_row(*notice));
}

void Views::add_case(LedgerIndex entry, CaseKind kind, const movement::SubjectId& subject) {
  if (cases_.emplace(CaseCursor{entry, kind}, subject).second) ++case_counts_[static_cast<std::size_t>(kind)];
}

void Views::remove_case(LedgerIndex entry, CaseKind kind) {
  if (cases_.erase({entry, kind}) > 0) --case_counts_[static_cast<std::size_t>(kind)];
}

std::vector<Standing> Views::between(std::optional<BetweenCursor> after, std::size_t limit) const {
  std::vector<Standing> page;
  auto place = after ? between_.upper_bound(*after) : between_.begin();
  for (; place != between_.end() && page.size() < limit; ++place) {
    page.push_back({place->second, standing_.at(place->second)});
  }
  return page;
}

std::vector<Case> Views::cases(std::optional<CaseKind> kind, std::optional<CaseCursor> after,
                               std::size_t limit) const {
  std::vector<Case> page;
  auto place = after ? cases_.upper_bound(*after) : cases_.begin();
  for (; place != cases_.end() && page.size() < limit; ++place) {
    if (!kind || place->first.kind == *kind)
      page.push_back({place->first.entry, place->first.kind, place->second});
  }
  return page;
}

std::vector<movement::Closure> Views::closures(UtcMillis now) const {
  std::vector<movement::Closure> open;
  for (const auto& [index, closure] : closures_) {
    if (now < closure.until) open.push_back(closure);
  }
  std::stable_sort(open.begin(), open.end(),
                   [](const movement::Closure& a, const movement::Closure& b) { return a.from < b.from; });
  return open;
}

std::size_t Views::changed_rows() const {
  std::size_t count = 0;
  for (const auto& of_kind : changed_) count += of_kind.size();
  return count;
}

std::vector<ViewRow> Views::take_rows() {
  const auto changes = statistics_.take_changes();
  for (const auto& [key, cell] : changes.cells) note(cell_row(key, cell));
  for (const auto& [key, count] : changes.articles) note(article_row(key, count));
  if (as_of_.head) note(head_row(as_of_.head->head));
  std::vector<ViewRow> rows;
  rows.reserve(changed_rows());
  for (std::size_t kind = 0; kind < changed_.size(); ++kind) {
    for (auto& [key, value] : changed_[kind])
      rows.push_back({static_cast<ViewKind>(kind), key, std::move(value)});
    changed_[kind].clear();
  }
  return rows;
}

void Views::note(ViewRow row) {
  changed_[static_cast<std::size_t>(row.kind)][std::move(row.key)] = std::move(row.value);
}

Result<void> Views::restore(const ViewRow& row) {
  switch (row.kind) {
    case ViewKind::kSubject:
    case ViewKind::kAgentClock:
    case ViewKind::kQuotaDay:
    case ViewKind::kQuotaUses:
      return {};  // the world's
    case ViewKind::kLedgerHead:
      return {};  // compared before the views are believed
    case ViewKind::kClosure: {
      CROSSLINE_TRY(auto closure, closure_from(row));
      closures_.insert(std::move(closure));
      return {};
    }
    case ViewKind::kNotice: {
      CROSSLINE_TRY(const StandingNotice notice, notice_from(row));
      notices_.restore(notice);
      return {};
    }
    case ViewKind::kCell:
      return restore_cell(row, statistics_);
    case ViewKind::kArticle:
      return restore_article(row, statistics_);
    case ViewKind::kDisagreement: {
      CROSSLINE_TRY(const auto disagreement, disagreement_from(row));
      add_case(disagreement.first, CaseKind::kDisagreement, disagreement.second);
      return {};
    }
    case ViewKind::kEdition: {
      CROSSLINE_TRY(AdoptedEdition adopted, edition_from(row));
      return adopt(std::move(adopted));
    }
  }
  return fail(ErrorCode::kCorruptData, "a view's row of an unknown kind");
}

void Views::restore(const movement::World& world, AsOf as_of) {
  as_of_ = std::move(as_of);
  quotas_ = world.line().quotas;
  for (const auto& [subject, state] : world.subjects()) {
    place_person(subject, movement::Status::kUnknown, state_after(state, world.names()));
  }
}

}  // namespace crossline::server
