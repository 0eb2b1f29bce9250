#include "crossline/analysis/finding.hpp"

#include "crossline/analysis/analysis.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crossline::analysis {

std::string_view name_of(Question question) {
  constexpr std::array<std::string_view, kQuestions> names{
      "clauses", "categories", "gaps", "offline", "stranded", "mirror", "one_party", "cases", "beyond"};
  return names.at(std::to_underlying(question));
}

std::string_view name_of(Standing standing) {
  constexpr std::array<std::string_view, 4> names{"fault", "remark", "not_proven", "disagreement"};
  return names.at(std::to_underlying(standing));
}

bool Analysis::clean() const {
  return std::ranges::all_of(findings,
                             [](const Finding& finding) { return finding.standing == Standing::kRemark; });
}

}  // namespace crossline::analysis
