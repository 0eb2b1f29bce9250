#include "crossline/analysis/difference.hpp"

#include "crossline/procedure/fact_sheet.hpp"
#include "tests/support/procedure_fixtures.hpp"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::analysis {
namespace {

using procedure::Edition;
using procedure::Verdict;
using testing::edition_from;
using testing::toml_with;

// The edition after: of 2027.
Edition next_edition(std::string_view articles) {
  std::string toml = toml_with(articles);
  toml.replace(toml.find("until = 2027"), 12, "until = 2028");
  toml.replace(toml.find("from = 2026"), 11, "from = 2027");
  toml.replace(toml.find("edition = 1"), 11, fmt::format("edition = 2\nsupersedes = 'sha256:{:064x}'", 1));
  return edition_from(toml);
}

Difference difference_of(const Edition& before, const Edition& after) {
  auto difference = compare(before, after, Budget{}, {});
  if (!difference) throw std::runtime_error(difference.error().message);
  return *std::move(difference);
}

std::string article(std::string_view id, std::string_view body) {
  return fmt::format("[[article]]\nid='{}'\ntext='x'\n{}\n", id, body);
}

TEST(Difference, ProvesThatNobodyIsDecidedOtherwise) {
  const std::string same = article("2", "prohibit={ on_list='hold' }\notherwise='refer'");
  const Difference difference = difference_of(edition_from(toml_with(same)), next_edition(same));
  EXPECT_TRUE(difference.nobody);
  EXPECT_TRUE(difference.changes.empty());
  EXPECT_TRUE(difference.open.empty());
}

TEST(Difference, ProvesItThoughTheWordsAreOther) {
  const Difference difference =
      difference_of(edition_from(toml_with(article("2", "require={ age_at_least=16 }"))),
                    next_edition(article("2", "prohibit={ age_under=16 }")));
  EXPECT_TRUE(difference.nobody);
  EXPECT_EQ(difference.changed, std::vector<std::string>{"2"}) << "it says it otherwise";
}

TEST(Difference, ShowsOnePersonForEachNewVerdictOfAChangedClause) {
  const Difference difference = difference_of(
      edition_from(toml_with(article("2",
                                     "applies_to={ age_under=16 }\nrequire={ accompanied_by='parent' }\n"
                                     "otherwise='refer'"))),
      next_edition(article("2",
                           "applies_to={ age_under=14 }\nrequire={ accompanied_by='parent' }\n"
                           "otherwise='refuse'")));
  ASSERT_EQ(difference.changes.size(), 2u);
  EXPECT_EQ(difference.changes[0].after, Verdict::kRefuse);
  EXPECT_EQ(difference.changes[0].before, Verdict::kRefer);
  EXPECT_NE(difference.changes[0].text.en.find("article 2: newly refused"), std::string::npos);
  EXPECT_EQ(difference.changes[1].after, Verdict::kAllow);
  const std::string& person = difference.changes[1].witness.person.en;
  EXPECT_TRUE(person.find("age: 14") != std::string::npos || person.find("age: 15") != std::string::npos)
      << person;
  EXPECT_NE(difference.changes[1].witness.person.ru.find("возраст: 1"), std::string::npos);
}

TEST(Difference, NamesAddedAndRemovedArticles) {
  const Difference difference =
      difference_of(edition_from(toml_with(article("2", "prohibit={ closed=true }"))),
                    next_edition(article("3", "prohibit={ on_list='watch' }")));
  EXPECT_EQ(difference.added, std::vector<std::string>{"3"});
  EXPECT_EQ(difference.removed, std::vector<std::string>{"2"});
  const auto has = [&](std::string_view id, Verdict after) {
    return std::ranges::any_of(difference.changes, [&](const Change& change) {
      return change.article == id && change.after == after;
    });
  };
  EXPECT_TRUE(has("3", Verdict::kRefuse));
  EXPECT_TRUE(has("2", Verdict::kAllow));
}

TEST(Difference, SeesThatOnlyTheHoursChanged) {
  const std::string rule = article("2", "require={ within_hours='day' }");
  std::string after = toml_with(rule);
  after.replace(after.find("mon-fri = \"08:00-18:00\""), 23, "mon-fri = \"08:00-17:00\"");
  const Difference difference = difference_of(edition_from(toml_with(rule)), edition_from(after));
  ASSERT_EQ(difference.changes.size(), 1u);
  EXPECT_EQ(difference.changes[0].article, "2");
  EXPECT_EQ(difference.changes[0].after, Verdict::kRefuse);
  EXPECT_NE(difference.changes[0].witness.person.en.find("17:00 to 18:00"), std::string::npos)
      << difference.changes[0].witness.person.en;
}

TEST(Difference, ComparesHoursOverTheTimeOfTheNewerEdition) {
  const std::string rule = article("2", "require={ within_hours='checkpoint' }");
  EXPECT_TRUE(difference_of(edition_from(toml_with(rule)), next_edition(rule)).nobody);
}

TEST(Difference, RefusesEditionsOfDifferentClocks) {
  const auto difference =
      compare(edition_from(toml_with("")), edition_from(toml_with("", "Test/Summer")), Budget{}, {});
  ASSERT_FALSE(difference);
  EXPECT_EQ(difference.error().code, ErrorCode::kUnsupported);
}

// One of each kind of declaration, and an article that may be overridden.
constexpr std::string_view kDeclaring = R"(sign = { A = 2, B = 2 }
closure = { max_hours = 24 }
[goods.cash]
unit = "EUR"
[quota.patients]
per_day = 10
[permit.work]
text = "work"
[season.summer]
from = "05-01"
until = "09-01"
[duty.photo]
text = "a photograph"
[fact.escort]
type = "enum"
values = ["army", "police"]
)";
constexpr std::string_view kDeclaringArticle =
    "prohibit={ on_list='hold' }\notherwise='refer'\n"
    "override={ persons=2, roles=['A.lead','B.lead'], valid_minutes=30 }";

