#include "fold_check.hpp"

#include "crossline/wire/event_codec.hpp"

#include <utility>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace crossline::audit {
namespace {

using movement::name_of;

Finding differs(FindingKind kind, LedgerIndex at, const wire::LedgerEntry& entry, std::string said,
                std::string folded) {
  Finding finding{.kind = kind,
                  .entry = at,
                  .agent = entry.agent,
                  .words = fmt::format("the entry says {}, the fold {}", said, folded),
                  .evidence = {},
                  .repeats = 0};
  finding.evidence = {{"entry_says", std::move(said)}, {"fold_says", std::move(folded)}};
  return finding;
}

std::string verdict_text(const std::optional<movement::Verdict>& verdict) {
  return verdict ? std::string(name_of(*verdict)) : "no verdict";
}

std::string index_text(const std::optional<LedgerIndex>& index) {
  return index ? fmt::format("entry {}", index->value()) : "no entry";
}

}  // namespace

Result<const procedure::Edition*> FoldCheck::find_edition(const crypto::Hash& hash) {
  auto known = editions_.find(hash);
  if (known == editions_.end()) {
    CROSSLINE_TRY(const auto sealed, source_->edition(hash));
    std::optional<procedure::Edition> edition;
    if (sealed) {
      if (auto loaded = procedure::Edition::load(as_bytes(*sealed)); loaded && loaded->hash() == hash)
        edition = *std::move(loaded);
    }
    known = editions_.emplace(hash, std::move(edition)).first;
  }
  return known->second ? &*known->second : nullptr;
}

Result<void> FoldCheck::fetch(const crypto::Hash& edition) {
  CROSSLINE_CHECK_OK(find_edition(edition));
  return {};
}

Result<void> FoldCheck::adopt(LedgerIndex at, const movement::EditionAdopted& adopted, Findings& findings) {
  CROSSLINE_TRY(const procedure::Edition* edition, find_edition(adopted.hash));
  if (edition != nullptr) {
    book_.add(*edition);
    if (edition->number() == adopted.number) return {};
  }
  one_is_missing_ = one_is_missing_ || edition == nullptr;
  Finding finding{
      .kind = FindingKind::kUnknownEdition,
      .entry = at,
      .agent = {},
      .words = edition == nullptr
                   ? fmt::format("edition {} was adopted and cannot be had: nothing from here on can be "
                                 "decided again",
                                 adopted.number)
                   : fmt::format("edition {} was adopted as number {}", edition->number(), adopted.number),
      .evidence = {{"edition", adopted.hash.hex()}},
      .repeats = 0};
  findings.add(std::move(finding));
  return {};
}

Result<void> FoldCheck::take(LedgerIndex at, const wire::LedgerEntry& entry, const movement::Event& event,
                             const movement::Post* post, Findings& findings) {
  if (const auto* adopted = std::get_if<movement::EditionAdopted>(&event.body)) {
    CROSSLINE_CHECK_OK(adopt(at, *adopted, findings));
  }
  if (book_.empty() || one_is_missing_) {
    findings.add_once({.kind = FindingKind::kUnknownEdition,
                       .entry = at,
                       .agent = entry.agent,
                       .words = "no edition is known by which this entry could be decided again",
                       .evidence = {},
                       .repeats = 0},
                      "none");
    return {};
  }
  // The edition of the event's own time, as the server has to choose it.
  const procedure::Edition& edition =
      *book_.at(world_.occurred_at(event.agent, event.recorded_at, entry.received_at));
  const movement::Applied applied = world_.apply(edition, event, post, entry.received_at, at);
  if (applied.verdict) ++verdicts_;
  compare(at, entry, applied, edition, findings);
  return count(event, post, applied, edition);
}

void FoldCheck::compare(LedgerIndex at, const wire::LedgerEntry& entry, const movement::Applied& applied,
                        const procedure::Edition& edition, Findings& findings) const {
  if (entry.occurred_at != applied.occurred_at) {
    findings.add(differs(FindingKind::kWrongTime, at, entry, format_utc(entry.occurred_at),
                         format_utc(applied.occurred_at)));
  }
  if (entry.verdict != applied.verdict) {
    findings.add(differs(FindingKind::kWrongVerdict, at, entry, verdict_text(entry.verdict),
                         verdict_text(applied.verdict)));
  } else if (entry.verdict && entry.edition != edition.hash()) {
    findings.add(differs(FindingKind::kWrongEdition, at, entry, entry.edition.hex(), edition.hash().hex()));
  }
  if (entry.articles != applied.articles) {
    findings.add(differs(FindingKind::kWrongArticles, at, entry,
                         fmt::format("'{}'", fmt::join(entry.articles, " ")),
                         fmt::format("'{}'", fmt::join(applied.articles, " "))));
  }
  if (entry.conflict != applied.conflict) {
    findings.add(differs(FindingKind::kWrongCase, at, entry, entry.conflict ? "a case" : "no case",
                         applied.conflict ? "a case" : "no case"));
  }
  const movement::Presence* now = applied.subject ? &world_.find(*applied.subject)->now : nullptr;
  compare_state(at, entry, applied, now, findings);
  compare_chain(at, entry, applied, now, findings);
}

