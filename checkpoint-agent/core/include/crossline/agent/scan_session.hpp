// What lies on the desk: one scan, or the scans of one group, from the reader to the record.
//
//   kIdle --scan--> kUnreadable            the document cannot be used; why, field by field
//              |--> kDuplicate             the same document passed here a moment ago
//              |--> kConfirmRead           characters were repaired: the officer compares them with the
//              document
//              |--> kChooseCategory        several categories fit: the officer chooses
//              v
//         (in a group: kGathering, until it is closed)
//              v
//          kAsking                         the server has been asked
//              v
//          kAllowed --Enter--> kDone       passed, recorded
//              |------Esc----> kDone       turned back, recorded
//              |------scan---------------> recorded as abandoned
//          kDone                           refer or refuse: recorded before it is shown
//          kNotRecorded                    the disk refused: nothing that is shown here happened
#pragma once

#include "crossline/agent/assessment.hpp"
#include "crossline/agent/traveller.hpp"
#include "crossline/documents/mrz.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::agent {

enum class Phase : std::uint8_t {
  kIdle,
  kUnreadable,
  kDuplicate,
  kConfirmRead,
  kChooseCategory,
  kGathering,
  kAsking,
  kAllowed,
  kDone,
  kNotRecorded,
};
// "idle", "unreadable", "duplicate", "confirm_read", "choose_category", "gathering", "asking", "allowed",
// "done", "not_recorded"
[[nodiscard]] std::string_view name_of(Phase phase);

// One person of the scan.
struct Person {
  Traveller traveller;
  std::optional<movement::Relation> principal_is;  // what the group's first person is to this one
  std::optional<Assessment> local;                 // what the agent alone decides
  std::optional<Assessment> shown;                 // what counts: the server's, or the local one
  std::optional<std::uint64_t> consult;            // the question the server has not answered yet
  std::optional<movement::Outcome> outcome;        // once recorded
  std::optional<JournalIndex> recorded;

  // The movement as it is decided and recorded, without the commitment.
  [[nodiscard]] movement::Movement movement(movement::Outcome outcome) const;
};

// A document that cannot be used, with evidence for each field that is not in order.
struct Unreadable {
  std::string message;                           // one sentence; no personal data
  std::vector<documents::FieldEvidence> fields;  // those that are wrong; empty when it is no zone at all
};

// The passage that a second scan repeats.
struct Duplicate {
  JournalIndex index;
  UtcMillis at;
  movement::Direction direction = movement::Direction::kExit;
};

// Pure bookkeeping: it records nothing, asks nobody and knows no time; Station does. Calls that do not fit
// the phase are kConflict and change nothing. One thread at a time.
class ScanSession {
 public:
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] const std::vector<Person>& persons() const { return persons_; }  // the principal first
  [[nodiscard]] const std::optional<Unreadable>& unreadable() const { return unreadable_; }
  [[nodiscard]] const std::optional<Duplicate>& duplicate() const { return duplicate_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }  // in kNotRecorded
  [[nodiscard]] bool is_group() const { return group_.has_value(); }
  // The worst of all persons' verdicts; nothing before all are decided.
  [[nodiscard]] std::optional<movement::Verdict> verdict() const;

  // Leaves the desk empty; the caller has recorded what had to be.
  void clear();
  // From now on scans are gathered into one group.
  Result<void> begin_group(const movement::GroupId& id);

  // Starts a scan, or adds to the group. Requires kIdle or kGathering.
  void show(Unreadable unreadable);
  void show(Duplicate duplicate);
  // Goes to kConfirmRead, kChooseCategory, kGathering, or stays (see ready_to_decide). In a group every
  // further person says what the first is to them.
  Result<void> present(Traveller traveller, std::optional<movement::Relation> principal_is);
  // The officer has compared the repaired characters with the document.
  Result<void> confirm_read();
  // One of the fitting categories.
  Result<void> choose_category(std::string_view category);
  // Takes back the person last scanned, or what the panel shows about one, while the group is gathered.
  Result<void> drop_last();
  // The group is complete: names everybody's companions.
  Result<void> close_group();
  // Everything is known of everybody, and nothing is decided.
  [[nodiscard]] bool ready_to_decide() const;

  // The direction in which all persons move.
  void set_direction(movement::Direction direction);
  // The agent's own assessment of a person, and the question sent to the server about them, if one was.
  void assess(std::size_t person, Assessment local, std::optional<std::uint64_t> consult);
  // The server's answer to one of the questions; false when nobody waits for it.
  bool answer(std::uint64_t consult, Assessment assessment);
  // Nobody waits any longer: `local` stands for the person at that position.
  void give_up(std::size_t person, Assessment local);
  [[nodiscard]] bool is_waiting() const;

  // All are decided: kAllowed when all may pass, otherwise kDone after the caller has recorded the attempts.
  void await_officer() { phase_ = Phase::kAllowed; }
  void done(movement::Outcome outcome_of_allowed, JournalIndex first);
  void not_recorded(Error error);

 private:
  [[nodiscard]] Result<void> require(Phase phase, std::string_view what) const;
  void settle_person();

  Phase phase_ = Phase::kIdle;
  std::vector<Person> persons_;
  std::optional<movement::GroupId> group_;
  bool closed_ = false;  // the group is complete
  std::optional<Unreadable> unreadable_;
  std::optional<Duplicate> duplicate_;
  std::optional<Error> error_;
};

}  // namespace crossline::agent
