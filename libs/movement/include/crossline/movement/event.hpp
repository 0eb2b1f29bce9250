// What happens at a post, as plain values. The bytes are libs/wire's business (docs/formats/event.md).
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/base/strong.hpp"
#include "crossline/base/time.hpp"
#include "crossline/crypto/commitment.hpp"
#include "crossline/procedure/facts.hpp"
#include "crossline/procedure/verdict.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace crossline::movement {

using crypto::SubjectId;
using procedure::name_of;
using procedure::PostSide;
using procedure::Relation;  // what a companion is to the person of the movement
using procedure::Sex;
using procedure::Side;
using procedure::Verdict;

[[nodiscard]] constexpr Side other(Side side) {
  return side == Side::kA ? Side::kB : Side::kA;
}
[[nodiscard]] std::optional<PostSide> post_side_from(std::string_view name);
[[nodiscard]] std::optional<Relation> relation_from(std::string_view name);

// Exit and entry are seen from the post's own side; a joint post does both in one act, named by where it
// leads.
enum class Direction : std::uint8_t { kExit, kEntry, kAToB, kBToA };
[[nodiscard]] std::string_view name_of(Direction direction);  // "exit", "entry", "a_to_b", "b_to_a"
[[nodiscard]] std::optional<Direction> direction_from(std::string_view name);
// A and B posts do exits and entries, a joint post the two crossings.
[[nodiscard]] bool direction_fits(PostSide post, Direction direction);

// What physically happened after the verdict. Only kPassed changes a status.
enum class Outcome : std::uint8_t { kPassed, kReferred, kRefused, kTurnedBack, kAbandoned };
[[nodiscard]] std::string_view name_of(
    Outcome outcome);  // "passed", "referred", "refused", "turned_back", "abandoned"

struct Post {
  std::string checkpoint;
  PostSide side = PostSide::kA;
  friend bool operator==(const Post&, const Post&) = default;
};

struct Companion {
  SubjectId subject;
  Relation relation = Relation::kRelative;
  friend bool operator==(const Companion&, const Companion&) = default;
};

using GroupId = std::array<std::uint8_t, 8>;

// What the officer declared about a movement. Nothing said is unknown, never "no".
struct DeclaredGoods {
  std::string kind;  // "cash"
  std::string unit;  // "EUR"; empty when they are counted in pieces
  std::int64_t amount = 0;
  friend bool operator==(const DeclaredGoods&, const DeclaredGoods&) = default;
};
struct DeclaredConvoy {
  std::uint32_t vehicles = 0;
  std::uint32_t persons = 0;
  bool escorted = false;
  friend bool operator==(const DeclaredConvoy&, const DeclaredConvoy&) = default;
};
// A fact that the edition declares: `number` holds a bool (0 or 1), an integer or a date (days since
// 1970-01-01); `word` holds an enumerated value.
struct DeclaredFact {
  std::string name;
  std::int64_t number = 0;
  std::string word;
  friend bool operator==(const DeclaredFact&, const DeclaredFact&) = default;
};
struct Declaration {
  std::optional<procedure::Mode> mode;
  std::optional<DeclaredConvoy> convoy;
  std::optional<std::vector<DeclaredGoods>> goods;  // a kind not named is not carried
  std::optional<bool> weapons;                      // carries any
  std::optional<bool> arms_handed_over;
  std::vector<DeclaredFact> facts;
  friend bool operator==(const Declaration&, const Declaration&) = default;
};
[[nodiscard]] std::optional<procedure::Mode> mode_from(std::string_view name);  // "on_foot", "vehicle"

struct Movement {
  SubjectId subject;
  Direction direction = Direction::kExit;
  Outcome outcome = Outcome::kPassed;
  std::string category;  // empty when the officer could not tell
  Sex sex = Sex::kUnspecified;
  std::optional<std::uint16_t> age_years;  // on the local day of the movement
  std::string document_kind;
  std::string document_issuer;
  std::optional<std::int32_t> document_valid_days;  // left on the local day; negative when expired
  bool document_repaired = false;
  std::vector<Companion> companions;
  std::optional<crypto::Hash> commitment;  // only when the identity travels with this event
  std::optional<GroupId> group;
  Declaration declared;

  // What the post decided: the verdict the officer saw and the articles cited for it.
  Verdict verdict = Verdict::kRefuse;
  std::vector<std::string> articles;
  std::optional<Verdict> local_verdict;  // what the agent alone decided, when the server's answer differed
  bool decided_offline = false;
  std::uint32_t edition = 0;

  friend bool operator==(const Movement&, const Movement&) = default;
};

// Takes back one movement of the same agent: a mistake at the desk, never a deletion.
struct Correction {
  JournalIndex journal_index;
  SubjectId subject;
  std::string reason;
  friend bool operator==(const Correction&, const Correction&) = default;
};

