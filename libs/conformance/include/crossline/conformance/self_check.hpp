// The short form of the conformance kit, which a program carries in itself and runs before it decides about
// anybody: a build, a machine or a memory that decides otherwise than the language says is found out first.
#pragma once

#include "crossline/base/result.hpp"

#include <cstddef>
#include <string_view>

namespace crossline::conformance {

struct ShortForm {
  std::string_view base;   // the kit's sealed declarations
  std::string_view cases;  // one a line, of every predicate and every effect of an article
};
// That of tests/conformance as it was when this program was built. Valid for ever.
[[nodiscard]] ShortForm built_in_short_form();

// Runs every case with the evaluator of this program: how many passed. kCorruptData, naming the first case
// that came out otherwise and how; kMalformed when the form is no kit or has no case.
[[nodiscard]] Result<std::size_t> self_check(const ShortForm& form);

}  // namespace crossline::conformance