constexpr std::string_view kUsingArticle =
    "applies_to={ category='guest', permit='work' }\notherwise='refer'\nduty='photo'\n"
    "require={ quota='patients', goods_at_most={ cash={ amount=100, per='crossing' } }, fact={ escort='army' "
    "} }";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const auto at = text.find(what);
  if (at == std::string::npos) throw std::runtime_error(fmt::format("not there: {}", what));
  return text.replace(at, what.size(), by);
}

std::string declaring() {
  std::string toml = toml_with(article("2", kDeclaringArticle) + article("3a", kUsingArticle));
  toml = replaced(std::move(toml), "[list.hold]\n", "[list.hold]\nmax_age_hours = 24\n");
  return replaced(std::move(toml), "[category.local]\n", fmt::format("{}[category.local]\n", kDeclaring));
}

struct Redeclared {
  std::string_view kind;
  std::string_view name;
  std::string_view was;
  std::string_view is;
};

class DifferenceOfDeclarations : public ::testing::TestWithParam<Redeclared> {};

TEST_P(DifferenceOfDeclarations, IsListedAndNothingIsProven) {
  const Redeclared& one = GetParam();
  const Difference difference =
      difference_of(edition_from(declaring()), edition_from(replaced(declaring(), one.was, one.is)));
  ASSERT_EQ(difference.declarations.size(), 1u);
  const Declaration& declaration = difference.declarations.front();
  EXPECT_EQ(declaration.kind, one.kind);
  EXPECT_EQ(declaration.name, one.name);
  EXPECT_NE(declaration.before, declaration.after);
  EXPECT_FALSE(declaration.covered);
  EXPECT_FALSE(difference.nobody);
  EXPECT_TRUE(std::ranges::any_of(difference.open, [&](const Finding& finding) {
    return finding.question == Question::kBeyond &&
           finding.text.en.find(declaration.text.en) != std::string::npos;
  }));
}

