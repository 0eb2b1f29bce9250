// Rules in words: what the machine understood, to stand beside what people agreed.
#pragma once

#include "crossline/procedure/edition.hpp"

#include <string>
#include <string_view>

namespace crossline::procedure {

// One clause of `article`, both of `edition`, as one sentence generated from the rule: "If the person is
// under 16 years old: required: the person is accompanied by: parent or guardian." In "en" or "ru"; another
// language falls back to "en".
[[nodiscard]] std::string describe(const Edition& edition, const Article& article, const Clause& clause,
                                   std::string_view language);

}  // namespace crossline::procedure
