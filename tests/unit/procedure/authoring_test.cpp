#include "crossline/procedure/authoring.hpp"

#include "crossline/procedure/edition.hpp"
#include "crossline/zones/system_zones.hpp"
#include "tests/support/procedure_fixtures.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace crossline::procedure {
namespace {

using testing::FakeZones;
using testing::sealed_from;
using testing::told;
using testing::toml_with;

// The problems of an authored procedure, whether reading or sealing finds them.
std::vector<Problem> problems_of(std::string_view toml) {
  const auto authored = parse_toml(toml);
  if (!authored) return authored.error();
  const auto sealed = seal(*authored, FakeZones());
  return sealed ? std::vector<Problem>{} : sealed.error();
}

// The one problem that these articles have.
Problem problem_of(std::string_view articles) {
  const auto problems = problems_of(toml_with(articles));
  EXPECT_EQ(problems.size(), 1u) << told(problems);
  return problems.empty() ? Problem{} : problems.front();
}

TEST(Authoring, SealsTheSameTextToTheSameBytes) {
  EXPECT_EQ(sealed_from(toml_with("")), sealed_from(toml_with("")));
}

TEST(Authoring, SealsToTheSameBytesHoweverItIsLaidOut) {
  const std::string plain = toml_with(
      "[[article]]\nid='2'\ntext='x'\nprohibit={ closed = true }\nrequire={ category=['guest','local'] }\n");
  const std::string other = toml_with(
      "[[article]]\n  require.category = [\"local\", \"guest\"]  # both\n  text.en = 'x'\n  "
      "otherwise='refuse'\n  prohibit.closed = true\n  id='2'\n");
  EXPECT_EQ(sealed_from(plain), sealed_from(other));
}

// Changes only with the format itself: an edition's hash is its name among the parties.
TEST(Authoring, KeepsTheHashOfAProcedureForEver) {
  EXPECT_EQ(crypto::sha256(sealed_from(toml_with(""))).hex(),
            "156d651a1e20f9e09c1b99d8e9f1c2da046c611490c9f60cf2fac97dc6e40522");
}

TEST(AuthoringProblem, NamesLineColumnArticleAndTheNearestPredicate) {
  const Problem problem =
      problem_of("[[article]]\nid = \"4(3)\"\ntext = \"x\"\nrequire = { age_undr = 16 }\n");
  EXPECT_EQ(problem.line, 23);
  EXPECT_EQ(problem.column, 13);
  EXPECT_EQ(problem.article, "4(3)");
  EXPECT_EQ(problem.to_string("a.toml"),
            "a.toml:23:13: article 4(3): unknown predicate 'age_undr'; did you mean 'age_under'?");
}

struct Mistake {
  std::string_view article;  // the keys after id and text
  std::string_view message;
};

class AuthoringMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(AuthoringMistake, IsToldInWords) {
  const Problem problem =
      problem_of(fmt::format("[[article]]\nid = \"2\"\ntext = \"x\"\n{}\n", GetParam().article));
  EXPECT_NE(problem.message.find(GetParam().message), std::string::npos) << problem.message;
  EXPECT_EQ(problem.article, "2");
  EXPECT_GE(problem.line, 20);
}

INSTANTIATE_TEST_SUITE_P(
    Each, AuthoringMistake,
    ::testing::Values(
        Mistake{"require = { category = 'locals' }", "unknown category 'locals'; did you mean 'local'?"},
        Mistake{"require = { checkpoint = 'gat' }", "did you mean 'gate'?"},
        Mistake{"require = { on_list = 'hld' }", "unknown list 'hld'; did you mean 'hold'?"},
        Mistake{"require = { within_hours = 'night' }", "unknown hours 'night'"},
        Mistake{"require = { direction = 'in' }", "unknown direction 'in'"},
        Mistake{"require = { document_issuer = 'Utopia' }", "not an issuer"},
        Mistake{"require = { age_under = '16' }", "expected an integer, found a string"},
        Mistake{"require = { age_under = 0 }", "0 is not between 1 and 150"},
        Mistake{"require = { alternates = 1 }", "expected true or false, found an integer"},
        Mistake{"require = { category = [] }", "an empty set"},
        Mistake{"require = { category = ['local', 'local'] }", "'local' appears twice"},
        Mistake{"require = {}", "no condition"},
        Mistake{"requires = { age_under = 16 }\nprohibit = { closed = true }", "did you mean 'require'?"},
        Mistake{"", "the article has no clause"},
        Mistake{"require = { age_under = 16 }\notherwise = 'allow'", "unknown outcome 'allow'"},
        Mistake{"require = { age_under = 16 }\nif_unknown = 'allow'", "allow_and_report"}));

TEST(AuthoringProblem, CollectsEveryOne) {
  const auto problems =
      problems_of(toml_with("[[article]]\nid='2'\ntext='x'\nrequire={ age_undr=1, sx='male' "
                            "}\n[[article]]\nid='2'\nprohibit={ closed='no' }\n"));
  EXPECT_EQ(problems.size(), 5u) << told(problems);
}

TEST(AuthoringProblem, TellsWhereTheSyntaxBreaks) {
  const auto problems = problems_of("procedure = \"x\"\nedition = = 1\n");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].line, 2);
}

