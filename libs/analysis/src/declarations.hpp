// What two editions declare otherwise beside their clauses.
#pragma once

#include "crossline/analysis/difference.hpp"

#include <vector>

namespace crossline::analysis {

// Every declaration that differs, by kind and name. The order in which names are written is no difference,
// nor are the instants that follow from hours and seasons, nor what makes each edition its own: its number,
// the edition before, its time in force. Without keys in `after`, those before stay.
// Covered is what decides about no person (words, keys, signatures; a list, permit, quota, kind of goods,
// duty or declared fact whose name neither edition uses), and what the solver looks at.
[[nodiscard]] std::vector<Declaration> changed_declarations(const procedure::Edition& before,
                                                            const procedure::Edition& after);

}  // namespace crossline::analysis