// A checkpoint closed over [from, until), or a closure lifted.
struct Closure {
  std::string checkpoint;
  bool lifted = false;
  UtcMillis from;
  UtcMillis until;
  std::string reason;
  std::string party;
  friend bool operator==(const Closure&, const Closure&) = default;
};

struct ListChange {
  std::string list;
  SubjectId subject;
  bool removed = false;
  std::string party;
  std::string reason;
  friend bool operator==(const ListChange&, const ListChange&) = default;
};

struct Shift {
  bool started = true;
  Direction direction = Direction::kExit;
  friend bool operator==(const Shift&, const Shift&) = default;
};

struct JournalHeartbeat {
  std::uint64_t unsent = 0;
  friend bool operator==(const JournalHeartbeat&, const JournalHeartbeat&) = default;
};

struct Lookup {
  std::optional<SubjectId> subject;
  std::string purpose;
  std::string case_number;
  std::string role;
  std::string party;
  bool found = false;
  friend bool operator==(const Lookup&, const Lookup&) = default;
};

// One party's word on a disputed status; it counts when both sides' supervisors say the same.
struct Resolution {
  SubjectId subject;
  Side status = Side::kA;
  Side party = Side::kA;
  std::string reason;
  friend bool operator==(const Resolution&, const Resolution&) = default;
};

// A party permits something to a person over [valid_from, valid_until), or takes back all that it permitted
// of this kind.
struct PermitChange {
  std::string kind;
  SubjectId subject;
  bool withdrawn = false;
  UtcMillis valid_from;
  UtcMillis valid_until;
  std::string party;
  std::string reason;
  friend bool operator==(const PermitChange&, const PermitChange&) = default;
};

// One person's word that an article shall not stop somebody. Whose words suffice, and for how long, is the
// edition's matter.
struct OverrideGrant {
  SubjectId subject;
  std::string article;
  std::string role;  // of the signer, with the party: "A.shift_lead"
  std::string reason;
  friend bool operator==(const OverrideGrant&, const OverrideGrant&) = default;
};

// Room of a quota's local day that a post may give away without a link.
struct QuotaLease {
  std::string quota;
  std::string agent;
  std::int32_t day = 0;     // of the procedure's clock, since 1970-01-01
  std::int64_t amount = 0;  // more than it let through already
  std::string party;
  std::string reason;
  // What the post had let through beyond its earlier leases, of what the ledger had before this one.
  std::int64_t spent = 0;
  friend bool operator==(const QuotaLease&, const QuotaLease&) = default;
};

// One step of the advance notice of a person's movement.
enum class NoticeStep : std::uint8_t { kGiven, kObjected, kApproved, kRejected, kWithdrawn };
[[nodiscard]] std::string_view name_of(NoticeStep step);  // "given", "objected", "approved", ...
[[nodiscard]] std::optional<NoticeStep> notice_step_from(std::string_view name);
struct NoticeAct {
  SubjectId subject;
  NoticeStep step = NoticeStep::kGiven;
  std::string party;
  std::string reason;
  friend bool operator==(const NoticeAct&, const NoticeAct&) = default;
};

struct EditionAdopted {
  std::uint32_t number = 0;
  crypto::Hash hash;
  friend bool operator==(const EditionAdopted&, const EditionAdopted&) = default;
};

// Another post's slip, as it was scanned and verified here.
struct SlipSeen {
  std::string slip;  // bytes of wire::encode_slip
  friend bool operator==(const SlipSeen&, const SlipSeen&) = default;
};

using Body =
    std::variant<Movement, Correction, Closure, ListChange, Shift, JournalHeartbeat, Lookup, Resolution,
                 EditionAdopted, SlipSeen, PermitChange, OverrideGrant, QuotaLease, NoticeAct>;

// The last ledger tree head the agent had seen: it bounds the event's true time from below.
struct Beacon {
  TreeSize size;
  crypto::Hash root;  // all zero when size is 0
  friend bool operator==(const Beacon&, const Beacon&) = default;
};

struct Event {
  std::string agent;
  JournalIndex journal_index;
  UtcMillis recorded_at;        // the agent's clock
  std::uint64_t steady_ms = 0;  // since boot
  std::uint64_t boot_id = 0;
  Beacon beacon;
  std::string officer;
  Body body;
  friend bool operator==(const Event&, const Event&) = default;
};

// Bounds on names that people and posts carry, shared by every reader of events.
inline constexpr std::size_t kMaxNameBytes = 64;
inline constexpr std::size_t kMaxReasonBytes = 500;
inline constexpr std::int64_t kMaxLease = 10'000'000;               // no quota is larger
inline constexpr std::int32_t kMaxLocalDay = 1'000'000;             // since 1970-01-01
inline constexpr std::int64_t kMaxGoodsAmount = 1'000'000'000'000;  // in whatever unit

}  // namespace crossline::movement