TEST(AuthoringProblem, RefusesAnEditionWithoutAnEnd) {
  std::string toml = toml_with("");
  toml.erase(toml.find(", until = 2027-01-01T00:00:00"), 29);
  EXPECT_NE(told(problems_of(toml)).find("'until' is missing"), std::string::npos);
}

TEST(AuthoringProblem, RefusesTextThatIsNotComposed) {
  EXPECT_NE(problem_of("[[article]]\nid='2'\ntext='e\u0301'\nprohibit={ closed = true }\n")
                .message.find("normal form C"),
            std::string::npos);
}

TEST(AuthoringProblem, RefusesAnUnknownClock) {
  EXPECT_NE(told(problems_of(toml_with("", "Test/Nowhere"))).find("unknown clock 'Test/Nowhere'"),
            std::string::npos);
}

TEST(AuthoringProblem, RefusesFractionsAndOffsets) {
  EXPECT_NE(
      problem_of("[[article]]\nid='2'\ntext='x'\nrequire={ age_under = 1.5 }\n").message.find("fraction"),
      std::string::npos);
  std::string toml = toml_with("");
  toml.replace(toml.find("2026-01-01T00:00:00"), 19, "2026-01-01T00:00:00Z");
  EXPECT_NE(told(problems_of(toml)).find("without an offset"), std::string::npos);
}

TEST(AuthoringProblem, BoundsPredicatesAndNames) {
  std::string articles;
  for (int i = 0; i < 1'900; ++i)
    articles += fmt::format(
        "[[article]]\nid='a{0}'\ntext='x'\napplies_to={{document_valid_days={1}}}\nadmit={{document_valid_"
        "days={2}}}\n"
        "require={{document_valid_days={3}, companions_at_most={5}}}\nprohibit={{document_valid_days={4}}}\n",
        i, 4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3, i % 1'000);
  EXPECT_NE(told(problems_of(toml_with(articles))).find("more than 8192 different predicates"),
            std::string::npos);
  std::string issuers;
  for (char a = 'A'; a <= 'Z'; ++a)
    for (char b = 'A'; b <= 'Z'; ++b)
      for (char c = 'A'; c <= 'G'; ++c) issuers += fmt::format("'{}{}{}',", a, b, c);
  EXPECT_NE(
      problem_of(fmt::format("[[article]]\nid='2'\ntext='x'\nrequire={{document_issuer=[{}]}}\n", issuers))
          .message.find("different names"),
      std::string::npos);
}

TEST(Sealing, RunsTheAgreedCases) {
  const std::string_view rule =
      "[[article]]\nid='2'\ntext='x'\nrequire={ age_at_least = 18 }\notherwise='refer'\n";
  EXPECT_TRUE(
      problems_of(
          toml_with(fmt::format(
              "{}[[case]]\nname='child'\ngiven={{ age = 17 }}\nexpect={{ verdict='refer', because='2' }}\n",
              rule)))
          .empty());
  const auto problems = problems_of(toml_with(fmt::format(
      "{}[[case]]\nname='adult'\ngiven={{ age = 18 }}\nexpect={{ verdict='refer', because='2' }}\n", rule)));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].message,
            "case 'adult': agreed refer because of 2, but the articles give allow because of 1");
}

TEST(Sealing, NamesAnUnknownFactOfACase) {
  const auto problems =
      problems_of(toml_with("[[case]]\nname='x'\ngiven={ categry = 'local' }\nexpect={ verdict='allow' }\n"));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].message.find("did you mean 'category'?"), std::string::npos);
}

TEST(Sealing, RefusesAnEditionThatForgetsTheWayHome) {
  std::string toml = toml_with("");
  toml.replace(toml.find("admit = {}"), 10, "admit = { toward_side = 'B' }");
  const auto problems = problems_of(toml);
  ASSERT_EQ(problems.size(), 2u) << told(problems);
  EXPECT_NE(problems[0].message.find("category 'local' could not return"), std::string::npos);
}

TEST(Sealing, AcceptsTheDemo) {
  std::ostringstream text;
  text << std::ifstream("procedures/demo.toml").rdbuf();
  const auto authored = parse_toml(text.str());
  ASSERT_TRUE(authored) << told(authored.error());
  const auto sealed = seal(*authored, zones::SystemZones());
  ASSERT_TRUE(sealed) << told(sealed.error());
  EXPECT_EQ(Edition::load(sealed->bytes)->hash(), sealed->hash);
}

}  // namespace
}  // namespace crossline::procedure
