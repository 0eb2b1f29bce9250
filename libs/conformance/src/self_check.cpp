#include "crossline/conformance/self_check.hpp"

#include "crossline/conformance/kit.hpp"

#include <string>

namespace crossline::conformance {

Result<std::size_t> self_check(const ShortForm& form) {
  CROSSLINE_TRY(const KitReport report,
                run_kit(std::string(form.base), {{"self-check", std::string(form.cases)}},
                        [](std::size_t, std::size_t) {}));
  if (report.cases == 0) return fail(ErrorCode::kMalformed, "self-check: there is no case to run");
  if (report.failures.empty()) return report.cases;
  const KitFailure& first = report.failures.front();
  return fail(ErrorCode::kCorruptData, "self-check: {} of {} cases failed; the first, '{}': {}",
              report.failures.size(), report.cases, first.name, first.message);
}

}  // namespace crossline::conformance
