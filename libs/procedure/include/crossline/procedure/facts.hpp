// The facts of one decision. Every fact is known, with its source and age, or unknown; a decision is a
// pure function of (edition, facts, instant).
//
// Facts own nothing: every string_view and span points into storage of the caller, which must stay valid
// and unchanged while the Facts, or a Decision made from them, are used. Copying is a plain memory copy.
// A member that nobody sets is unknown; a new kind of fact is a new member and changes no existing user.
#pragma once

#include "crossline/base/time.hpp"
#include "crossline/procedure/verdict.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace crossline::procedure {

// Who vouches for a fact.
enum class Source : std::uint8_t { kDocument, kOfficer, kReplica, kServer, kAgent };

[[nodiscard]] std::string_view name_of(Source source);

// A value with its source and age, or unknown (missing, stale, contradictory, its source out of reach).
// `value` means nothing while `known` is false.
template <class T>
struct Fact {
  T value{};
  bool known = false;
  Source source = Source::kAgent;
  std::int64_t age_ms = 0;  // time since the source established it; 0 for what was just read

  constexpr Fact() = default;
  constexpr Fact(T known_value, Source from, std::int64_t age = 0)
      : value(known_value), known(true), source(from), age_ms(age) {}
};

// As a three-valued truth.
[[nodiscard]] constexpr Truth truth(const Fact<bool>& fact) {
  return fact.known ? truth(fact.value) : Truth::kUnknown;
}

enum class Side : std::uint8_t { kA, kB };                       // "A", "B"
enum class PostSide : std::uint8_t { kA, kB, kJoint };           // "A", "B", "joint"
enum class Direction : std::uint8_t { kEntry, kExit };           // "entry", "exit"
enum class Sex : std::uint8_t { kFemale, kMale, kUnspecified };  // "female", "male", "unspecified"
enum class Mode : std::uint8_t { kOnFoot, kVehicle };            // "on_foot", "vehicle"

// What an accompanying person is to the person decided about ("my parent is with me").
enum class Relation : std::uint8_t {
  kParent,
  kGuardian,
  kSpouse,
  kChild,
  kRelative,
  kCaregiver,
  kPatient,
  kEscort
};
inline constexpr std::size_t kRelations = 8;

