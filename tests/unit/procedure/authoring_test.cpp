#include "crossline/procedure/authoring.hpp"

#include "crossline/procedure/edition.hpp"
#include "crossline/zones/system_zones.hpp"
#include "tests/support/procedure_fixtures.hpp"

#include <cstdint>
#include <fstream>
#include <functional>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

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
        Mistake{"require = { stay_on_side_b = { max_days = 90 } }", "'in_any_days' is missing"},
        Mistake{"require = { stay_on_side_b = { max_days = 90, in_any_days = 180, in_any_day = 1 } }",
                "did you mean 'in_any_days'?"},
        Mistake{"require = { crossings_at_most = { n = 2, per = 'crossing' } }", "per day, week or month"},
        Mistake{"require = { crossings_at_most = { n = 0, per = 'day' } }", "0 is not between 1 and 10000"},
        Mistake{"require = { absent_for_at_least = { side = 'C', days = 3 } }", "unknown side 'C'"},
        Mistake{"require = { quota = 'patients' }", "unknown quota 'patients'"},
        Mistake{"require = { permit = 'work' }", "unknown permit 'work'"},
        Mistake{"require = { within_season = 'summer' }", "unknown season 'summer'"},
        Mistake{"require = { goods_at_most = { cash = { amount = 1, per = 'day' } } }",
                "unknown kind of goods 'cash'"},
        Mistake{"require = { fact = { rank = true } }", "unknown declared fact 'rank'"},
        Mistake{"require = { fact = {} }", "an empty table says nothing"},
        Mistake{"require = { notified = { objection_within = 24 } }", "'hours_before' is missing"},
        Mistake{"require = { convoy = {} }", "an empty table says nothing"},
        Mistake{"require = { mode = 'horse' }", "unknown mode 'horse'"},
        Mistake{"require = { date_between = { from = 2026-02-01, until = 2026-02-01 } }",
                "'until' does not lie after 'from'"},
        Mistake{"exempts = ['1']", "article 1 neither requires nor prohibits: nothing to lift"},
        Mistake{"exempts = ['9']", "unknown article '9'"},
        Mistake{"prohibit = { closed = true }\nexempts = ['2']", "an article cannot lift itself"},
        Mistake{"duty = 'photo'", "unknown duty 'photo'"},
        Mistake{"prohibit = { closed = true }\nabsolute = 1", "expected true or false"},
        Mistake{"prohibit = { closed = true }\nsurvives_expiry = 'yes'", "expected true or false"},
        Mistake{
            "prohibit = { closed = true }\nabsolute = true\noverride = { persons = 2, roles = ['A.lead'], "
            "valid_minutes = 30 }",
            "an absolute article cannot be overridden"},
        Mistake{"prohibit = { closed = true }\noverride = { persons = 2, roles = ['C.lead'], valid_minutes = "
                "30 }",
                "not a role of a party"},
        Mistake{"prohibit = { closed = true }\noverride = { persons = 0, roles = ['A.lead'], valid_minutes = "
                "30 }",
                "0 is not between 1 and 8"},
        Mistake{"prohibit = { closed = true }\noverride = { persons = 2, roles = ['A.lead'] }",
                "'valid_minutes' is missing"},
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

