// One predicate over a situation: the same meaning as the evaluator's, written as formulas.
#pragma once

#include "situation.hpp"

namespace crossline::analysis {

// When `predicate` of `edition` is true and when it is false; in neither case it is unknown.
[[nodiscard]] Truth3 truth_of(Prover& prover, Vocabulary& vocabulary, const Situation& situation,
                              const procedure::Edition& edition, const procedure::Predicate& predicate);

}  // namespace crossline::analysis
