// The fold: (state, procedure, event) -> (verdict, state'). The agent runs it to decide, the server to decide
// with the facts of all posts, the auditor to check that the server decided right. Pure: no clock, no I/O, no
// globals.
#pragma once

#include "crossline/movement/event.hpp"
#include "crossline/movement/state.hpp"
#include "crossline/procedure/decision.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/facts.hpp"
#include "crossline/procedure/rehearsal.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::movement {

// What is known about a proposed or recorded movement beside its own fields.
struct Situation {
  const Post& post;
  const LineState& line;
  const SubjectState& subject;
  const Names& names;
  MovementKey key;  // its place in time
  // Who vouches for the records, and how long ago they were last known to be complete: 0 on the server, and
  // on an agent whose link is up. A count of a period is unknown when they were complete at no moment of the
  // period, and stays when that was longer ago than limits::kMaxStayRecordsAgeMs.
  procedure::Source source = procedure::Source::kServer;
  std::int64_t records_age_ms = 0;
  bool rehearses = false;  // an edition that may be still to come (procedure/rehearsal.hpp)
  // What is left of quotas on the local day; a quota that is not here is unknown.
  std::span<const procedure::QuotaFact> quotas{};
};

// Whether the records hold the last movement to be the other direction: known true, known false (they
// contradict this one), or unknown when a record is missing that may still be on its way.
[[nodiscard]] procedure::Truth alternates(const Presence& before, const Step& step);

// Decides movements. Keeps its buffers from one decision to the next; one thread at a time. What it returns
// lives until the next call, and refers to the movement and the situation it was given.
class Decider {
 public:
  struct Verdicts {
    Verdict verdict = Verdict::kRefuse;              // the worst of `decisions`
    std::span<const procedure::Decision> decisions;  // one; two at a joint post: the exit, then the entry
  };
  const Verdicts& decide(const procedure::Edition& edition, const Movement& movement,
                         const Situation& situation);

  // Ids of the articles that decided, in article order, each once.
  [[nodiscard]] std::vector<std::string> cited(const procedure::Edition& edition) const;

 private:
  void load_lists(const procedure::Edition& edition, const Situation& situation);
  void load_record(const procedure::Edition& edition, const Movement& movement, const Situation& situation);
  void load_overrides(const Situation& situation);
  [[nodiscard]] procedure::Facts facts_of(const Movement& movement, const Situation& situation,
                                          const Leg& leg, const procedure::Edition& edition);
  void add_record(const Movement& movement, const Situation& situation, const Leg& leg,
                  procedure::Facts& facts);
  void add_declared(const Movement& movement, procedure::Facts& facts);

  Verdicts verdicts_;
  std::array<procedure::Decision, 2> decisions_;
  procedure::Rehearsal rehearsal_;
  std::optional<crypto::Hash> lists_of_;  // the edition whose list names are in `list_names_`
  std::vector<std::string> list_names_;
  std::vector<procedure::ListFact> lists_;

  // The person's record before the movement.
  History history_;
  bool history_is_known_ = false;
  std::int32_t complete_day_ = 0;  // on which the records were last complete
  std::array<bool, 2> stays_are_known_{};
  std::int32_t day_ = 0;  // of the movement
  std::array<std::vector<procedure::Stay>, 2> stays_;
  std::vector<procedure::Permit> permits_;
  std::vector<std::vector<std::string_view>> signer_roles_;
  std::vector<procedure::Override> overrides_;
  std::vector<procedure::Goods> goods_;
  std::vector<procedure::DeclaredFact> declared_;
};

}  // namespace crossline::movement