TEST(AuthoringProblem, RefusesTheSameKeyTwice) {
  const auto twice = problems_of("procedure = 'x'\nedition = 1\nedition = 1\n");
  ASSERT_EQ(twice.size(), 1u);
  EXPECT_EQ(twice[0].line, 3);
  const Problem in_article =
      problem_of("[[article]]\nid='2'\ntext='x'\nprohibit={ closed=true }\nprohibit={ closed=false }\n");
  EXPECT_EQ(in_article.line, 24) << in_article.message;
  EXPECT_NE(told(problems_of(toml_with("[list.hold]\n"))).find("'list.hold'"), std::string::npos);
  EXPECT_NE(
      problem_of("[[article]]\nid='1'\ntext='x'\nprohibit={ closed=true }\n").message.find("appears twice"),
      std::string::npos);
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

TEST(Sealing, RefusesNamesOfACaseThatAreNotDeclared) {
  constexpr std::string_view kDeclared =
      "[permit.work]\n[quota.patients]\nper_day=9\n[goods.cash]\nunit='EUR'\n[fact.rank]\ntype='int'\n";
  const auto problem_of_case = [&](std::string_view given) {
    return told(problems_of(toml_with(fmt::format(
        "{}[[case]]\nname='x'\ngiven={{ {} }}\nexpect={{ verdict='allow' }}\n", kDeclared, given))));
  };
  for (const std::string_view known :
       {"category='guest'", "category='other'", "category='unknown'", "checkpoint='gate'",
        "checkpoint='other'", "lists={ hold=false, watch='unknown' }", "permits=[{ kind='work' }]",
        "quotas={ patients=1 }", "goods={ cash=1 }", "facts={ rank=1 }", "document_kind='visa'",
        "document_issuer='D'",
        "overrides=[{ article='1', granted_at='2026-03-02T12:00:00', signers=['A.other'] }]"})
    EXPECT_EQ(problem_of_case(known), "") << known;
  struct Slip {
    std::string_view given;
    std::string_view told;
  };
  for (const Slip& slip :
       {Slip{"category='gest'", "unknown category 'gest'; did you mean 'guest'?"},
        Slip{"checkpoint='gat'", "unknown checkpoint 'gat'; did you mean 'gate'?"},
        Slip{"lists={ hodl=true }", "unknown list 'hodl'; did you mean 'hold'?"},
        Slip{"permits=[{ kind='zz' }]", "the procedure declares no permit 'zz'"},
        Slip{"permits=[{}]", "'kind' is missing"},
        Slip{"quotas={ patient=1 }", "unknown quota 'patient'; did you mean 'patients'?"},
        Slip{"goods={ gold=1 }", "the procedure declares no kind of goods 'gold'"},
        Slip{"facts={ rnk=1 }", "unknown declared fact 'rnk'; did you mean 'rank'?"},
        Slip{"overrides=[{ article='99', granted_at='2026-03-02T12:00:00', signers=['A.x'] }]",
             "there is no article '99'; there are 1"},
        Slip{"overrides=[{ article='1', granted_at='2026-03-02T12:00:00', signers=['A.othre'] }]",
             "unknown role 'A.othre'; did you mean 'A.other'?"},
        Slip{"overrides=[{ article='1', granted_at='2026-03-02T12:00:00', signers=['C.other'] }]",
             "unknown role 'C.other'; did you mean"},
        Slip{"document_kind='pasport'", "unknown document kind 'pasport'; did you mean 'passport'?"},
        Slip{"document_kind='library_card'", "unknown document kind 'library_card'; there are passport,"},
        Slip{"document_issuer='xaa'", "'xaa' is not an issuer: one to three capital letters"}})
    EXPECT_NE(problem_of_case(slip.given).find(slip.told), std::string::npos)
        << slip.given << ": " << problem_of_case(slip.given);
}

TEST(Sealing, RefusesAnEditionThatForgetsTheWayHome) {
  std::string toml = toml_with("");
  toml.replace(toml.find("admit = {}"), 10, "admit = { toward_side = 'B' }");
  const auto problems = problems_of(toml);
  ASSERT_EQ(problems.size(), 2u) << told(problems);
  EXPECT_NE(problems[0].message.find("category 'local' could not return"), std::string::npos);
}

// What only the whole procedure shows is told at its place too; `toml_with` has 19 lines before the articles.
TEST(Sealing, NamesTheLineOfACaseThatFails) {
  const auto problems = problems_of(
      toml_with("[[case]]\nname='x'\ngiven={}\nexpect={ verdict='allow' }\n[[case]]\nname='y'\ngiven={ age=3 "
                "}\nexpect={ verdict='refuse' }\n"));
  ASSERT_EQ(problems.size(), 1u) << told(problems);
  EXPECT_EQ(problems[0].line, 24);
}

TEST(Sealing, NamesTheLineAndColumnOfAContradiction) {
  const Problem problem = problem_of(
      "[[article]]\nid='2'\ntext='x'\napplies_to={ age_under=16 }\nrequire={ closed=false, age_at_least=18 "
      "}\n");
  EXPECT_EQ(problem.line, 24);
  EXPECT_EQ(problem.column, 25);
  EXPECT_EQ(problem.article, "2");
  EXPECT_NE(problem.message.find("'require' can never hold: 'age_under' contradicts 'age_at_least'"),
            std::string::npos)
      << problem.message;
}

TEST(Sealing, RefusesDatesOutsideTheTimeInForce) {
  const Problem problem = problem_of(
      "[[article]]\nid='2'\ntext='x'\nprohibit={ date_between={ from=2027-01-01, until=2027-02-01 } }\n");
  EXPECT_NE(problem.message.find("lies outside the time in force"), std::string::npos) << problem.message;
  EXPECT_TRUE(
      problems_of(toml_with("[[article]]\nid='2'\ntext='x'\nprohibit={ date_between={ from=2026-12-31, "
                            "until=2027-02-01 } }\n"))
          .empty());
}

struct Covered {
  std::string_view articles;
  std::string_view by;  // empty: the second article is needed
};
class Unreachable : public ::testing::TestWithParam<Covered> {};

// Article 2 follows; which article covers it, if any.
TEST_P(Unreachable, IsRefusedWhenAnotherArticleCoversIt) {
  const auto problems = problems_of(toml_with(GetParam().articles));
  if (GetParam().by.empty()) {
    EXPECT_TRUE(problems.empty()) << told(problems);
    return;
  }
  ASSERT_EQ(problems.size(), 1u) << told(problems);
  EXPECT_EQ(problems[0].article, "2");
  EXPECT_GE(problems[0].line, 20);
  EXPECT_EQ(problems[0].message,
            fmt::format("it can never decide anything: article {} covers it", GetParam().by));
}

INSTANTIATE_TEST_SUITE_P(
    Each, Unreachable,
    ::testing::Values(
        Covered{"[[article]]\nid='2'\ntext='x'\nadmit={ category='local' }\n", "1"},
        Covered{"[[article]]\nid='2'\ntext='x'\nadmit={ category='local' }\nif_unknown='allow_and_report'\n",
                ""},
        Covered{"[[article]]\nid='2'\ntext='x'\nadmit={ category='local' }\nduty='photo'\n"
                "[duty.photo]\ntext='x'\n",
                ""},
        Covered{"[[article]]\nid='2'\ntext='x'\nrequire={ age_at_least=16 }\n"
                "[[article]]\nid='3'\ntext='x'\nrequire={ age_at_least=18 }\n",
                "3"},
        Covered{"[[article]]\nid='2'\ntext='x'\nrequire={ age_at_least=16 }\n"
                "[[article]]\nid='3'\ntext='x'\nrequire={ age_at_least=18 }\n"
                "override={ persons=2, roles=['A.lead','B.lead'], valid_minutes=5 }\n",
                ""},
        Covered{"[[article]]\nid='3'\ntext='x'\nprohibit={ on_list='hold' }\n"
                "[[article]]\nid='2'\ntext='x'\nprohibit={ on_list='hold' }\n",
                "3"},
        Covered{"[[article]]\nid='2'\ntext='x'\nprohibit={ on_list='hold' }\n"
                "[[article]]\nid='3'\ntext='x'\nprohibit={ on_list=['hold','watch'] }\notherwise='refer'\n",
                ""},
        Covered{"[[article]]\nid='2'\ntext='x'\nprohibit={ on_list='hold' }\nif_unknown='refuse'\n"
                "[[article]]\nid='3'\ntext='x'\nprohibit={ on_list=['hold','watch'] }\n",
                ""},
        Covered{"[[article]]\nid='2'\ntext='x'\nrequire={ mode='vehicle' }\n"
                "[[article]]\nid='3'\ntext='x'\nrequire={ mode='vehicle' }\nsurvives_expiry=true\n",
                "3"}));

// What sealing would refuse, in a file that somebody else sealed.
class ForeignSealing : public ::testing::Test {
 protected:
  // Of the procedure with something changed in its sealed form; "" when nothing speaks against it.
  static std::string told_of(const std::function<void(nlohmann::json&)>& change) {
    auto sealed = nlohmann::json::parse(as_text(sealed_from(
        toml_with("[season.summer]\nfrom='05-01'\nuntil='10-01'\n[[article]]\nid='2'\ntext='x'\n"
                  "applies_to={ age_under=16 }\nrequire={ within_season='summer' }\n"
                  "prohibit={ date_between={ from=2026-10-25T03:30:00, until=2026-10-25T05:00:00 } }\n"
                  "[[case]]\nname='x'\ngiven={}\nexpect={ verdict='allow', because='1' }\n",
                  "Test/Summer"))));
    change(sealed);
    const auto edition = Edition::load(as_bytes(sealed.dump()));
    if (!edition) return "not loaded: " + edition.error().message;
    return told(check_edition(*edition, FakeZones()));
  }
};

TEST_F(ForeignSealing, IsSoundWhereNothingWasChanged) {
  EXPECT_EQ(told_of([](nlohmann::json&) {}), "");
}

TEST_F(ForeignSealing, IsRefusedWhenAnAgreedCaseFails) {
  EXPECT_NE(
      told_of([](auto& sealed) { sealed["case"][0]["expect"]["verdict"] = "refuse"; }).find("agreed refuse"),
      std::string::npos);
}

TEST_F(ForeignSealing, IsRefusedForAContradictionAnUnreachableArticleAndNoWayHome) {
  EXPECT_NE(
      told_of([](auto& sealed) { sealed["article"][1]["require"]["age_at_least"] = 18; }).find("contradicts"),
      std::string::npos);
  EXPECT_NE(told_of([](auto& sealed) {
              auto again = sealed["article"][0];
              again["id"] = "3";
              sealed["article"].push_back(again);
            }).find("article 1 covers it"),
            std::string::npos);
  EXPECT_NE(told_of([](auto& sealed) {
              sealed["article"][0]["admit"]["toward_side"] = nlohmann::json::array({"B"});
            }).find("could not return"),
            std::string::npos);
}

TEST_F(ForeignSealing, IsRefusedWhenItsInstantsAreNotThoseThatPeopleRead) {
  EXPECT_NE(told_of([](auto& sealed) {
              auto& open = sealed["hours"][0]["open"]["entry"];
              open = {open.front(), open.back()};  // never closed
            }).find("hours 'day': 'open' is not what"),
            std::string::npos);
  EXPECT_NE(told_of([](auto& sealed) {
              auto& when = sealed["season"][0]["when"];
              when[0] = when[0].template get<std::int64_t>() + 1;
            }).find("season 'summer'"),
            std::string::npos);
  EXPECT_NE(
      told_of([](auto& sealed) { sealed["offsets"][1][1] = 4 * 3600; }).find("'offsets' are not those of"),
      std::string::npos);
  EXPECT_NE(told_of([](auto& sealed) {
              // The second time that the clock shows 03:30 that night.
              auto& from = sealed["article"][1]["prohibit"]["date_between"]["from"];
              from = from.template get<std::int64_t>() + 3'600;
            }).find("not the first at which"),
            std::string::npos);
  EXPECT_NE(told_of([](auto& sealed) { sealed["in_force"]["clock"] = "Test/Nowhere"; }).find("unknown clock"),
            std::string::npos);
}

std::string second_edition(const Edition& first, std::string_view from, int number) {
  std::string toml = toml_with("");
  toml.replace(toml.find("edition = 1"), 11,
               fmt::format("edition = {}\nsupersedes = 'sha256:{}'", number, first.hash().hex()));
  toml.replace(toml.find("2026-01-01T00:00:00"), 19, from);
  toml.replace(toml.find("until = 2027"), 12, "until = 2028");
  return toml;
}

TEST(Succession, AsksForTheHashOfTheEditionBeforeFromTheSecondOn) {
  std::string second = toml_with("");
  second.replace(second.find("edition = 1"), 11, "edition = 2");
  EXPECT_NE(told(problems_of(second)).find("test.toml:2:"), std::string::npos) << told(problems_of(second));
  EXPECT_NE(told(problems_of(second)).find("edition 2 needs supersedes"), std::string::npos);
  std::string first = toml_with("");
  first.replace(first.find("edition = 1"), 11, fmt::format("edition = 1\nsupersedes = 'sha256:{:064x}'", 1));
  EXPECT_NE(told(problems_of(first)).find("test.toml:3:"), std::string::npos) << told(problems_of(first));
  EXPECT_NE(told(problems_of(first)).find("the first edition supersedes nothing"), std::string::npos);
}

TEST(Succession, TakesTheNextEditionThatBeginsWhenTheOneBeforeEnds) {
  const Edition first = testing::edition_from(toml_with(""));
  const Edition next = testing::edition_from(second_edition(first, "2027-01-01T00:00:00", 2));
  EXPECT_TRUE(check_succession(first, next, {}).empty());
}

TEST(Succession, RefusesOverlapGapNumberAndHash) {
  const Edition first = testing::edition_from(toml_with(""));
  const std::string overlapping = second_edition(first, "2026-12-31T23:59:59", 2);
  const auto problems =
      check_succession(first, testing::edition_from(overlapping), parse_toml(overlapping)->positions);
  ASSERT_EQ(problems.size(), 1u) << told(problems);
  EXPECT_NE(problems[0].message.find("it overlaps edition 1"), std::string::npos) << problems[0].message;
  EXPECT_EQ(problems[0].line, 4);
  const Edition late = testing::edition_from(second_edition(first, "2027-01-01T00:00:01", 2));
  EXPECT_NE(told(check_succession(first, late, {})).find("no edition would be in force"), std::string::npos);
  const Edition third = testing::edition_from(second_edition(first, "2027-01-01T00:00:00", 3));
  EXPECT_NE(told(check_succession(first, third, {})).find("after edition 1 comes 2, not 3"),
            std::string::npos);
  const auto stranger = told(check_succession(late, first, {}));
  EXPECT_NE(stranger.find("the hash of the edition before is"), std::string::npos) << stranger;
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
