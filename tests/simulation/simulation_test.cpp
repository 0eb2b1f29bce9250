// CROSSLINE_SIM_SEEDS sets how many seeds run (default 500), CROSSLINE_SIM_SEED replays a single one and
// prints it.
#include "tests/simulation/simulation.hpp"

#include "crossline/base/text.hpp"

#include <cstdlib>
#include <optional>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace crossline::simulation {
namespace {

std::optional<std::uint64_t> number_from_environment(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::nullopt : parse_u64(text);
}

std::string report(std::uint64_t seed, const Outcome& outcome) {
  std::string text = fmt::format("seed {} (replay with CROSSLINE_SIM_SEED={}), after {} virtual ms:\n", seed,
                                 seed, outcome.virtual_ms);
  for (const std::string& finding : outcome.findings) text += "  " + finding + "\n";
  return text;
}

TEST(Simulation, HoldsEveryInvariantOnEverySeed) {
  if (const auto seed = number_from_environment("CROSSLINE_SIM_SEED")) {
    const Outcome outcome = simulate({.seed = *seed, .print = true});
    EXPECT_TRUE(outcome.findings.empty()) << report(*seed, outcome);
    return;
  }
  const std::uint64_t seeds = number_from_environment("CROSSLINE_SIM_SEEDS").value_or(500);
  Outcome total;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Outcome outcome = simulate({.seed = seed});
    ASSERT_TRUE(outcome.findings.empty()) << report(seed, outcome);
    total.scans += outcome.scans;
    total.entries += outcome.entries;
    total.acknowledgements += outcome.acknowledgements;
    total.server_crashes += outcome.server_crashes;
    total.agent_crashes += outcome.agent_crashes;
    total.cuts += outcome.cuts;
    total.virtual_ms += outcome.virtual_ms;
  }
  fmt::print(
      "{} seeds, {:.1f} virtual hours: {} scans, {} ledger entries, {} acknowledgements, {} server and {} "
      "agent crashes, {} cuts\n",
      seeds, static_cast<double>(total.virtual_ms) / 3.6e6, total.scans, total.entries,
      total.acknowledgements, total.server_crashes, total.agent_crashes, total.cuts);
  // A simulation in which nothing happens proves nothing.
  EXPECT_GT(total.entries, seeds * 10);
  EXPECT_GT(total.server_crashes, seeds / 2);
}

TEST(Simulation, GivesTheSameTraceForTheSameSeed) {
  const Outcome first = simulate({.seed = 42});
  EXPECT_EQ(simulate({.seed = 42}).trace, first.trace);
  EXPECT_NE(simulate({.seed = 43}).trace, first.trace);
}

// Each planted bug must be found by some seed out of a few, or the simulation is blind to it.
void expect_found(PlantedBug bug) {
  constexpr std::uint64_t kSeeds = 200;
  planted_bug = bug;
  std::optional<std::uint64_t> found;
  std::string finding;
  for (std::uint64_t seed = 1; seed <= kSeeds && !found; ++seed) {
    const Outcome outcome = simulate({.seed = seed});
    if (!outcome.findings.empty()) found = seed, finding = outcome.findings.front();
  }
  planted_bug = PlantedBug::kNone;
  ASSERT_TRUE(found.has_value()) << "no seed up to " << kSeeds << " finds it";
  fmt::print("found by seed {}: {}\n", *found, finding);
}

TEST(Simulation, FindsAServerThatAcknowledgesBeforeSync) {
  expect_found(PlantedBug::kAcknowledgeBeforeSync);
}
TEST(Simulation, FindsAServerThatRecordsAResendAgain) {
  expect_found(PlantedBug::kNoDeduplication);
}
TEST(Simulation, FindsAServerThatSkipsOneSignature) {
  expect_found(PlantedBug::kUncheckedSignature);
}

}  // namespace
}  // namespace crossline::simulation
