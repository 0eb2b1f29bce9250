// Decisions in words.
#pragma once

#include "crossline/procedure/decision.hpp"
#include "crossline/procedure/edition.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crossline::procedure {

// Why one clause counts (or, for an admitting article that did not admit, what it missed).
struct Reason {
  std::string article;  // "4(3)"
  ClauseKind kind{};
  Verdict outcome{};
  Relief relief{};
  std::string text;  // the agreed words, in the language asked for
  std::string
      failing_fact;    // "age is 15" or "whether the person is on the list hold is not known"; empty if none
  std::string remedy;  // what would make it pass; empty if nothing fails
};

struct Explanation {
  Verdict verdict{};
  Basis basis{};
  std::string headline;         // one sentence
  std::vector<Reason> reasons;  // the deciding ones first, each group in article order
  [[nodiscard]] std::string to_text() const;
};

// Renders `decision`, which `edition` made, in `language` ("en" or "ru"; another falls back to "en" for the
// generated words and to Text::in for the agreed ones). The facts it was made from must still be there.
[[nodiscard]] Explanation explain(const Edition& edition, const Decision& decision,
                                  std::string_view language);

}  // namespace crossline::procedure
