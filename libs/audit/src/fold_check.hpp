// What the server made of the events, made again and compared.
#pragma once

#include "crossline/audit/auditor.hpp"
#include "crossline/movement/statistics.hpp"
#include "crossline/movement/world.hpp"
#include "crossline/procedure/edition_book.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "findings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace crossline::audit {

class FoldCheck {
 public:
  explicit FoldCheck(LedgerSource& source) : source_(&source) {}

  // Fetches the edition, so that take() finds it here. The error is the source's.
  Result<void> fetch(const crypto::Hash& edition);

  // Folds the event and compares what the entry says. `post` is the agent's in the registry; null for the
  // office. The error is the source's.
  Result<void> take(LedgerIndex at, const wire::LedgerEntry& entry, const movement::Event& event,
                    const movement::Post* post, Findings& findings);

  [[nodiscard]] const movement::World& world() const { return world_; }
  [[nodiscard]] const movement::StatisticsCube& statistics() const { return statistics_; }
  [[nodiscard]] const procedure::EditionBook& editions() const { return book_; }
  [[nodiscard]] std::uint64_t verdicts() const { return verdicts_; }

 private:
  Result<void> adopt(LedgerIndex at, const movement::EditionAdopted& adopted, Findings& findings);
  Result<const procedure::Edition*> find_edition(const crypto::Hash& hash);
  void compare(LedgerIndex at, const wire::LedgerEntry& entry, const movement::Applied& applied,
               const procedure::Edition& edition, Findings& findings) const;
  // `now`: where the fold has the person after the entry; null when it concerns nobody.
  void compare_state(LedgerIndex at, const wire::LedgerEntry& entry, const movement::Applied& applied,
                     const movement::Presence* now, Findings& findings) const;
  void compare_chain(LedgerIndex at, const wire::LedgerEntry& entry, const movement::Applied& applied,
                     const movement::Presence* now, Findings& findings) const;
  Result<void> count(const movement::Event& event, const movement::Post* post,
                     const movement::Applied& applied, const procedure::Edition& edition);
  Result<std::optional<std::int64_t>> between_ms(LedgerIndex at, const wire::LedgerEntry& entry);
  Result<void> take_back(LedgerIndex corrected, const movement::Post& post);

  LedgerSource* source_;
  movement::World world_;
  movement::StatisticsCube statistics_;
  std::unordered_map<crypto::Hash, std::optional<procedure::Edition>> editions_;  // nothing: not to be had
  procedure::EditionBook book_;
  bool one_is_missing_ = false;  // adopted, and the source does not have it
  std::uint64_t verdicts_ = 0;
};

}  // namespace crossline::audit
