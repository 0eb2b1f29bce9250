// What a procedure asks of the advance notice of a person (`notified`), and where a notice stands under it:
// for people who have to know what is due by when. Says what the evaluator says (docs/procedure-language.md,
// "Notices").
#pragma once

#include "crossline/base/time.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/facts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace crossline::procedure {

// The operand of one `notified`.
struct NoticeTerms {
  std::vector<std::string> articles;  // that ask for it, in the edition's order
  std::int64_t hours_before = 0;
  std::optional<std::int64_t> objection_within;  // hours after the notice; nothing: at any time
  bool decided = false;                          // a ruling is needed without an objection too
};

// Each different one, in the order in which the edition's articles first ask for it.
[[nodiscard]] std::vector<NoticeTerms> notice_terms(const Edition& edition);

// The step that a notice has reached. kGiven: an objection would still count. kObjected: one does, and nobody
// has ruled. kDecided: the ruling counts. kLapsed: the time for an objection is over without one that counts.
enum class NoticeStage : std::uint8_t { kGiven, kObjected, kDecided, kLapsed };
[[nodiscard]] std::string_view name_of(NoticeStage stage);  // "given", "objected", "decided", "lapsed"

struct NoticeOutlook {
  NoticeStage stage = NoticeStage::kGiven;
  bool may_object = false;               // an objection would count now
  std::optional<UtcMillis> object_by;    // the last instant at which it would; nothing: at any time
  bool needs_ruling = false;             // without one the person is unknown
  UtcMillis hours_end;                   // from here on the notice is old enough: a ruling is needed by then
  std::optional<UtcMillis> counts_from;  // when nothing more happens; nothing: it does not count as it stands
};

// Where `notice`, which was given, stands at `now`.
[[nodiscard]] NoticeOutlook outlook(const NoticeTerms& terms, const Notice& notice, UtcMillis now);

}  // namespace crossline::procedure
