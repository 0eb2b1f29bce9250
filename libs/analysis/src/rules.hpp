// The verdict of an edition over a situation, as formulas.
#pragma once

#include "situation.hpp"

#include <vector>

namespace crossline::analysis {

// One clause; `stops` and `refuses` of a demand say that its own outcome is at least that bad, `lifted` that
// an exemption relieves it; of an admission they say that it does not allow, and does not even refer.
struct ClauseRule {
  procedure::ArticleIndex article = 0;
  procedure::ClauseKind kind{};
  Truth3 applies;
  Expr stops;
  Expr refuses;
  Expr lifted;
  [[nodiscard]] bool admits() const { return kind == procedure::ClauseKind::kAdmit; }
  [[nodiscard]] bool demands() const {
    return kind == procedure::ClauseKind::kRequire || kind == procedure::ClauseKind::kProhibit;
  }
};

struct Rules {
  std::vector<ClauseRule> clauses;  // in article order, as in procedure::Decision::results
  Expr stops;                       // the verdict is refer or refuse
  Expr refuses;                     // the verdict is refuse
  Expr admission_refuses;           // no article admits, whatever the demands
  Expr demands_stop;                // the demands alone would stop

  // The verdict is this one.
  [[nodiscard]] Expr is(procedure::Verdict verdict) const;
  // The verdict is less strict than that of `other`.
  [[nodiscard]] Expr milder_than(const Rules& other) const {
    return (!stops && other.stops) || (!refuses && other.refuses);
  }
};

// Within the time in force, for somebody who is not on the way back, without overrides.
[[nodiscard]] Rules make_rules(Prover& prover, Vocabulary& vocabulary, const Situation& situation,
                               const procedure::Edition& edition);

// For each clause of `rules`, when the verdict would be another one without it. Of an exemption: when it
// lifts something; of a duty: when it is asked for.
[[nodiscard]] std::vector<Expr> when_they_matter(Prover& prover, const procedure::Edition& edition,
                                                 const Rules& rules);

}  // namespace crossline::analysis
