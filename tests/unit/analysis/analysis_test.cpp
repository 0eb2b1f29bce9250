// Procedures with one known defect each: the right question finds it, and its person is decided as told.
#include "crossline/analysis/analysis.hpp"

#include "crossline/procedure/fact_sheet.hpp"
#include "crossline/zones/system_zones.hpp"
#include "tests/support/procedure_fixtures.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace crossline::analysis {
namespace {

using procedure::Edition;
using procedure::Verdict;
using testing::edition_from;
using testing::toml_with;

Analysis analysis_of(const Edition& edition) {
  auto analysis = analyse(edition, Budget{}, {});
  if (!analysis) throw std::runtime_error(analysis.error().message);
  return *std::move(analysis);
}

std::string told(const Analysis& analysis) {
  std::string out;
  for (const Finding& finding : analysis.findings)
    out += fmt::format("{} {} {}: {}\n", name_of(finding.standing), name_of(finding.question),
                       finding.subject, finding.text.en);
  return out;
}

// The findings of one question about one subject.
std::vector<Finding> about(const Analysis& analysis, Question question, std::string_view subject) {
  std::vector<Finding> out;
  for (const Finding& finding : analysis.findings)
    if (finding.question == question && finding.subject == subject) out.push_back(finding);
  return out;
}

// The articles, without the one of `toml_with` that admits everybody.
std::string only(std::string_view articles) {
  std::string toml = toml_with(articles);
  const auto first = toml.find("[[article]]");
  toml.erase(first, toml.find("admit = {}") + 11 - first);
  return toml;
}

TEST(Analysis, FindsNothingAgainstAPlainProcedure) {
  const Edition edition = edition_from(
      toml_with("[[article]]\nid='2'\ntext='x'\nprohibit={ on_list='hold' }\notherwise='refer'\n"));
  const Analysis analysis = analysis_of(edition);
  EXPECT_TRUE(analysis.clean()) << told(analysis);
  EXPECT_GT(analysis.proofs, 5u);
  EXPECT_EQ(analysis.not_proven, 0u);
}

TEST(Analysis, FindsADeadClause) {
  // A window of 10 days never holds more than 10: the demand cannot fail. Sealing does not count days.
  const Edition edition = edition_from(
      toml_with("[[article]]\nid='2'\ntext='x'\nrequire={ stay_on_side_b={ max_days=10, in_any_days=10 } }\n"
                "if_unknown='allow_and_report'\n"));
  const Analysis analysis = analysis_of(edition);
  const auto found = about(analysis, Question::kClauses, "2");
  ASSERT_EQ(found.size(), 1u) << told(analysis);
  EXPECT_EQ(found[0].standing, Standing::kFault);
  EXPECT_NE(found[0].text.en.find("dead"), std::string::npos) << found[0].text.en;
}

TEST(Analysis, FindsAShadowedClause) {
  // Whoever fails 3 (under 18 alone) fails 2 as well, in other words than sealing can see through.
  const Edition edition = edition_from(toml_with(
      "[[article]]\nid='2'\ntext='x'\nprohibit={ age_under=21 }\nif_unknown='refuse'\n"
      "[[article]]\nid='3'\ntext='x'\napplies_to={ age_under=18 }\nrequire={ accompanied_by='parent' }\n"));
  const Analysis analysis = analysis_of(edition);
  const auto found = about(analysis, Question::kClauses, "3");
  ASSERT_EQ(found.size(), 1u) << told(analysis);
  EXPECT_EQ(found[0].standing, Standing::kFault);
  EXPECT_NE(found[0].text.en.find("shadowed"), std::string::npos) << found[0].text.en;
  EXPECT_TRUE(about(analysis, Question::kClauses, "2").empty());
}

TEST(Analysis, FindsAClauseThatIsAlwaysLifted) {
  const Edition edition = edition_from(
      toml_with("[[article]]\nid='2'\ntext='x'\napplies_to={ category='guest' }\nrequire={ mode='vehicle' }\n"
                "[[article]]\nid='3'\ntext='x'\napplies_to={ direction=['entry','exit'] }\nexempts=['2']\n"));
  const Analysis analysis = analysis_of(edition);
  const auto found = about(analysis, Question::kClauses, "2");
  ASSERT_EQ(found.size(), 1u) << told(analysis);
  EXPECT_NE(found[0].text.en.find("always lifted"), std::string::npos) << found[0].text.en;
}

TEST(Analysis, FindsACategoryOfWhomNobodyMayEnter) {
  const Edition edition = edition_from(toml_with(
      "[[article]]\nid='2'\ntext='x'\napplies_to={ category='guest', direction='entry' }\nrequire={ "
      "permit='k' "
      "}\n[[article]]\nid='3'\ntext='x'\nprohibit={ permit='k' }\nif_unknown='refuse'\n[permit.k]\n"));
  const Analysis analysis = analysis_of(edition);
  const auto found = about(analysis, Question::kCategories, "guest");
  ASSERT_EQ(found.size(), 1u) << told(analysis);
  EXPECT_NE(found[0].text.en.find("may ever enter"), std::string::npos);
  EXPECT_TRUE(about(analysis, Question::kCategories, "local").empty());
}

TEST(Analysis, FindsAGap) {
  const Edition edition = edition_from(only(
      "[[article]]\nid='1'\ntext='x'\nadmit={ category='local' }\n[[article]]\nid='2'\ntext='x'\nadmit={ "
      "category='guest', mode='vehicle' }\n"));
  const Analysis analysis = analysis_of(edition);
  const auto found = about(analysis, Question::kGaps, "guest");
  ASSERT_EQ(found.size(), 1u) << told(analysis);
  ASSERT_TRUE(found[0].witness);
  EXPECT_EQ(found[0].witness->plays.at(0).verdict, Verdict::kRefuse);
  EXPECT_NE(found[0].witness->person.en.find("crosses: on foot"), std::string::npos)
      << found[0].witness->person.en;
  EXPECT_EQ(about(analysis, Question::kGaps, "watch").size(), 1u) << "a list that nothing speaks of";
}

TEST(Analysis, FindsWhatOfflineLetsPass) {
  const Edition edition = edition_from(toml_with(
      "[[article]]\nid='2'\ntext='x'\nprohibit={ on_list='hold' }\nif_unknown='allow_and_report'\n"));
  const Analysis analysis = analysis_of(edition);
  const auto found = about(analysis, Question::kOffline, "2");
  ASSERT_EQ(found.size(), 1u) << told(analysis);
  EXPECT_EQ(found[0].standing, Standing::kFault);
  ASSERT_TRUE(found[0].witness);
  EXPECT_EQ(found[0].witness->plays.at(0).verdict, Verdict::kRefuse) << "online";
  EXPECT_EQ(found[0].witness->plays.at(1).verdict, Verdict::kAllow) << "offline";
}

TEST(Analysis, ProvesThatOfflineNeverLetsPassMoreAndTellsWhoIsStopped) {
  const Edition edition = edition_from(
      toml_with("[[article]]\nid='2'\ntext='x'\nprohibit={ on_list='hold' }\notherwise='refer'\n"));
  const Analysis analysis = analysis_of(edition);
  const auto found = about(analysis, Question::kOffline, "2");
  ASSERT_EQ(found.size(), 1u) << told(analysis);
  EXPECT_EQ(found[0].standing, Standing::kRemark);
  EXPECT_EQ(found[0].witness->plays.at(0).verdict, Verdict::kAllow);
  EXPECT_EQ(found[0].witness->plays.at(1).verdict, Verdict::kRefer);
}

TEST(Analysis, FindsAStrandedPerson) {
  const Edition edition = edition_from(toml_with(
      "[[article]]\nid='2'\ntext='x'\napplies_to={ direction='exit', toward_side='A', category='guest' }\n"
      "require={ document_valid_days=30 }\n"));
  const Analysis analysis = analysis_of(edition);
  const auto found = about(analysis, Question::kStranded, "B");
  ASSERT_EQ(found.size(), 1u) << told(analysis);
  EXPECT_EQ(found[0].standing, Standing::kFault);
  EXPECT_NE(found[0].witness->person.en.find("days of validity left"), std::string::npos)
      << found[0].witness->person.en;
  EXPECT_TRUE(about(analysis, Question::kStranded, "A").empty()) << told(analysis);
}

TEST(Analysis, LetsLeaveAtAnotherHour) {
  // Exits only at night, entries only by day: nobody is stranded, they wait.
  const Edition edition = edition_from(
      toml_with("[[article]]\nid='2'\ntext='x'\nrequire={ within_hours='split' }\n[hours.split]\nentry={ "
                "mon-sun='08:00-18:00' }\nexit={ mon='22:00-23:00' }\n"));
  const Analysis analysis = analysis_of(edition);
  EXPECT_TRUE(about(analysis, Question::kStranded, "A").empty()) << told(analysis);
  EXPECT_TRUE(about(analysis, Question::kStranded, "B").empty()) << told(analysis);
}

TEST(Analysis, FindsWhoIsTreatedOtherwiseOnTheOtherSide) {
  const Edition edition = edition_from(toml_with(
      "[[article]]\nid='2'\ntext='x'\napplies_to={ toward_side='B' }\nrequire={ document_valid_days=30 }\n"));
  const Analysis analysis = analysis_of(edition);
  const auto found = about(analysis, Question::kMirror, "2");
  ASSERT_EQ(found.size(), 1u) << told(analysis);
  EXPECT_EQ(found[0].witness->plays.at(0).verdict, Verdict::kRefuse);
  EXPECT_EQ(found[0].witness->plays.at(1).verdict, Verdict::kAllow);
}

TEST(Analysis, FindsWhatOnePartyLoosensAlone) {
  const Edition edition = edition_from(toml_with(
      "[[article]]\nid='2'\ntext='x'\nrequire={ on_list='watch' }\n[[article]]\nid='3'\ntext='x'\nprohibit={ "
      "closed=true }\noverride={ persons=1, roles=['A.lead','B.lead'], valid_minutes=5 }\n"));
  const Analysis analysis = analysis_of(edition);
  const auto list = about(analysis, Question::kOneParty, "watch");
  ASSERT_FALSE(list.empty()) << told(analysis);
  EXPECT_EQ(list[0].standing, Standing::kFault);
  EXPECT_EQ(about(analysis, Question::kOneParty, "3").size(), 2u) << "either party alone may override";
  const auto closure = about(analysis, Question::kOneParty, "closure");
  ASSERT_EQ(closure.size(), 1u);
  EXPECT_EQ(closure[0].standing, Standing::kRemark) << "a closure may tighten";
}

TEST(Analysis, NamesAClauseThatNoCaseTouches) {
  const std::string articles =
      "[[article]]\nid='2'\ntext='x'\nprohibit={ on_list='hold' }\notherwise='refer'\n";
  const auto untouched = about(analysis_of(edition_from(toml_with(articles))), Question::kCases, "2");
  ASSERT_EQ(untouched.size(), 1u);
  EXPECT_NE(untouched[0].witness->person.en.find("on the list hold: yes"), std::string::npos)
      << untouched[0].witness->person.en;
  const std::string with_case =
      articles + "[[case]]\nname='x'\ngiven={ lists={ hold=true } }\nexpect={ verdict='refer' }\n";
  EXPECT_TRUE(about(analysis_of(edition_from(toml_with(with_case))), Question::kCases, "2").empty());
}

TEST(Analysis, SaysWhatItCouldNotProve) {
  Budget budget;
  budget.steps_per_question = 1;
  const Edition edition = edition_from(toml_with(
      "[[article]]\nid='2'\ntext='x'\nrequire={ stay_on_side_b={ max_days=90, in_any_days=180 } }\n"));
  const auto analysis = analyse(edition, budget, {});
  ASSERT_TRUE(analysis) << analysis.error().message;
  EXPECT_GT(analysis->not_proven, 0u);
  EXPECT_FALSE(analysis->clean());
  EXPECT_NE(told(*analysis).find("not_proven"), std::string::npos);
}

TEST(Analysis, TellsHowFarItIs) {
  std::size_t last = 0;
  const Edition edition = edition_from(toml_with(""));
  const auto analysis = analyse(edition, Budget{}, [&](std::size_t done, std::size_t of) {
    EXPECT_EQ(done, last + 1);
    EXPECT_GE(of, done);
    last = done;
  });
  ASSERT_TRUE(analysis);
  EXPECT_GT(last, 0u);
}

// Every real procedure and the demo: no question stays open, solver and evaluator agree.
class RealProcedure : public ::testing::TestWithParam<const char*> {};

TEST_P(RealProcedure, IsAnalysedWithoutADisagreement) {
  std::ostringstream text;
  text << std::ifstream(std::string("procedures/") + GetParam() + ".toml").rdbuf();
  const auto authored = procedure::parse_toml(text.str());
  ASSERT_TRUE(authored);
  const auto sealed = procedure::seal(*authored, zones::SystemZones());
  ASSERT_TRUE(sealed) << testing::told(sealed.error());
  const Analysis analysis = analysis_of(*Edition::load(sealed->bytes));
  for (const Finding& finding : analysis.findings) {
    EXPECT_NE(finding.standing, Standing::kDisagreement) << finding.text.en;
    EXPECT_NE(finding.standing, Standing::kNotProven) << finding.text.en;
  }
}

INSTANTIATE_TEST_SUITE_P(Table, RealProcedure,
                         ::testing::Values("demo", "real/rafah-2005", "real/rafah-2026",
                                           "real/line-of-contact", "real/green-line", "real/enguri",
                                           "real/schengen", "real/kaesong", "real/lachin-2023",
                                           "real/nepal-2006", "real/withdrawal-and-return"));

}  // namespace
}  // namespace crossline::analysis