void FoldCheck::compare_state(LedgerIndex at, const wire::LedgerEntry& entry,
                              const movement::Applied& applied, const movement::Presence* now,
                              Findings& findings) const {
  static constexpr std::string_view kNone = "no person's state";
  const auto& state = entry.state;
  const bool same =
      state.has_value() == (now != nullptr) &&
      (now == nullptr ||
       (state->status == now->status && state->since == now->since && state->unmatched == now->unmatched &&
        (now->status != movement::Status::kBetween || state->came_from == now->came_from)));
  if (same) return;
  findings.add_once(
      differs(FindingKind::kWrongState, at, entry,
              state ? fmt::format("{} since {}", name_of(state->status), format_utc(state->since))
                    : std::string(kNone),
              now != nullptr ? fmt::format("{} since {}", name_of(now->status), format_utc(now->since))
                             : std::string(kNone)),
      applied.subject ? applied.subject->hex() : "");
}

// Where the person's records stand. One entry too many or too few moves all that follow, so this is one
// finding however many it shows in.
void FoldCheck::compare_chain(LedgerIndex at, const wire::LedgerEntry& entry,
                              const movement::Applied& applied, const movement::Presence* now,
                              Findings& findings) const {
  if (entry.previous != applied.previous) {
    return findings.add_once(differs(FindingKind::kBrokenChain, at, entry,
                                     "that the person's entry before is " + index_text(entry.previous),
                                     "that it is " + index_text(applied.previous)),
                             "");
  }
  if (!entry.state || now == nullptr) return;
  if (entry.state->since_index != now->by ||
      entry.state->since_checkpoint != world_.names().name(now->checkpoint)) {
    findings.add_once(differs(FindingKind::kBrokenChain, at, entry,
                              fmt::format("that entry {} made the status", entry.state->since_index.value()),
                              fmt::format("that entry {} did", now->by.value())),
                      "");
  }
}

Result<void> FoldCheck::count(const movement::Event& event, const movement::Post* post,
                              const movement::Applied& applied, const procedure::Edition& edition) {
  if (post == nullptr) return {};
  if (const auto* movement = std::get_if<movement::Movement>(&event.body)) {
    const auto day = static_cast<std::int32_t>(edition.local_day(applied.occurred_at));
    statistics_.add(day, *post, *movement, applied.between_ms, 1);
  }
  return applied.corrected ? take_back(*applied.corrected, *post) : Result<void>{};
}

// How long a movement that stands in the ledger had ended a stay between the posts, as the fold said then.
Result<std::optional<std::int64_t>> FoldCheck::between_ms(LedgerIndex at, const wire::LedgerEntry& entry) {
  const bool took_effect =
      entry.state && entry.state->since_index == at && entry.state->status != movement::Status::kDisputed;
  if (!took_effect || !entry.previous) return std::nullopt;
  CROSSLINE_TRY(const auto bytes, source_->read(*entry.previous, 1));
  if (bytes.empty()) return std::nullopt;
  const auto before = wire::decode_ledger_entry(as_bytes(bytes.front()));
  if (!before || !before->state || before->state->status != movement::Status::kBetween) return std::nullopt;
  return std::optional(entry.occurred_at.ms - before->state->since.ms);
}

// A correction takes its movement out of the figures of the day it was counted in.
Result<void> FoldCheck::take_back(LedgerIndex corrected, const movement::Post& post) {
  CROSSLINE_TRY(const auto bytes, source_->read(corrected, 1));
  if (bytes.empty()) return fail(ErrorCode::kNotFound, "the source gives no entry {}", corrected.value());
  const auto entry = wire::decode_ledger_entry(as_bytes(bytes.front()));
  if (!entry) return {};  // found when it was read first
  const auto event = wire::decode_event(as_bytes(entry->event));
  const auto* movement = event ? std::get_if<movement::Movement>(&event->body) : nullptr;
  if (movement == nullptr) return {};
  CROSSLINE_TRY(const procedure::Edition* edition, find_edition(entry->edition));
  if (edition == nullptr) edition = book_.at(entry->occurred_at);
  CROSSLINE_TRY(const auto waited_ms, between_ms(corrected, *entry));
  statistics_.add(static_cast<std::int32_t>(edition->local_day(entry->occurred_at)), post, *movement,
                  waited_ms, -1);
  return {};
}

}  // namespace crossline::audit
