// What one ledger entry changes in a person's record: all that a replica has to be sent in order to fold the
// record as the World does.
#pragma once

#include "crossline/movement/event.hpp"
#include "crossline/movement/state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace crossline::movement {

// A movement that took place.
struct Passage {
  Post post;
  Direction direction = Direction::kExit;
  std::int32_t day = 0;  // of the procedure's clock, since 1970-01-01
  std::vector<DeclaredGoods> goods;
  friend bool operator==(const Passage&, const Passage&) = default;
};
// One that was taken back.
struct TakenBack {
  std::uint64_t tie = 0;  // of its MovementKey
  friend bool operator==(const TakenBack&, const TakenBack&) = default;
};
struct Listing {
  std::string list;
  bool removed = false;
  friend bool operator==(const Listing&, const Listing&) = default;
};
// One party's word on a disputed status.
struct StatusWord {
  Side status = Side::kA;
  Side party = Side::kA;
  std::int32_t day = 0;
  friend bool operator==(const StatusWord&, const StatusWord&) = default;
};
struct PermitWord {
  std::string kind;
  std::string party;
  bool withdrawn = false;
  UtcMillis valid_from;
  UtcMillis valid_until;
  friend bool operator==(const PermitWord&, const PermitWord&) = default;
};
struct OverrideWord {
  std::string article;
  std::string role;
  std::uint64_t signer = 0;  // signer_tag
  friend bool operator==(const OverrideWord&, const OverrideWord&) = default;
};

struct NoticeWord {
  NoticeStep step = NoticeStep::kGiven;
  std::string party;
  friend bool operator==(const NoticeWord&, const NoticeWord&) = default;
};

struct RecordChange {
  SubjectId subject;
  MovementKey key;    // when it happened
  LedgerIndex entry;  // that says so
  std::variant<Passage, TakenBack, Listing, StatusWord, PermitWord, OverrideWord, NoticeWord> what;
  friend bool operator==(const RecordChange&, const RecordChange&) = default;
};

// What `event` changes, which stands in the ledger as `entry` and occurred at `at`, on local day `day`.
// `post` is the agent's; null for an office. Nothing for attempts, look-ups and what concerns nobody.
[[nodiscard]] std::optional<RecordChange> change_of(const Event& event, const Post* post, UtcMillis at,
                                                    std::int32_t day, LedgerIndex entry);
// Whether `event` may change somebody's record at all: cheaper than change_of.
[[nodiscard]] bool changes_record(const Event& event);

// Folds the change into the state of its subject.
void apply(const RecordChange& change, SubjectState& state, Names& names);

}  // namespace crossline::movement
