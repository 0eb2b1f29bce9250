// The runner of the kit, and the short form of it that programs carry in themselves.
#include "crossline/conformance/self_check.hpp"

#include "crossline/conformance/kit.hpp"
#include "crossline/procedure/model.hpp"

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::conformance {
namespace {

std::string text_of(std::string_view file) {
  std::ostringstream text;
  text << std::ifstream(std::string("tests/conformance/").append(file), std::ios::binary).rdbuf();
  return std::move(text).str();
}

Result<KitReport> run(const std::string& cases) {
  return run_kit(text_of("base.json"), {{"cases", cases}}, [](auto, auto) {});
}

TEST(Kit, HoldsWithThisEvaluator) {
  for (const char* file : {"predicates.jsonl", "decisions.jsonl"}) {
    const auto report = run(text_of(file));
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_GT(report->cases, 100u);
    EXPECT_TRUE(report->failures.empty()) << report->failures.front().name;
  }
}

TEST(Kit, NamesACaseThatComesOutOtherwise) {
  const auto report = run(
      R"({"name":"a","predicate":{"age_under":16},"given":{"age":16},"at":"2028-06-14T09:00:00Z","truth":"true"})"
      "\n"
      R"({"name":"b","predicate":{"age_under":16},"given":{"age":15},"at":"2028-06-14T09:00:00Z","truth":"true"})");
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->cases, 2u);
  ASSERT_EQ(report->failures.size(), 1u);
  EXPECT_EQ(report->failures[0].name, "a");
  EXPECT_EQ(report->failures[0].message, "verdict: \"allow\" expected, \"refuse\" decided");
}

TEST(Kit, RefusesWhatIsNoKit) {
  EXPECT_FALSE(run("{"));
  EXPECT_FALSE(run("{}"));
  EXPECT_FALSE(run(
      R"({"name":"a","predicate":{"age_undr":16},"given":{},"at":"2028-06-14T09:00:00Z","truth":"true"})"));
  EXPECT_FALSE(run_kit("not json", {}, [](auto, auto) {}));
}

TEST(SelfCheck, RunsTheKitsShortForm) {
  const ShortForm form = built_in_short_form();
  EXPECT_EQ(form.base, text_of("base.json"));
  EXPECT_EQ(form.cases, text_of("short.jsonl"));
  const auto passed = self_check(form);
  ASSERT_TRUE(passed) << passed.error().message;
  EXPECT_GE(*passed, 50u);
}

TEST(SelfCheck, AsksForEveryPredicateAndEveryEffect) {
  std::set<std::string> predicates;
  std::set<std::string> effects;
  std::set<std::string> verdicts;
  std::istringstream lines{std::string(built_in_short_form().cases)};
  for (std::string line; std::getline(lines, line);) {
    const auto example = nlohmann::json::parse(line);
    const auto table = example.value("predicate", nlohmann::json::object());
    const auto articles = example.value("articles", nlohmann::json::array());
    for (const auto& [key, operand] : table.items()) predicates.insert(key);
    for (const auto& article : articles)
      for (const auto& [key, value] : article.items()) effects.insert(key);
    if (example.contains("verdict")) verdicts.insert(example.at("verdict"));
  }
  for (std::size_t kind = 0; kind < procedure::kPredicateKinds; ++kind) {
    const std::string key(name_of(static_cast<procedure::PredicateKind>(kind)));
    EXPECT_TRUE(predicates.contains(key)) << key;
  }
  for (const char* effect :
       {"admit", "require", "prohibit", "exempts", "duty", "override", "survives_expiry", "applies_to"})
    EXPECT_TRUE(effects.contains(effect)) << effect;
  EXPECT_EQ(verdicts, (std::set<std::string>{"allow", "refer", "refuse"}));
}

TEST(SelfCheck, NamesTheFirstCaseThatComesOutOtherwise) {
  const std::string first =
      R"({"name":"a child","predicate":{"age_under":16},"given":{"age":15},"at":"2028-06-14T09:00:00Z","truth":"false"})";
  std::string cases = first;
  cases.append("\n").append(text_of("short.jsonl"));
  const auto passed = self_check({.base = built_in_short_form().base, .cases = cases});
  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().code, ErrorCode::kCorruptData);
  EXPECT_NE(
      passed.error().message.find("the first, 'a child': verdict: \"refuse\" expected, \"allow\" decided"),
      std::string::npos)
      << passed.error().message;
}

TEST(SelfCheck, ProvesNothingWithoutACase) {
  EXPECT_FALSE(self_check({.base = built_in_short_form().base, .cases = ""}));
  EXPECT_FALSE(self_check({.base = "", .cases = built_in_short_form().cases}));
}

}  // namespace
}  // namespace crossline::conformance