INSTANTIATE_TEST_SUITE_P(
    EachKind, DifferenceOfDeclarations,
    ::testing::Values(
        Redeclared{"override", "2", "persons=2, roles=['A.lead','B.lead']", "persons=1, roles=['A.lead']"},
        Redeclared{"list", "hold", "max_age_hours = 24", "max_age_hours = 48"},
        Redeclared{"goods", "cash", "\"EUR\"", "\"USD\""},
        Redeclared{"quota", "patients", "per_day = 10", "per_day = 1000"},
        Redeclared{"closure", "max_hours", "max_hours = 24", "max_hours = 72"},
        Redeclared{"category", "local", "issuer = \"XAA\"", "issuer = \"XBB\""},
        Redeclared{"category", "guest", "[category.guest]\n", "[category.guest]\nresidence = \"B\"\n"},
        Redeclared{"duties", "3a", "duty='photo'\n", ""},
        Redeclared{"fact", "escort", "[\"army\", \"police\"]", "[\"army\", \"guards\"]"},
        Redeclared{"checkpoint", "gate", "[checkpoint.gate]\nhours = \"day\"\n", "[checkpoint.gate]\n"},
        Redeclared{"survives_expiry", "2", "otherwise='refer'", "otherwise='refer'\nsurvives_expiry=true"}));

TEST(Difference, TellsOfDeclarationsInTheirAgreedWords) {
  const std::string worded =
      replaced(declaring(), "[quota.patients]\n",
               "[quota.patients]\ntext = { en = \"patients a day\", ru = \"пациенты\" }\n");
  for (const std::string& after : {worded, replaced(worded, "per_day = 10", "per_day = 12")}) {
    const Difference difference = difference_of(edition_from(declaring()), edition_from(after));
    ASSERT_EQ(difference.declarations.size(), 1u);
    EXPECT_EQ(difference.declarations[0].name, "patients");
    EXPECT_EQ(difference.declarations[0].text.en, "quota patients a day");
    EXPECT_EQ(difference.declarations[0].text.ru, "квота пациенты");
  }
}

TEST(Difference, ListsWhatDecidesNobodyOtherwiseAndStillProvesIt) {
  for (const Redeclared& one :
       {Redeclared{"parties", "A", "A = \"North\"", "A = \"Upper side\""},
        Redeclared{"season", "summer", "until = \"09-01\"", "until = \"10-01\""},
        Redeclared{"hours", "day", "mon-fri = \"08:00-18:00\"", "mon-fri = \"08:00-17:00\""},
        Redeclared{"permit", "work", "text = \"work\"", "text = \"labour\""},
        Redeclared{"sign", "B", "B = 2 }", "B = 1 }"},
        // Nothing uses these.
        Redeclared{"quota", "spare", "[permit.work]\n", "[quota.spare]\nper_day = 5\n[permit.work]\n"},
        Redeclared{"goods", "gold", "[permit.work]\n", "[goods.gold]\nunit = \"g\"\n[permit.work]\n"},
        Redeclared{"list", "watch", "[list.watch]\n", "[list.watch]\nmax_age_hours = 5\n"},
        Redeclared{"permit", "study", "[permit.work]\n", "[permit.study]\ntext = \"study\"\n[permit.work]\n"},
        Redeclared{"duty", "visit", "[duty.photo]\n", "[duty.visit]\ntext = \"a visit\"\n[duty.photo]\n"},
        Redeclared{"fact", "rank", "[permit.work]\n", "[fact.rank]\ntype = \"int\"\n[permit.work]\n"}}) {
    SCOPED_TRACE(one.kind);
    const Difference difference =
        difference_of(edition_from(declaring()), edition_from(replaced(declaring(), one.was, one.is)));
    ASSERT_EQ(difference.declarations.size(), 1u);
    EXPECT_EQ(difference.declarations.front().kind, one.kind);
    EXPECT_EQ(difference.declarations.front().name, one.name);
    EXPECT_TRUE(difference.declarations.front().covered);
    EXPECT_TRUE(difference.nobody);
  }
}

