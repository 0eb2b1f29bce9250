// What is printed on a slip around its code, in each language that a traveller may read.
#pragma once

#include <span>
#include <string_view>

namespace crossline::agent {

struct SlipWords {
  std::string_view language;  // its code, "hy"
  std::string_view name;      // of the language, in itself
  // `exit` and `entry` hold the side as {}, `at` the checkpoint and the agent.
  std::string_view title, proves, exit, entry, a_to_b, b_to_a, at, when, reference, how, contest;
};

// All of them, English first.
[[nodiscard]] std::span<const SlipWords> all_slip_words();

// Those of this language; the English ones when there are none.
[[nodiscard]] const SlipWords& slip_words(std::string_view language);

}  // namespace crossline::agent
