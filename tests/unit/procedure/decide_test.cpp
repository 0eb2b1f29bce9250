#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/fact_sheet.hpp"
#include "tests/support/procedure_fixtures.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace crossline::procedure {
namespace {

using testing::edition_from;
using testing::toml_with;

// The decision over a case's ordinary person with these facts changed.
Decision decide(const Edition& edition, std::string_view given) {
  const auto sheet = FactSheet::parse_case(given, edition);
  EXPECT_TRUE(sheet) << (sheet ? "" : sheet.error().message);
  Decision decision = edition.decide(sheet->facts(), *sheet->instant());
  for (Miss& miss : decision.misses) miss.observed.word = {};  // the sheet ends here
  return decision;
}

std::vector<std::string> cited(const Edition& edition, const Decision& decision) {
  std::vector<std::string> ids;
  for (const ArticleIndex article : decision.cited) ids.push_back(edition.articles()[article].id);
  return ids;
}

// What `require = { <condition> }` (else refuse, unknown refer) makes of the facts.
Verdict required(std::string_view condition, std::string_view given) {
  const Edition edition = edition_from(toml_with(fmt::format(
      "[[article]]\nid = \"2\"\ntext = \"Rule.\"\nrequire = {{ {} }}\notherwise = \"refuse\"\n", condition)));
  return decide(edition, given).verdict;
}

struct Sample {
  std::string_view condition;
  std::string_view holds;
  std::string_view fails;
  std::string_view unknown;
};

class Predicate : public ::testing::TestWithParam<Sample> {};

TEST_P(Predicate, AllowsWhatHolds) {
  EXPECT_EQ(required(GetParam().condition, GetParam().holds), Verdict::kAllow);
}
TEST_P(Predicate, RefusesWhatDoesNotHold) {
  EXPECT_EQ(required(GetParam().condition, GetParam().fails), Verdict::kRefuse);
}
TEST_P(Predicate, RefersWhatIsUnknown) {
  EXPECT_EQ(required(GetParam().condition, GetParam().unknown), Verdict::kRefer);
}

INSTANTIATE_TEST_SUITE_P(
    AtItsBounds, Predicate,
    ::testing::Values(
        Sample{"category = 'local'", R"({"category":"local"})", R"({"category":"guest"})",
               R"({"category":"unknown"})"},
        Sample{"category = ['local', 'guest']", R"({"category":"guest"})", R"({"category":"other"})",
               R"({"category":"unknown"})"},
        Sample{"direction = 'exit'", R"({"direction":"exit"})", R"({"direction":"entry"})",
               R"({"direction":"unknown"})"},
        Sample{"checkpoint = 'gate'", R"({"checkpoint":"gate"})", R"({"checkpoint":"other"})",
               R"({"checkpoint":"unknown"})"},
        Sample{"toward_side = 'B'", R"({"toward_side":"B"})", R"({"toward_side":"A"})",
               R"({"toward_side":"unknown"})"},
        Sample{"side_of_residence = 'A'", R"({"side_of_residence":"A"})", R"({"side_of_residence":"B"})",
               R"({"side_of_residence":"unknown"})"},
        Sample{"document_kind = 'passport'", R"({"document_kind":"passport"})", R"({"document_kind":"visa"})",
               R"({"document_kind":"unknown"})"},
        Sample{"document_issuer = ['XAA', 'D']", R"({"document_issuer":"D"})", R"({"document_issuer":"XBB"})",
               R"({"document_issuer":"unknown"})"},
        Sample{"document_valid_days = 30", R"({"document_days_left":30})", R"({"document_days_left":29})",
               R"({"document_days_left":"unknown"})"},
        Sample{"document_valid_days = 0", R"({"document_days_left":0})", R"({"document_days_left":-1})",
               R"({"document_days_left":"unknown"})"},
        Sample{"document_readable = true", R"({"document_readable":true})", R"({"document_readable":false})",
               R"({"document_readable":"unknown"})"},
        Sample{"age_under = 16", R"({"age":15})", R"({"age":16})", R"({"age":"unknown"})"},
        Sample{"age_at_least = 16", R"({"age":16})", R"({"age":15})", R"({"age":"unknown"})"},
        Sample{"sex = ['female', 'unspecified']", R"({"sex":"unspecified"})", R"({"sex":"male"})",
               R"({"sex":"unknown"})"},
        Sample{"accompanied_by = ['parent', 'guardian']", R"({"accompanied_by":["escort","guardian"]})",
               R"({"accompanied_by":"relative"})", R"({"accompanied_by":"unknown"})"},
        Sample{"accompanied_by = 'nobody'", R"({"accompanied_by":"nobody"})",
               R"({"accompanied_by":"parent"})", R"({"accompanied_by":"unknown"})"},
        Sample{"companions_at_most = 2", R"({"companions":2})", R"({"companions":3})",
               R"({"companions":"unknown"})"},
        Sample{"closed = false", R"({"closed":false})", R"({"closed":true})", R"({"closed":"unknown"})"},
        Sample{"alternates = true", R"({"alternates":true})", R"({"alternates":false})",
               R"({"alternates":"unknown"})"},
        Sample{"on_list = 'hold'", R"({"lists":{"hold":true}})", R"({"lists":{"hold":false}})",
               R"({"lists":{"hold":"unknown"}})"},
        Sample{"not_on_list = ['hold', 'watch']", R"({})", R"({"lists":{"hold":"unknown","watch":true}})",
               R"({"lists":{"hold":"unknown"}})"},
        Sample{"within_hours = 'day'", R"({"at":"2026-03-02T08:00:00"})", R"({"at":"2026-03-02T07:59:59"})",
               R"({"at":"2026-03-02T08:00:00","direction":"unknown"})"},
        Sample{"within_hours = 'checkpoint'", R"({"at":"2026-03-02T17:59:59"})",
               R"({"at":"2026-03-02T18:00:00"})", R"({"checkpoint":"unknown"})"},
        Sample{"within_hours = 'day'", R"({"at":"2026-03-08T01:59:59"})", R"({"at":"2026-03-08T02:00:00"})",
               R"({"direction":"unknown"})"}));

TEST(Decide, KnowsNoHoursOfAForeignCheckpoint) {
  EXPECT_EQ(required("within_hours = 'checkpoint'", R"({"checkpoint":"other"})"), Verdict::kRefuse);
}

TEST(Decide, JoinsConditionsSoThatFalseOutweighsUnknown) {
  constexpr std::string_view kBoth = "age_at_least = 18, alternates = true";
  EXPECT_EQ(required(kBoth, R"({"age":18})"), Verdict::kAllow);
  EXPECT_EQ(required(kBoth, R"({"age":"unknown"})"), Verdict::kRefer);
  EXPECT_EQ(required(kBoth, R"({"age":"unknown","alternates":false})"), Verdict::kRefuse);
}

constexpr std::string_view kThreeRules = R"(
[[article]]
id = "2"
text = "Children come with a parent."
applies_to = { age_under = 16 }
require = { accompanied_by = "parent" }
otherwise = "refer"
[[article]]
id = "3"
text = "Nobody on the hold list."
prohibit = { on_list = "hold" }
[[article]]
id = "4"
text = "Records alternate."
require = { alternates = true }
if_unknown = "allow_and_report"
)";

