// A sealed edition from anywhere is refused with its place; or it is exactly its canonical form, decides
// about somebody of whom nothing is known, and says why in words.
#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/explain.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/sample_edition.hpp"

namespace crossline::fuzz::procedure_sealed {

std::vector<std::string> seeds() {
  return {testing::sealed_edition(), testing::second_edition()};
}

bool takes(std::string_view input) {
  const auto edition = procedure::Edition::load(as_bytes(input));
  if (!edition) {
    CROSSLINE_ASSERT(!edition.error().message.empty());
    return false;
  }
  CROSSLINE_ASSERT(procedure::sealed_form(edition->procedure()) == input);
  const procedure::Facts nothing_known;
  const procedure::Decision decision = edition->decide(nothing_known, edition->from());
  for (const std::string_view language : {"en", "ru"})
    CROSSLINE_ASSERT(!procedure::explain(*edition, decision, language).headline.empty());
  return true;
}

}  // namespace crossline::fuzz::procedure_sealed
