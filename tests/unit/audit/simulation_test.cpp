#include "crossline/audit/simulation.hpp"

#include "tests/support/audit/planted_ledger.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::testing {
namespace {

using audit::Simulation;
using movement::Verdict;
using nlohmann::json;

// The sample edition with one article more.
procedure::Edition candidate_with(const json& article) {
  json sealed = json::parse(sealed_edition());
  if (!article.is_null()) sealed["article"].push_back(article);
  return procedure::Edition::load(as_bytes(sealed.dump())).value();
}

json article_that_prohibits(const json& conditions) {
  return {{"id", "9"},
          {"text", {{"en", "x"}}},
          {"otherwise", "refuse"},
          {"if_unknown", "refer"},
          {"prohibit", conditions}};
}

class SimulationTest : public ::testing::Test {
 protected:
  BridgeMorning morning;

  SimulationTest() {
    for (std::uint32_t number = 1; number <= 4; ++number) morning.cross(number);
  }
  Simulation simulated(const procedure::Edition& candidate) {
    PlantedLedger ledger = morning.ledger();
    const auto simulation =
        audit::simulate(morning.registry(), ledger, TreeSize(ledger.entries.size()), candidate);
    if (!simulation) throw std::runtime_error(simulation.error().to_string());
    return *simulation;
  }
};

TEST_F(SimulationTest, FindsNobodyWhenTheEditionIsTheSame) {
  const Simulation simulation = simulated(candidate_with(nullptr));
  EXPECT_EQ(simulation.entries, 9u);
  EXPECT_EQ(simulation.movements, 8u);
  EXPECT_EQ(simulation.skipped, 0u);
  EXPECT_EQ(simulation.decided_otherwise(), 0u);
  EXPECT_EQ(simulation.verdicts[0][0], 8u) << "all were allowed and would be";
}

TEST_F(SimulationTest, CountsWhoWouldHaveBeenDecidedOtherwiseAndByWhichArticle) {
  const Simulation simulation = simulated(candidate_with(article_that_prohibits({{"direction", {"entry"}}})));
  EXPECT_EQ(simulation.decided_otherwise(), 4u);
  EXPECT_EQ(simulation.verdicts[0][2], 4u);
  EXPECT_EQ(simulation.articles.at("9").before, 0u);
  EXPECT_EQ(simulation.articles.at("9").after, 4u);
  ASSERT_EQ(simulation.otherwise.size(), 4u);
  EXPECT_EQ(simulation.otherwise[0].entry, LedgerIndex(2));
  EXPECT_EQ(simulation.otherwise[0].subject, traveller(1));
  EXPECT_EQ(simulation.otherwise[0].before, Verdict::kAllow);
  EXPECT_EQ(simulation.otherwise[0].after, Verdict::kRefuse);
  EXPECT_EQ(simulation.otherwise[0].because_after, std::vector<std::string>{"9"});
}

TEST_F(SimulationTest, DecidesAsIfTheCandidateHadBeenInForceThen) {
  json sealed = json::parse(sealed_edition());
  sealed["in_force"]["from"] = kSampleUntil.ms / 1000;
  sealed["in_force"]["until"] = kSampleUntil.ms / 1000 + 86'400;
  const auto later = procedure::Edition::load(as_bytes(sealed.dump())).value();
  EXPECT_EQ(simulated(later).decided_otherwise(), 0u);
}

TEST_F(SimulationTest, SkipsWhatCannotBeDecidedAgain) {
  PlantedLedger ledger = morning.ledger();
  ledger.editions.clear();
  const auto none =
      audit::simulate(morning.registry(), ledger, TreeSize(ledger.entries.size()), candidate_with(nullptr));
  ASSERT_TRUE(none);
  EXPECT_EQ(none->skipped, 8u);
  EXPECT_EQ(none->decided_otherwise(), 0u);
  PlantedLedger broken = morning.ledger();
  broken.entries[3] = "not an entry";
  const auto rest =
      audit::simulate(morning.registry(), broken, TreeSize(broken.entries.size()), candidate_with(nullptr));
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->skipped, 1u);
  EXPECT_EQ(rest->movements, 7u);
}

TEST_F(SimulationTest, RefusesAnotherClock) {
  json sealed = json::parse(sealed_edition());
  sealed["in_force"]["clock"] = "Asia/Baku";
  PlantedLedger ledger = morning.ledger();
  const auto simulation = audit::simulate(morning.registry(), ledger, TreeSize(ledger.entries.size()),
                                          procedure::Edition::load(as_bytes(sealed.dump())).value());
  ASSERT_FALSE(simulation);
  EXPECT_EQ(simulation.error().code, ErrorCode::kUnsupported);
}

TEST_F(SimulationTest, IsOneJsonObjectWithoutNames) {
  const auto out =
      json::parse(to_json(simulated(candidate_with(article_that_prohibits({{"direction", {"entry"}}})))));
  EXPECT_EQ(out.at("decided_otherwise"), 4);
  EXPECT_EQ(out.at("otherwise").at(0).at("subject"), traveller(1).hex());
  EXPECT_EQ(out.at("verdicts").at(0).at("movements"), 4);
}

}  // namespace
}  // namespace crossline::testing