TEST(Decide, ReportsEveryClauseInArticleOrder) {
  const Edition edition = edition_from(toml_with(kThreeRules));
  const Decision decision = decide(edition, "{}");
  ASSERT_EQ(decision.results.size(), 4u);
  for (std::size_t i = 0; i < decision.results.size(); ++i) EXPECT_EQ(decision.results[i].article, i);
  EXPECT_EQ(decision.verdict, Verdict::kAllow);
  EXPECT_EQ(decision.basis, Basis::kClauses);
  EXPECT_EQ(cited(edition, decision), std::vector<std::string>{"1"});
  EXPECT_EQ(decision.edition, edition.hash());
}

TEST(Decide, LetsTheWorstOutcomeWinAndKeepsTheOthers) {
  const Edition edition = edition_from(toml_with(kThreeRules));
  const Decision decision = decide(edition, R"({"age":15,"lists":{"hold":true}})");
  EXPECT_EQ(decision.verdict, Verdict::kRefuse);
  EXPECT_EQ(cited(edition, decision), std::vector<std::string>{"3"});
  EXPECT_EQ(decision.results[1].outcome, Verdict::kRefer);
}

TEST(Decide, TakesUnknownApplicabilityAsApplying) {
  const Edition edition = edition_from(toml_with(kThreeRules));
  const Decision decision = decide(edition, R"({"age":"unknown"})");
  EXPECT_EQ(decision.verdict, Verdict::kRefer);
  EXPECT_EQ(decision.results[1].applies, Truth::kUnknown);
  EXPECT_EQ(decide(edition, R"({"age":"unknown","accompanied_by":"parent"})").verdict, Verdict::kAllow);
}

TEST(Decide, AllowsAndReportsOnlyWhereTheArticleSaysSo) {
  const Edition edition = edition_from(toml_with(kThreeRules));
  const Decision decision = decide(edition, R"({"alternates":"unknown"})");
  EXPECT_EQ(decision.verdict, Verdict::kAllow);
  EXPECT_TRUE(decision.results[3].reported);
  ASSERT_EQ(decision.misses.size(), 1u);
  EXPECT_EQ(decision.misses[0].truth, Truth::kUnknown);
}

