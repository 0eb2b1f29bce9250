// What `crossline procedure new` and `test` give, without a process.
#include "crossline/procedure/authoring.hpp"
#include "crossline/zones/system_zones.hpp"
#include "tools/procedure/kit.hpp"
#include "tools/procedure/template.hpp"

#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace crossline::tools {
namespace {

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(text).str();
}

TEST(ProcedureTemplate, IsValidAsItIsWhateverItsClock) {
  for (const char* clock : {"UTC", "Asia/Baku", "Europe/Kyiv", "America/New_York"}) {
    const auto authored = procedure::parse_toml(procedure_template("river-line", clock, 2027));
    ASSERT_TRUE(authored) << authored.error().front().to_string("new.toml");
    const auto sealed = procedure::seal(*authored, zones::SystemZones());
    ASSERT_TRUE(sealed) << sealed.error().front().to_string("new.toml");
  }
}

TEST(ProcedureTemplate, LeavesNoBraceOfItsOwn) {
  const std::string text = procedure_template("x", "UTC", 2027);
  EXPECT_EQ(text.find("{{"), std::string::npos);
  EXPECT_EQ(text.find("{name}"), std::string::npos);
}

constexpr std::string_view kKit = "tests/conformance/";
Result<KitReport> run(const std::string& cases) {
  return run_kit(read_file(std::string(kKit).append("base.json")), {{"cases", cases}}, [](auto, auto) {});
}

TEST(Kit, HoldsWithThisEvaluator) {
  for (const char* file : {"predicates.jsonl", "decisions.jsonl"}) {
    const auto report = run(read_file(std::string(kKit).append(file)));
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

}  // namespace
}  // namespace crossline::tools
