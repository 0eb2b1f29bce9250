// One delivery of a reader, from the document to the record.
//
//   read --> kUnreadable        a check digit or the framing is wrong: nothing recorded
//     |----> kRepeated          the same document passed here a moment ago: nothing recorded
//     |----> kConfirmReading    characters were repaired: the officer compares them with the document
//     |----> kChooseCategory    several categories fit: the officer chooses
//     v
//   kCollected                  in an open group: decided when it is closed
//     v
//   kAsking                     the server has been asked
//     v
//   kDecided                    allow: waits for Enter or Esc; refer and refuse: recorded before it is shown
//     v
//   kDone
#pragma once

#include "crossline/agent/assessment.hpp"
#include "crossline/agent/traveller.hpp"
#include "crossline/documents/mrz.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace crossline::agent {

enum class Step : std::uint8_t {
  kUnreadable,
  kRepeated,
  kConfirmReading,
  kChooseCategory,
  kCollected,
  kAsking,
  kDecided,
  kDone,
};
// "unreadable", "repeated", "confirm_reading", "choose_category", "collected", "asking", "decided", "done"
[[nodiscard]] std::string_view name_of(Step step);

// Random; names one scan between the page and the agent, and says nothing about the person.
using ScanId = std::array<std::uint8_t, 8>;

// Who accompanies a member of a group, and what that one is to them.
struct With {
  ScanId scan{};
  movement::Relation relation = movement::Relation::kParent;
  friend bool operator==(const With&, const With&) = default;
};

// The passage that a second scan repeats.
struct Repeated {
  JournalIndex index;
  UtcMillis at;
  movement::Direction direction = movement::Direction::kExit;
};

struct Recorded {
  JournalIndex index;
  movement::Outcome outcome = movement::Outcome::kPassed;
  UtcMillis at;
};

// Holds personal data: never log it.
struct Scan {
  ScanId id{};
  Step step = Step::kUnreadable;
  std::uint64_t started_ms = 0;  // steady

  std::optional<documents::Mrz>
      unusable;  // kUnreadable: with the evidence of what is wrong, when it was a zone at all
  std::optional<Repeated> repeated;    // kRepeated
  std::optional<Traveller> traveller;  // from kConfirmReading on
  std::optional<With> with;

  std::optional<Assessment> local;       // what the agent alone decides
  std::optional<Assessment> shown;       // what counts: the server's, or the local one
  std::optional<std::uint64_t> consult;  // the question that the server has not answered yet
  bool decided_offline = false;          // the server did not answer in time, or was not asked
  std::optional<Recorded> recorded;

  [[nodiscard]] bool is_allowed() const { return shown && shown->verdict == movement::Verdict::kAllow; }
  // The movement as it is recorded, but for the commitment. Requires shown and local.
  [[nodiscard]] movement::Movement movement(movement::Outcome outcome) const;
};

}  // namespace crossline::agent
