// What the records say about one person, and about the line as a whole.
//
//            exit at S                  entry at O                      S = either side, O = the other
//   side_S ------------> between(S) ------------> side_O
//      ^                     |
//      +---- entry at S -----+  (turned back: never blocked)
//
//   unknown --exit S--> between(S)     unknown or side_O --entry S--> side_S, unmatched (its exit is missing)
//   anything else contradicts the records --> disputed, until the missing record arrives or both sides
//   resolve it
#pragma once

#include "crossline/movement/event.hpp"
#include "crossline/movement/history.hpp"
#include "crossline/movement/quota.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::movement {

enum class Status : std::uint8_t { kUnknown, kSideA, kSideB, kBetween, kDisputed };
[[nodiscard]] std::string_view name_of(
    Status status);  // "unknown", "side_a", "side_b", "between", "disputed"
[[nodiscard]] constexpr Status status_on(Side side) {
  return side == Side::kA ? Status::kSideA : Status::kSideB;
}

// Short ids for names that recur in every state (checkpoints, lists). Ids are local to one World and follow
// the order of first sight, so they are never compared between two worlds nor stored.
using NameId = Strong<struct NameIdTag, std::uint16_t>;
class Names {
 public:
  // The same id for the same name, always. At most 65,535 names: the registry and the edition bound them.
  NameId intern(std::string_view name);
  [[nodiscard]] std::optional<NameId> find(std::string_view name) const;
  [[nodiscard]] const std::string& name(NameId id) const;

 private:
  std::map<std::string, NameId, std::less<>> ids_;
  std::vector<const std::string*> names_;
};

