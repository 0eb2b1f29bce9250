// Rules in words: what the machine understood, to stand beside what people agreed.
#pragma once

#include "crossline/procedure/edition.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crossline::procedure {

// One clause of `article`, both of `edition`, as one sentence generated from the rule: "If the person is
// under 16 years old: required: the person is accompanied by: parent or guardian." In "en" or "ru"; another
// language falls back to "en".
[[nodiscard]] std::string describe(const Edition& edition, const Article& article, const Clause& clause,
                                   std::string_view language);

// What the article says besides its clauses, one sentence each: what happens when a demand of it does not
// hold or cannot be determined, who may override it, that nothing lifts it, that it survives the end.
[[nodiscard]] std::vector<std::string> describe_marks(const Edition& edition, const Article& article,
                                                      std::string_view language);

// A name of the language or of the edition in words: "passport", "Residents of side A". `kind` says what it
// is a name of: an operand of that predicate.
[[nodiscard]] std::string in_words(const Edition& edition, PredicateKind kind, std::string_view name,
                                   std::string_view language);

}  // namespace crossline::procedure
