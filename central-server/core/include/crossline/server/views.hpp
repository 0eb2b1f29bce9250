// What people ask of the ledger, kept ready: counts, who is between the posts, cases, closures, figures. A
// fold of the ledger with a position, and nothing that the ledger does not say.
#pragma once

#include "crossline/movement/statistics.hpp"
#include "crossline/movement/world.hpp"
#include "crossline/procedure/edition_book.hpp"
#include "crossline/server/batch.hpp"
#include "crossline/server/editions.hpp"
#include "crossline/server/notice_book.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace crossline::server {

// Up to where the views are complete.
struct AsOf {
  LedgerIndex position;                  // everything before it is counted
  std::optional<wire::SignedHead> head;  // of the ledger at that position; nothing while it is empty
  UtcMillis received_at;                 // of the last entry counted
};

// One person who stands between the posts, whose records contradict each other, or lack a counterpart.
struct Standing {
  movement::SubjectId subject;
  wire::StateAfter state;
};

// Why supervisors should look. kDisagreement: the server decides otherwise than the post did. kDisputed: the
// records contradict each other. kUnmatched: the counterpart of the person's last movement is missing.
enum class CaseKind : std::uint8_t { kDisagreement, kDisputed, kUnmatched };
inline constexpr std::size_t kCaseKinds = 3;
[[nodiscard]] std::string_view name_of(CaseKind kind);  // "disagreement", "disputed", "unmatched"
[[nodiscard]] std::optional<CaseKind> case_kind_from(std::string_view name);
struct Case {
  LedgerIndex entry;  // of the movement that made it a case
  CaseKind kind = CaseKind::kDisagreement;
  movement::SubjectId subject;
};

// Positions to go on from: a page begins after them. Never a subject.
struct BetweenCursor {
  UtcMillis since;
  LedgerIndex entry;
  friend auto operator<=>(const BetweenCursor&, const BetweenCursor&) = default;
};
struct CaseCursor {
  LedgerIndex entry;
  CaseKind kind = CaseKind::kDisagreement;
  // Newest first.
  friend bool operator<(const CaseCursor& a, const CaseCursor& b) {
    return a.entry != b.entry ? a.entry > b.entry : a.kind < b.kind;
  }
};

// One thread at a time. Movable.
class Views {
 public:
  // Reads from `ledger` what a correction took back, and editions.
  explicit Views(LedgerStore& ledger);

  // The next entries; requires them to follow position(). `head` is the ledger's after them. An error is the
  // store's, and the views are of no further use.
  Result<void> apply(std::span<const Recorded> entries, std::span<const ViewRow> state_rows,
                     const wire::SignedHead& head);
  Result<void> apply(const Committed& committed) {
    return apply(committed.entries(), committed.state_rows(), committed.head());
  }

  [[nodiscard]] const AsOf& as_of() const { return as_of_; }
  // Every edition that was adopted, in force already or not.
  [[nodiscard]] const procedure::EditionBook& editions() const { return book_; }
  // What the next edition would change.
  [[nodiscard]] const Shadow& shadow() const { return shadow_; }
  // In the order of adoption.
  [[nodiscard]] const std::vector<AdoptedEdition>& adoptions() const { return adoptions_; }
  // How many persons have each status, by movement::Status; those who are kUnknown are not counted.
  [[nodiscard]] const std::array<std::int64_t, 5>& status_counts() const { return status_counts_; }

  // Who is between the posts, longest first.
  [[nodiscard]] std::vector<Standing> between(std::optional<BetweenCursor> after, std::size_t limit) const;
  // Newest first; of one kind, or of all.
  [[nodiscard]] std::vector<Case> cases(std::optional<CaseKind> kind, std::optional<CaseCursor> after,
                                        std::size_t limit) const;
  [[nodiscard]] const std::array<std::int64_t, kCaseKinds>& case_counts() const { return case_counts_; }
  // Closures that were not lifted and end after `now`, soonest first.
  [[nodiscard]] std::vector<movement::Closure> closures(UtcMillis now) const;
  [[nodiscard]] const movement::StatisticsCube& statistics() const { return statistics_; }
  // The last days of every quota.
  [[nodiscard]] const movement::Quotas& quotas() const { return quotas_; }
  // The notices that stand.
  [[nodiscard]] const NoticeBook& notices() const { return notices_; }

  // Everything that changed since the last call, for the view store, complete up to as_of().position.
  [[nodiscard]] std::vector<ViewRow> take_rows();
  // Whether there is anything to take.
  [[nodiscard]] std::size_t changed_rows() const;

  // Restoring what take_rows() gave: row by row, then the world that holds the subjects and clocks of the
  // rows.
  Result<void> restore(const ViewRow& row);
  void restore(const movement::World& world, AsOf as_of);

 private:
  void place_person(const movement::SubjectId& subject, movement::Status before,
                    const wire::StateAfter& after);
  Result<void> apply_body(const Recorded& recorded);
  Result<void> take_back(LedgerIndex index, const movement::Post& post);
  Result<void> adopt(AdoptedEdition adopted);
  void note(ViewRow row);
  void apply_closure(const movement::Closure& closure, LedgerIndex index);
  void apply_notice(const movement::NoticeAct& act, const Recorded& recorded);
  void add_case(LedgerIndex entry, CaseKind kind, const movement::SubjectId& subject);
  void remove_case(LedgerIndex entry, CaseKind kind);

  LedgerStore* ledger_;
  Editions editions_;
  AsOf as_of_;
  procedure::EditionBook book_;
  std::vector<AdoptedEdition> adoptions_;
  Shadow shadow_;
  std::array<std::int64_t, 5> status_counts_{};
  std::unordered_map<movement::SubjectId, wire::StateAfter> standing_;
  std::map<BetweenCursor, movement::SubjectId> between_;
  std::map<CaseCursor, movement::SubjectId> cases_;
  std::array<std::int64_t, kCaseKinds> case_counts_{};
  std::map<LedgerIndex, movement::Closure> closures_;
  movement::StatisticsCube statistics_;
  movement::Quotas quotas_;  // the sequencer has its own, on another thread
  NoticeBook notices_;

  // What the view store does not have yet, by kind and key: a row that changes often is written once.
  std::array<std::unordered_map<std::string, std::optional<std::string>>, kViewKinds> changed_;
};

}  // namespace crossline::server
