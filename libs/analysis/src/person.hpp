// From the solver's example to a person in words and facts, and back through the shipping evaluator.
#pragma once

#include "rules.hpp"
#include "words.hpp"

#include <optional>
#include <string>

namespace crossline::analysis {

struct Person {
  UtcMillis at;
  std::string facts;  // JSON as `crossline procedure explain --facts` reads it, for one edition
  Words words;
};

// The person of `situation` in `model`, with facts as `edition` declares them.
[[nodiscard]] Person person_of(const z3::model& model, const Vocabulary& vocabulary,
                               const Situation& situation, const procedure::Edition& edition);

[[nodiscard]] bool is_true(const z3::model& model, const Expr& statement);
// What the formulas say in the model.
[[nodiscard]] procedure::Verdict verdict_of(const z3::model& model, const Rules& rules);

// Decides over the person's facts with the shipping evaluator. Nothing when it says another verdict than
// `expected`, or cannot read the facts: then solver and evaluator disagree.
[[nodiscard]] std::optional<Play> replay(const procedure::Edition& edition, const Person& person, Words where,
                                         procedure::Verdict expected);

}  // namespace crossline::analysis
