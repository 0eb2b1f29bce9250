#include "crossline/base/bytes.hpp"
#include "crossline/procedure/edition.hpp"
#include "tests/support/procedure_random.hpp"
#include "tests/support/procedure_reference.hpp"

#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::procedure {
namespace {

using testing::ProcedureRandom;
using testing::ReferenceClause;
using testing::ReferenceDecision;
using testing::ReferenceEvaluator;

constexpr std::uint64_t kFactsEach = 50;
// A million pairs of a procedure and facts where the compiler optimises, as in CI; a sample of them
// elsewhere.
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kProcedures = 20'000;
static_assert(kProcedures * kFactsEach == 1'000'000);
#else
constexpr std::uint64_t kProcedures = 500;
#endif

std::vector<ReferenceClause> clauses_of(const Edition& edition, const Decision& decision) {
  std::vector<ReferenceClause> out;
  for (const ClauseResult& result : decision.results)
    out.push_back({edition.articles()[result.article].id, std::string(name_of(result.kind)),
                   std::string(name_of(result.outcome)), std::string(name_of(result.relief))});
  return out;
}

std::set<std::string> duties_of(const Edition& edition, const Decision& decision) {
  std::set<std::string> out;
  for (const std::uint16_t duty : decision.duties) out.insert(edition.procedure().duties[duty].name);
  return out;
}

// Both evaluators over the same random procedures and facts: no difference, in any clause.
TEST(Evaluators, AgreeOnRandomProceduresAndFacts) {
  Decision decision;
  for (std::uint64_t seed = 0; seed < kProcedures; ++seed) {
    ProcedureRandom random(seed);
    const nlohmann::json sealed = random.procedure();
    const auto edition = Edition::load(as_bytes(sealed.dump()));
    ASSERT_TRUE(edition) << "seed " << seed << ": " << edition.error().message << "\n" << sealed.dump(1);
    for (std::uint64_t i = 0; i < kFactsEach; ++i) {
      const Facts facts = random.facts();
      const UtcMillis instant = random.instant();
      edition->decide(facts, instant, decision);
      const ReferenceDecision reference = ReferenceEvaluator(sealed, facts, instant).decide();
      ASSERT_EQ(clauses_of(*edition, decision), reference.clauses)
          << "seed " << seed << " facts " << i << "\n"
          << sealed.dump(1);
      ASSERT_EQ(name_of(decision.verdict), reference.verdict) << "seed " << seed << " facts " << i;
      ASSERT_EQ(name_of(decision.basis), reference.basis) << "seed " << seed << " facts " << i;
      ASSERT_EQ(duties_of(*edition, decision), reference.duties) << "seed " << seed << " facts " << i;
    }
  }
  fmt::print(
      "{} random procedures with {} random sets of facts each: {} decisions by both evaluators, 0 "
      "differences\n",
      kProcedures, kFactsEach, kProcedures * kFactsEach);
}

}  // namespace
}  // namespace crossline::procedure
