// When one predicate says at least as much as another, or the opposite: provable from their operands alone.
#pragma once

#include "crossline/procedure/model.hpp"

namespace crossline::procedure {

// Whether, whatever the facts, `a` is never more true than `b` (false < unknown < true): "age_under 14"
// implies "age_under 16". No is also "not provable here".
[[nodiscard]] bool implies(const Predicate& a, const Predicate& b);

// Whether no facts make both true: "age_under 16" and "age_at_least 18". No is also "not provable here".
[[nodiscard]] bool exclude(const Predicate& a, const Predicate& b);

}  // namespace crossline::procedure