TEST(Difference, TakesAnotherOrderOfDeclarationsForTheSame) {
  std::string other = replaced(declaring(), "[list.watch]\n", "");
  other = replaced(std::move(other), "[list.hold]\n", "[list.watch]\n[list.hold]\n");
  other = replaced(std::move(other), "['A.lead','B.lead']", "['B.lead','A.lead']");
  const Difference difference = difference_of(edition_from(declaring()), edition_from(other));
  EXPECT_TRUE(difference.declarations.empty());
  EXPECT_TRUE(difference.nobody);
}

// Without an override the same persons are stopped; with one of article 2, a child on the hold list is not.
TEST(Difference, ProvesNothingWhereOverridesMeetOtherClauses) {
  const auto with_children = [](std::string_view lists) {
    const std::string children = article(
        "3",
        fmt::format("applies_to={{ age_under=16 }}\nprohibit={{ on_list={} }}\notherwise='refer'", lists));
    return edition_from(fmt::format("{}{}", declaring(), children));
  };
  const Difference difference = difference_of(with_children("'watch'"), with_children("['hold','watch']"));
  EXPECT_TRUE(difference.changes.empty());
  EXPECT_FALSE(difference.nobody);
  ASSERT_EQ(difference.open.size(), 1u);
  EXPECT_NE(difference.open.front().text.en.find("overrides"), std::string::npos);
}

// What the evaluator says of the same facts under `declaring()` and with one thing declared otherwise.
std::pair<Verdict, Verdict> decided(const Redeclared& one, std::string_view facts) {
  const auto verdict = [&](const Edition& edition) {
    const auto sheet = procedure::FactSheet::parse_case(facts, edition);
    if (!sheet) throw std::runtime_error(sheet.error().message);
    return edition.decide(sheet->facts(), sheet->instant().value_or(edition.from())).verdict;
  };
  return {verdict(edition_from(declaring())), verdict(edition_from(replaced(declaring(), one.was, one.is)))};
}

TEST(Difference, WouldBeWrongToClaimNobodyOfOverridesAndListAges) {
  const std::pair lets_pass{Verdict::kRefer, Verdict::kAllow};
  EXPECT_EQ(decided({"override", "2", "persons=2, roles=['A.lead','B.lead']", "persons=1, roles=['A.lead']"},
                    R"({"at":"2026-06-01T12:00:00","category":"local","lists":{"hold":true},
                        "overrides":[{"article":"2","granted_at":"2026-06-01T11:55:00","signers":["A.lead"]}]})"),
            lets_pass);
  EXPECT_EQ(decided({"list", "hold", "max_age_hours = 24", "max_age_hours = 48"},
                    R"({"at":"2026-06-01T12:00:00","category":"local",
                        "lists":{"hold":{"value":false,"source":"replica","age_s":108000}}})"),
            lets_pass);
}

TEST(Difference, IsOneJsonObject) {
  const Edition before = edition_from(toml_with(""));
  const Edition after = next_edition(article("2", "prohibit={ on_list='hold' }"));
  const auto json = nlohmann::json::parse(to_json(before, after, difference_of(before, after)));
  EXPECT_EQ(json.at("before").at("edition"), 1);
  EXPECT_EQ(json.at("after").at("edition"), 2);
  EXPECT_EQ(json.at("added"), nlohmann::json::array({"2"}));
  ASSERT_FALSE(json.at("changes").empty());
  const auto& change = json.at("changes").at(0);
  EXPECT_EQ(change.at("article"), "2");
  EXPECT_EQ(change.at("decisions").size(), 2u);
  EXPECT_TRUE(change.at("decisions").at(0).at("facts").contains("at"));
  EXPECT_FALSE(change.at("person").at("ru").get<std::string>().empty());
}

}  // namespace
}  // namespace crossline::analysis
