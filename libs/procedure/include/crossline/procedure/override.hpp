// When signed words set an article aside.
#pragma once

#include "crossline/base/time.hpp"
#include "crossline/procedure/facts.hpp"
#include "crossline/procedure/model.hpp"

namespace crossline::procedure {

// Whether `act` is in effect at `instant` under the article's terms: granted not later and not too long
// ago, by enough signers of the named roles. Pure; any thread.
[[nodiscard]] bool in_effect(const Override& act, const OverrideTerms& terms, UtcMillis instant);

}  // namespace crossline::procedure
