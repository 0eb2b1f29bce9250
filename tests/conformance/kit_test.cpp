// Runs the conformance kit (README.md beside this file) with both evaluators.
#include "crossline/conformance/kit.hpp"

#include "crossline/base/bytes.hpp"
#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/fact_sheet.hpp"
#include "crossline/zones/system_zones.hpp"
#include "tests/support/procedure_reference.hpp"

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::procedure {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFolder = "tests/conformance/";
constexpr const char* kFiles[] = {"predicates.jsonl", "decisions.jsonl", "short.jsonl"};
constexpr std::size_t kLeastCases = 500;

std::string read_file(std::string_view name) {
  std::ostringstream text;
  text << std::ifstream(std::string(kFolder).append(name), std::ios::binary).rdbuf();
  return std::move(text).str();
}

// The cases about a table of predicates, or those about articles.
enum class About { kPredicate, kArticles };
std::vector<Json> read_cases(About about) {
  std::vector<Json> cases;
  for (const char* file : kFiles) {
    std::istringstream lines(read_file(file));
    for (std::string line; std::getline(lines, line);) {
      Json example = Json::parse(line);
      if (example.contains("predicate") == (about == About::kPredicate)) cases.push_back(std::move(example));
    }
  }
  return cases;
}

const Json& base() {
  static const Json sealed = Json::parse(read_file("base.json"));
  return sealed;
}

std::string_view verdict_for(std::string_view truth) {
  return truth == "true" ? "allow" : truth == "false" ? "refuse" : "refer";
}

struct Outcome {
  std::string verdict;
  std::string basis;
  std::vector<std::string> because;
  std::set<std::string> duties;
};

// What both evaluators say; fails the test where they differ.
Outcome decide(const Json& example) {
  const Json sealed = Json::parse(conformance::edition_of_case(base().dump(), example.dump()));
  const auto edition = Edition::load(as_bytes(sealed.dump()));
  if (!edition) {
    ADD_FAILURE() << edition.error().message;
    return {};
  }
  Json given = example.at("given");
  given["at"] = example.at("at");
  const auto sheet = FactSheet::parse(given.dump(), *edition);
  if (!sheet) {
    ADD_FAILURE() << sheet.error().message;
    return {};
  }
  const Facts facts = sheet->facts();
  const Decision decision = edition->decide(facts, *sheet->instant());
  Outcome out{std::string(name_of(decision.verdict)), std::string(name_of(decision.basis)), {}, {}};
  for (const ArticleIndex article : decision.cited) out.because.push_back(edition->articles()[article].id);
  for (const std::uint16_t duty : decision.duties) out.duties.insert(edition->procedure().duties[duty].name);
  const auto reference = testing::ReferenceEvaluator(sealed, facts, *sheet->instant()).decide();
  EXPECT_EQ(reference.verdict, out.verdict) << "the reference evaluator differs";
  EXPECT_EQ(reference.basis, out.basis) << "the reference evaluator differs";
  EXPECT_EQ(reference.duties, out.duties) << "the reference evaluator differs";
  return out;
}

TEST(ConformanceKit, HasItsSealedDeclarations) {
  const auto authored = parse_toml(read_file("base.toml"));
  ASSERT_TRUE(authored) << authored.error().front().to_string("base.toml");
  const auto sealed = seal(*authored, zones::SystemZones());
  ASSERT_TRUE(sealed) << sealed.error().front().to_string("base.toml");
  EXPECT_EQ(as_text(sealed->bytes), read_file("base.json")) << "the golden bytes";
}

TEST(ConformanceKit, IsLargeAndNamesEveryCaseOnce) {
  std::set<std::string> names;
  std::size_t cases = 0;
  for (const About about : {About::kPredicate, About::kArticles})
    for (const Json& example : read_cases(about)) {
      ++cases;
      EXPECT_TRUE(names.insert(example.at("name")).second) << example.at("name");
    }
  EXPECT_GE(cases, kLeastCases);
}

TEST(ConformanceKit, EveryPredicateIsTestedTrueFalseAndUnknown) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const Json& example : read_cases(About::kPredicate))
    for (const auto& [key, operand] : example.at("predicate").items()) seen.emplace(key, example.at("truth"));
  for (std::size_t kind = 0; kind < kPredicateKinds; ++kind) {
    const std::string key(name_of(static_cast<PredicateKind>(kind)));
    EXPECT_TRUE(seen.contains({key, "true"})) << key;
    EXPECT_TRUE(seen.contains({key, "false"})) << key;
    // The instant alone decides these, and it is always known.
    const bool of_the_instant = key == "date_between" || key == "within_season";
    EXPECT_TRUE(of_the_instant || seen.contains({key, "unknown"})) << key;
  }
}

TEST(ConformanceKit, Predicates) {
  for (const Json& example : read_cases(About::kPredicate)) {
    SCOPED_TRACE(example.at("name"));
    const Outcome outcome = decide(example);
    EXPECT_EQ(outcome.verdict, verdict_for(example.at("truth").get<std::string>()));
  }
}

TEST(ConformanceKit, Decisions) {
  for (const Json& example : read_cases(About::kArticles)) {
    SCOPED_TRACE(example.at("name"));
    const Outcome outcome = decide(example);
    EXPECT_EQ(outcome.verdict, example.at("verdict"));
    EXPECT_EQ(outcome.basis, example.at("basis"));
    EXPECT_EQ(Json(outcome.because), example.value("because", Json(outcome.because)));
    EXPECT_EQ(Json(outcome.duties), example.value("duties", Json(outcome.duties)));
  }
}

// The ten real procedures of procedures/real, each sealed with its agreed cases.
class RealProcedure : public ::testing::TestWithParam<const char*> {};

TEST_P(RealProcedure, SealsWithItsCases) {
  const std::string file = std::string("../../procedures/real/") + GetParam() + ".toml";
  const auto authored = parse_toml(read_file(file));
  ASSERT_TRUE(authored) << authored.error().front().to_string(file);
  EXPECT_GE(authored->procedure.cases.size(), 4u);
  const auto sealed = seal(*authored, zones::SystemZones());
  std::string problems;
  if (!sealed)
    for (const Problem& problem : sealed.error()) problems += problem.to_string(file) + "\n";
  ASSERT_TRUE(sealed) << problems;
  EXPECT_EQ(Edition::load(sealed->bytes)->hash(), sealed->hash);
}

INSTANTIATE_TEST_SUITE_P(Table, RealProcedure,
                         ::testing::Values("rafah-2005", "rafah-2026", "line-of-contact", "green-line",
                                           "enguri", "schengen", "kaesong", "lachin-2023", "nepal-2006",
                                           "withdrawal-and-return"));

}  // namespace
}  // namespace crossline::procedure