TEST(Decide, RecordsTheFailingPredicateWithItsFact) {
  const Edition edition = edition_from(
      toml_with("[[article]]\nid = \"2\"\ntext = \"Adults.\"\nrequire = { age_at_least = 18 }\n"));
  const Decision decision = decide(edition, R"({"age":{"value":17,"source":"document","age_s":2}})");
  ASSERT_EQ(decision.misses.size(), 1u);
  const Miss& miss = decision.misses[0];
  EXPECT_EQ(edition.predicates()[miss.predicate].kind, PredicateKind::kAgeAtLeast);
  EXPECT_EQ(miss.truth, Truth::kFalse);
  EXPECT_TRUE(miss.observed.known);
  EXPECT_EQ(miss.observed.number, 17);
  EXPECT_EQ(miss.observed.source, Source::kDocument);
  EXPECT_EQ(miss.observed.age_ms, 2000);
}

TEST(Decide, AlwaysLetsReturnWhoeverIsBetween) {
  const Edition edition = edition_from(toml_with(kThreeRules));
  for (const std::string_view at : {"2026-03-02T12:00:00", "2025-03-02T12:00:00", "2028-03-02T12:00:00"}) {
    const Decision decision =
        decide(edition, fmt::format(R"({{"returning":true,"lists":{{"hold":true}},"at":"{}"}})", at));
    EXPECT_EQ(decision.verdict, Verdict::kAllow);
    EXPECT_EQ(decision.basis, Basis::kReturn);
    EXPECT_EQ(decision.results[2].outcome, Verdict::kRefuse) << "the clauses are still reported";
  }
}

TEST(Decide, RefusesOutsideTheTimeInForce) {
  const Edition edition = edition_from(toml_with(""));
  EXPECT_EQ(decide(edition, R"({"at":"2025-12-31T23:59:59"})").basis, Basis::kNotInForce);
  EXPECT_EQ(decide(edition, R"({"at":"2026-01-01T00:00:00"})").verdict, Verdict::kAllow);
  EXPECT_EQ(decide(edition, R"({"at":"2026-12-31T23:59:59"})").verdict, Verdict::kAllow);
  const Decision after = decide(edition, R"({"at":"2027-01-01T00:00:00"})");
  EXPECT_EQ(after.basis, Basis::kNotInForce);
  EXPECT_EQ(after.verdict, Verdict::kRefuse);
}

std::string only_admitting(std::string_view articles) {
  std::string toml = toml_with(articles);
  const std::string everybody = "[[article]]\nid = \"1\"\ntext = \"Everybody may cross.\"\nadmit = {}\n";
  toml.erase(toml.find(everybody), everybody.size());
  return toml;
}

TEST(Decide, NamesTheNearestAdmittingArticlesWhenNoneAdmits) {
  const Edition edition = edition_from(only_admitting(R"(
[[article]]
id = "1"
text = "Locals with a passport."
admit = { category = "local", document_kind = "passport" }
[[article]]
id = "2"
text = "Guests of age."
admit = { category = "guest", document_kind = "passport", age_at_least = 18 }
)"));
  const Decision decision = decide(edition, R"({"category":"local","document_kind":"visa"})");
  EXPECT_EQ(decision.verdict, Verdict::kRefuse);
  EXPECT_EQ(decision.basis, Basis::kNotAdmitted);
  EXPECT_EQ(cited(edition, decision), std::vector<std::string>{"1"});
  ASSERT_EQ(decision.misses.size(), 1u);
  EXPECT_EQ(edition.predicates()[decision.misses[0].predicate].kind, PredicateKind::kDocumentKind);
}

TEST(Decide, RefersWhenAdmissionCannotBeDetermined) {
  const Edition edition = edition_from(
      only_admitting("[[article]]\nid = \"1\"\ntext = \"Locals.\"\nadmit = { category = \"local\" }\n"));
  const Decision decision = decide(edition, R"({"category":"unknown"})");
  EXPECT_EQ(decision.verdict, Verdict::kRefer);
  EXPECT_EQ(decision.basis, Basis::kNotAdmitted);
  EXPECT_EQ(cited(edition, decision), std::vector<std::string>{"1"});
}

TEST(Decide, TakesUnknownApplicabilityOfAnAdmissionAsNotApplying) {
  const Edition edition = edition_from(only_admitting(
      "[[article]]\nid = \"1\"\ntext = \"Locals.\"\napplies_to = { category = \"local\" }\nadmit = {}\n"));
  EXPECT_EQ(decide(edition, R"({"category":"local"})").verdict, Verdict::kAllow);
  EXPECT_EQ(decide(edition, R"({"category":"unknown"})").verdict, Verdict::kRefuse);
}

TEST(Decide, GivesTheSameIntoAUsedDecision) {
  const Edition edition = edition_from(toml_with(kThreeRules));
  const auto child = FactSheet::parse_case(R"({"age":3})", edition);
  const auto adult = FactSheet::parse_case("{}", edition);
  Decision decision;
  edition.decide(child->facts(), *child->instant(), decision);
  edition.decide(adult->facts(), *adult->instant(), decision);
  EXPECT_EQ(decision.verdict, Verdict::kAllow);
  EXPECT_EQ(decision.results.size(), 4u);
  EXPECT_TRUE(decision.misses.empty());
}

}  // namespace
}  // namespace crossline::procedure