// Orders movements in time, whatever order they arrived in: by when they occurred, then by agent and journal
// index.
struct MovementKey {
  UtcMillis occurred_at;
  std::uint64_t tie = 0;
  friend auto operator<=>(const MovementKey&, const MovementKey&) = default;
};
// The tie-breaker: four bytes that stand for the agent, then the low 32 bits of the journal index.
[[nodiscard]] constexpr std::uint64_t movement_tie(std::uint32_t agent_tag, JournalIndex index) {
  return (std::uint64_t{agent_tag} << 32) | (index.value() & 0xffff'ffffu);
}
// The agent of a tie.
[[nodiscard]] constexpr std::uint32_t tag_of(std::uint64_t tie) {
  return static_cast<std::uint32_t>(tie >> 32);
}
// SHA-256(agent)[:4].
[[nodiscard]] std::uint32_t agent_tag(std::string_view agent);

// SHA-256(account)[:8]: tells the people apart who gave their word, without their names.
[[nodiscard]] std::uint64_t signer_tag(std::string_view account);

// A movement that took place, reduced to what the status needs.
struct Step {
  MovementKey key;
  LedgerIndex entry;
  NameId checkpoint;
  PostSide post = PostSide::kA;
  Direction direction = Direction::kExit;
  std::int32_t day = 0;  // of the procedure's clock, since 1970-01-01
  friend bool operator==(const Step&, const Step&) = default;
};

// Where a person is, as of some moment.
struct Presence {
  Status status = Status::kUnknown;
  Side came_from = Side::kA;  // meaningful while kBetween
  bool unmatched = false;     // the movement that made it so has no counterpart on record
  NameId checkpoint;
  UtcMillis since;
  LedgerIndex by;  // ledger entry of the movement that made it so
  friend bool operator==(const Presence&, const Presence&) = default;
};

// The presence after `step`. Total: every step from every presence has an answer.
[[nodiscard]] Presence after(const Presence& before, const Step& step);

// True when `presence` is between and `direction` at `post` leads back to the side the person left.
[[nodiscard]] bool is_return(const Presence& presence, PostSide post, Direction direction);

struct ListEntry {
  NameId list;
  UtcMillis since;
  friend bool operator==(const ListEntry&, const ListEntry&) = default;
};

struct PermitEntry {
  std::string kind;
  std::string party;
  UtcMillis valid_from;
  UtcMillis valid_until;
  friend bool operator==(const PermitEntry&, const PermitEntry&) = default;
};

// One person's word for an override.
struct OverrideEntry {
  std::string article;
  std::string role;
  std::uint64_t signer = 0;  // signer_tag of the account that gave it
  UtcMillis granted_at;
  friend bool operator==(const OverrideEntry&, const OverrideEntry&) = default;
};

// The advance notice of a person's movement. Parties by their first letter.
struct NoticeEntry {
  UtcMillis notified_at;
  UtcMillis objected_at;  // when raised
  UtcMillis ruled_at;     // when not pending
  char party = 'A';       // that gave it
  char objector = 'B';    // when raised
  procedure::Notice::Objection objection = procedure::Notice::Objection::kNone;
  procedure::Notice::Ruling ruling = procedure::Notice::Ruling::kPending;
  friend bool operator==(const NoticeEntry&, const NoticeEntry&) = default;
};

// Goods that went with a movement.
struct Carried {
  MovementKey key;
  std::int32_t day = 0;
  Leg leg;
  std::string kind;
  std::string unit;
  std::int64_t amount = 0;
  friend bool operator==(const Carried&, const Carried&) = default;
};

// Everything the fold keeps about one person. The last movements stay open, in time order, so that a record
// that arrives late (its post was offline) takes its true place, and one that is corrected gives up its
// place: the status is a function of the set of movements, not of the order in which they arrived.
struct SubjectState {
  Presence settled;                  // before the first open movement
  std::vector<Step> open;            // in key order, at most limits::kMaxTrackedMovements
  Presence now;                      // after the last open movement
  PastHistory past;                  // stays and crossings before the first open movement
  std::vector<ListEntry> lists;      // in order of list id
  std::optional<Side> resolution_a;  // what side A's supervisors say, while disputed
  std::optional<Side> resolution_b;
  std::optional<LedgerIndex> last_entry;   // last ledger entry about the person, of any kind
  std::vector<PermitEntry> permits;        // in order of grant, at most limits::kMaxPermits
  std::vector<OverrideEntry> overrides;    // in order of grant, the last limits::kMaxOverrides
  std::optional<NoticeEntry> notice;       // the last one given, unless it was withdrawn
  std::vector<Carried> carried;            // in key order, the last limits::kMaxCarried
  std::int32_t carried_from_day = kNoDay;  // what was carried up to this day is not complete

  friend bool operator==(const SubjectState&, const SubjectState&) = default;

  // The presence just before a movement with this key would take its place.
  [[nodiscard]] Presence before(const MovementKey& key) const;
  // Puts a movement in its place and brings `now` up to date. A movement older than all that is settled
  // changes nothing and returns false: its record stands in the ledger, the status no longer depends on it.
  bool insert(const Step& step);
  // The same of a movement with which `goods` went.
  bool pass(const Step& step, std::span<const DeclaredGoods> goods);
  // The stays and crossings before a movement with this key, into `history`, whose vectors keep their
  // capacity. False when the movement is older than what is settled: then they are not known.
  bool history_before(const MovementKey& key, History& history) const;
  // Notes goods that went with a movement. Forgets the oldest beyond the bound, and remembers that it did.
  void carry(const Carried& goods);
  // Takes back the movement with this tie (agent and journal index). False when it is settled or never was.
  bool remove(std::uint64_t tie);
  void set_listed(NameId list, UtcMillis since, bool on);
  // Takes one party's word on a disputed status; when both say the same, settles the person there.
  void resolve(Side party, Side status, UtcMillis at, std::int32_t day, LedgerIndex by);
  // Adds what a party permits; when there are too many, those that have ended by `at` make room. False when
  // there is none.
  bool permit(PermitEntry entry, UtcMillis at);
  void withdraw_permits(std::string_view kind, std::string_view party);
  void grant_override(OverrideEntry entry);
  // Why `party` may not take this step now; empty when it may. Whoever gave a notice does not object to it,
  // and alone withdraws it or, unless it was rejected, gives it anew; whoever objected does not rule; without
  // an objection whoever gave it does not.
  [[nodiscard]] std::string_view notice_problem(NoticeStep step, std::string_view party) const;
  // Takes the step; one that the party may not take changes nothing. The last ruling counts.
  void take_notice(NoticeStep step, std::string_view party, UtcMillis at);
  // Settles the person on `side`, as both sides' supervisors agreed on local day `day`.
  void settle(Side side, UtcMillis at, std::int32_t day, LedgerIndex by);

 private:
  void refold();
};

// What is true of the line as a whole.
struct LineState {
  struct Closed {
    UtcMillis from;
    UtcMillis until;
    std::string party;
    std::string reason;
  };
  std::map<std::string, std::vector<Closed>, std::less<>> closures;  // by checkpoint, in order of arrival
  Quotas quotas;

  void apply(const Closure& closure);
  // Whether a closure is in effect. One party alone closes for at most `max_hours` on end (nothing: for as
  // long as it says): its closures that touch or overlap count as one. Beyond that it takes another party's
  // closure over the same time.
  [[nodiscard]] bool is_closed(std::string_view checkpoint, UtcMillis at,
                               std::optional<std::int64_t> max_hours) const;
};

}  // namespace crossline::movement
