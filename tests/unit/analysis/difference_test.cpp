#include "crossline/analysis/difference.hpp"

#include "tests/support/procedure_fixtures.hpp"

#include <algorithm>

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
