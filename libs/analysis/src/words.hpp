// The words in which persons and findings are told, in both languages at once.
#pragma once

#include "crossline/analysis/finding.hpp"
#include "crossline/procedure/edition.hpp"

#include <string>
#include <string_view>

namespace crossline::analysis {

// A fact that a person is told by.
enum class Label : std::uint8_t {
  kCategory,
  kMovement,
  kCheckpoint,
  kToward,
  kTime,
  kResidence,
  kDocument,
  kIssuer,
  kDaysLeft,
  kReadable,
  kAge,
  kSex,
  kAccompanied,
  kCompanions,
  kClosed,
  kAlternates,
  kMode,
  kWeapons,
  kArms,
  kList,
  kPermit,
  kUsedA,
  kUsedB,
  kAbsentA,
  kAbsentB,
  kToday,
  kThisWeek,
  kThisMonth,
  kQuota,
  kNotice,
  kObjection,
  kRuling,
  kGoods,
  kConvoy,
  kFact,
};

// "age: 15"; `about` stands in the label: "days on side B in 180: 91".
[[nodiscard]] Words told(Label label, const Words& about, const Words& value);
[[nodiscard]] Words plain(std::string_view same_in_both);
[[nodiscard]] Words not_known();
[[nodiscard]] Words yes_or_no(bool yes);
// A name of the language or of the edition.
[[nodiscard]] Words name_in_words(const procedure::Edition& edition, procedure::PredicateKind kind,
                                  std::string_view name);
// "Thursday 2026-10-01 07:00 to 18:30" on the edition's clock.
[[nodiscard]] Words time_in_words(const procedure::Edition& edition, UtcMillis from, UtcMillis until);
[[nodiscard]] std::string date_of(std::int64_t days_since_1970);
// "allow" for people: "let pass".
[[nodiscard]] Words in_words(procedure::Verdict verdict);

}  // namespace crossline::analysis