// A set of relations in one word.
class RelationSet {
 public:
  constexpr RelationSet() = default;
  constexpr void add(Relation relation) { bits_ = static_cast<std::uint16_t>(bits_ | bit(relation)); }
  [[nodiscard]] constexpr bool contains(Relation relation) const { return (bits_ & bit(relation)) != 0; }
  [[nodiscard]] constexpr bool intersects(RelationSet other) const { return (bits_ & other.bits_) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(RelationSet, RelationSet) = default;

 private:
  static constexpr unsigned bit(Relation relation) { return 1u << static_cast<unsigned>(relation); }
  std::uint16_t bits_ = 0;
};

[[nodiscard]] std::string_view name_of(Side side);
[[nodiscard]] std::string_view name_of(PostSide side);
[[nodiscard]] std::string_view name_of(Direction direction);
[[nodiscard]] std::string_view name_of(Sex sex);
[[nodiscard]] std::string_view name_of(Mode mode);
[[nodiscard]] std::string_view name_of(Relation relation);

// One list copy that the deciding machine holds: is the person on it? The fact's age is the copy's age.
// A list without an entry here is unknown, so hand over every copy held, the empty ones too.
struct ListFact {
  std::string_view list;
  Fact<bool> on;
};

// A permit of the person, valid in [valid_from, valid_until).
struct Permit {
  std::string_view kind;
  UtcMillis valid_from;
  UtcMillis valid_until;
};

// A stay on one side: entered and left; `left` is kStillPresent while it lasts. A stay whose exit is
// missing makes the whole presence fact unknown, so it is never handed over as one of these.
struct Stay {
  UtcMillis entered;
  UtcMillis left;
};
inline constexpr UtcMillis kStillPresent{INT64_MAX};

// How often the person already moved in this direction in the running local day, ISO week and month of
// the procedure's clock (see Edition::local_day), this movement not counted.
struct CrossingCounts {
  Fact<std::int64_t> today;
  Fact<std::int64_t> this_week;
  Fact<std::int64_t> this_month;
};

// What is left today of a quota that the edition names; offline, what is left of the agent's lease.
struct QuotaFact {
  std::string_view quota;
  Fact<std::int64_t> left;
};

// Goods declared for this movement, and what the person carried of them earlier in the running periods.
struct Goods {
  std::string_view kind;
  std::string_view unit;
  std::int64_t amount = 0;
  CrossingCounts earlier;  // amounts, in the same unit
};

// `Notice::notified_at` of somebody whom nobody announced: a known fact.
inline constexpr UtcMillis kNeverNotified{INT64_MAX};

// The advance notice of a person's movement.
struct Notice {
  enum class Objection : std::uint8_t { kNone, kRaised };
  enum class Ruling : std::uint8_t { kPending, kApproved, kRejected };
  UtcMillis notified_at;
  Objection objection = Objection::kNone;
  UtcMillis objected_at;  // when raised
  Ruling ruling = Ruling::kPending;
  UtcMillis ruled_at;  // when not pending
};

// All zero for whoever crosses outside a convoy.
struct Convoy {
  std::int64_t vehicles = 0;
  std::int64_t persons = 0;
  bool escorted = false;
};

// A fact that the edition declares and an officer records: `number` holds a bool (0 or 1), an integer or
// a date (days since 1970-01-01); `word` holds an enumerated value.
struct DeclaredValue {
  std::int64_t number = 0;
  std::string_view word;
};
struct DeclaredFact {
  std::string_view name;
  Fact<DeclaredValue> value;
};

// A signed override of one article. The caller has verified every signature and that the signers are
// different people; whether they suffice is the edition's matter.
struct Override {
  std::string_view article;
  UtcMillis granted_at;
  std::span<const std::string_view> signer_roles;  // "A.shift_lead", one for each signer
};

struct Facts {
  // The movement
  Fact<Direction> direction;
  Fact<std::string_view> checkpoint;
  Fact<PostSide> post_side;
  Fact<Side> toward;     // the side that this movement leads to: an entry at A and an exit at B lead to A
  Fact<bool> returning;  // the person is `between` and goes back to where they came from
  Fact<Mode> mode;
  Fact<Convoy> convoy;

  // The person and the document
  Fact<std::string_view> category;
  Fact<Side> side_of_residence;
  Fact<std::string_view> document_kind;
  Fact<std::string_view> document_issuer;
  Fact<std::int64_t>
      document_days_left;        // whole days of validity left after today; 0 on the last day, negative after
  Fact<bool> document_readable;  // false: nothing usable was presented
  Fact<std::int64_t> age_years;
  Fact<Sex> sex;
  Fact<RelationSet> accompanied_by;  // empty: nobody
  Fact<std::int64_t> companions;     // how many accompany this person as their principal

  // The state of the checkpoint and the person's record
  Fact<bool> closed;      // a closure is in effect at this checkpoint
  Fact<bool> alternates;  // the last recorded movement was the other direction
  std::span<const ListFact> lists;
  Fact<std::span<const Permit>> permits;
  Fact<std::span<const Stay>> stays_on_a;  // in order of entry, as far back as the edition's windows reach
  Fact<std::span<const Stay>> stays_on_b;
  CrossingCounts crossings;
  std::span<const QuotaFact> quotas;
  Fact<Notice> notice;

  // What the officer declares
  Fact<std::span<const Goods>> goods;  // a kind not named is not carried
  Fact<bool> weapons;                  // carries any
  Fact<bool> arms_handed_over;
  std::span<const DeclaredFact> declared;
  std::span<const Override> overrides;
};

}  // namespace crossline::procedure
