// The fold: (state, procedure, event) -> (verdict, state'). The agent runs it to decide, the server to decide with
// the facts of all posts, the auditor to check that the server decided right. Pure: no clock, no I/O, no globals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crossline/movement/event.hpp"
#include "crossline/movement/state.hpp"
#include "crossline/procedure/decision.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/facts.hpp"

namespace crossline::movement {

// What is known about a proposed or recorded movement beside its own fields.
struct Situation {
  const Post& post;
  const LineState& line;
  const SubjectState& subject;
  const Names& names;
  MovementKey key;               // its place in time
  bool records_complete = true;  // false on an agent cut off from the others: their records may be missing
};

// The facts of one direction of travel. Views into `movement`, `situation` and `storage`, which must outlive them.
// `direction` is kExit or kEntry; `side` is the side it concerns.
struct FactStorage {
  std::vector<std::string_view> relations;
  std::vector<procedure::ListFact> lists;
};
[[nodiscard]] procedure::Facts gather_facts(const Movement& movement, const Situation& situation, Direction direction, Side side,
                                            FactStorage& storage);

// A verdict with all reasons. A joint post decides the exit and the entry: the worse verdict wins, both speak.
struct Verdicts {
  Verdict verdict = Verdict::kRefuse;
  std::vector<procedure::Decision> decisions;  // one, or two at a joint post

  // Ids of the articles that decided, in article order, without repetition.
  [[nodiscard]] std::vector<std::string> cited(const procedure::Edition& edition) const;
};
[[nodiscard]] Verdicts decide(const procedure::Edition& edition, const Movement& movement, const Situation& situation);

// Whether the records hold the last movement to be the other direction: true, false (they contradict this one), or
// nothing when a record is missing that may still be on its way.
[[nodiscard]] std::optional<bool> alternates(const Presence& presence, const Step& step);

}  // namespace crossline::movement
