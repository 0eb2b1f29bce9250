// Solver and evaluator say the same: whatever the random procedure, every person that an analysis or a
// comparison finds is decided by the evaluator as the solver said. A disagreement would be a finding.
#include "crossline/analysis/analysis.hpp"
#include "crossline/analysis/difference.hpp"
#include "tests/support/procedure_random.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::analysis {
namespace {

constexpr std::uint64_t kProcedures = 40;

procedure::Edition random_edition(std::uint64_t seed) {
  testing::ProcedureRandom random(seed);
  auto edition = procedure::Edition::load(as_bytes(random.procedure().dump()));
  if (!edition) throw std::runtime_error(edition.error().message);
  return *std::move(edition);
}

TEST(WitnessProperty, EveryPersonOfAnAnalysisIsDecidedAsTheSolverSays) {
  std::size_t witnesses = 0;
  for (std::uint64_t seed = 1; seed <= kProcedures; ++seed) {
    SCOPED_TRACE(seed);
    const auto analysis = analyse(random_edition(seed), Budget{}, {});
    ASSERT_TRUE(analysis) << analysis.error().message;
    for (const Finding& finding : analysis->findings) {
      EXPECT_NE(finding.standing, Standing::kDisagreement) << finding.text.en;
      EXPECT_NE(finding.standing, Standing::kNotProven) << finding.text.en;
      witnesses += finding.witness ? finding.witness->plays.size() : 0;
    }
  }
  EXPECT_GT(witnesses, kProcedures * 4) << "the test would prove nothing";
}

TEST(WitnessProperty, EveryPersonOfAComparisonIsDecidedAsTheSolverSays) {
  std::size_t changes = 0;
  for (std::uint64_t seed = 1; seed <= kProcedures; ++seed) {
    SCOPED_TRACE(seed);
    const auto difference = compare(random_edition(seed), random_edition(seed + 1'000), Budget{}, {});
    ASSERT_TRUE(difference) << difference.error().message;
    for (const Finding& finding : difference->open)
      EXPECT_EQ(finding.question, Question::kBeyond) << finding.text.en;
    for (const Change& change : difference->changes) EXPECT_NE(change.before, change.after);
    changes += difference->changes.size();
  }
  EXPECT_GT(changes, kProcedures) << "the test would prove nothing";
}

}  // namespace
}  // namespace crossline::analysis
