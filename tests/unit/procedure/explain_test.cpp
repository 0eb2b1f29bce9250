#include "crossline/procedure/explain.hpp"

#include "crossline/procedure/describe.hpp"
#include "crossline/procedure/fact_sheet.hpp"
#include "tests/support/procedure_fixtures.hpp"

#include <gtest/gtest.h>

namespace crossline::procedure {
namespace {

using testing::edition_from;
using testing::toml_with;

constexpr std::string_view kRules = R"(
[[article]]
id = "2"
text = { en = "Children come with a parent.", ru = "Дети приходят с родителем." }
applies_to = { age_under = 16 }
require = { accompanied_by = "parent" }
otherwise = "refer"
[[article]]
id = "3"
text = "Nobody on the hold list."
prohibit = { on_list = "hold" }
otherwise = "refer"
)";

Explanation explained(std::string_view given, std::string_view language) {
  const Edition edition = edition_from(toml_with(kRules));
  const auto sheet = FactSheet::parse_case(given, edition);
  return explain(edition, edition.decide(sheet->facts(), *sheet->instant()), language);
}

TEST(Explain, TellsTheAgreedWordsTheFactAndTheRemedy) {
  const Explanation told = explained(R"({"age":15})", "en");
  EXPECT_EQ(told.headline, "Refer to the duty officer.");
  ASSERT_EQ(told.reasons.size(), 1u);
  EXPECT_EQ(told.reasons[0].article, "2");
  EXPECT_EQ(told.reasons[0].text, "Children come with a parent.");
  EXPECT_EQ(told.reasons[0].failing_fact, "the person is accompanied by: nobody");
  EXPECT_EQ(told.reasons[0].remedy, "It passes if the person is accompanied by: parent.");
}

TEST(Explain, SpeaksTheLanguageAskedFor) {
  const Explanation told = explained(R"({"age":15})", "ru");
  EXPECT_EQ(told.headline, "Передать дежурному офицеру.");
  EXPECT_EQ(told.reasons[0].text, "Дети приходят с родителем.");
  EXPECT_EQ(told.reasons[0].remedy, "Проходит, если лицо сопровождает: родитель.");
}

TEST(Explain, TellsTheOppositeOfWhatIsProhibited) {
  const Explanation told = explained(R"({"lists":{"hold":true}})", "en");
  ASSERT_EQ(told.reasons.size(), 1u);
  EXPECT_EQ(told.reasons[0].failing_fact, "the person is on the list hold");
  EXPECT_EQ(told.reasons[0].remedy, "It passes if the person is not on the list hold.");
}

TEST(Explain, SaysWhichFactIsNotKnown) {
  const Explanation told = explained(R"({"lists":{"hold":"unknown"}})", "en");
  ASSERT_EQ(told.reasons.size(), 1u);
  EXPECT_EQ(told.reasons[0].failing_fact, "whether the person is on the list hold is not known");
}

TEST(Explain, PutsTheDecidingReasonsFirst) {
  const Explanation told = explained(R"({"age":15,"lists":{"hold":true}})", "en");
  ASSERT_EQ(told.reasons.size(), 2u);
  EXPECT_EQ(told.reasons[0].article, "2");
  EXPECT_EQ(told.reasons[1].article, "3");
}

TEST(Explain, NamesTheAdmittingArticleOfAnAllowedMovement) {
  const Explanation told = explained("{}", "en");
  EXPECT_EQ(told.headline, "Let pass.");
  ASSERT_EQ(told.reasons.size(), 1u);
  EXPECT_EQ(told.reasons[0].text, "Everybody may cross.");
}

TEST(Describe, UsesTheAgreedWordsAndLeavesTheAuthorsOwnNames) {
  const Edition edition = edition_from(toml_with(
      "[category.resident_a]\ntext={ en='residents of side A', ru='жители стороны A' }\n"
      "[hours.exit]\nentry={ mon-sun='08:00-18:00' }\nexit={ mon-sun='08:00-18:00' }\n"
      "[fact.rank]\ntext={ en='the rank', ru='звание' }\ntype='enum'\nvalues=['officer','other','rank']\n"
      "[[article]]\nid='2'\ntext='x'\n"
      "require={ category='resident_a', within_hours='exit', fact={ rank=['other','rank'] } }\n"));
  const Article& article = edition.articles()[1];
  EXPECT_EQ(
      describe(edition, article, article.clauses[0], "en"),
      "required: the category is residents of side A and the rank: other or rank and the time is within "
      "the opening hours of exit.");
  EXPECT_EQ(
      describe(edition, article, article.clauses[0], "ru"),
      "требуется: категория: жители стороны A и звание: other или rank и время в пределах часов работы: "
      "exit.");
  const auto sheet = FactSheet::parse_case(R"({"category":"local","facts":{"rank":"officer"}})", edition);
  const Explanation told = explain(edition, edition.decide(sheet->facts(), *sheet->instant()), "en");
  ASSERT_FALSE(told.reasons.empty());
  EXPECT_NE(told.reasons[0].failing_fact.find("the category is local; the rank: officer"), std::string::npos)
      << told.reasons[0].failing_fact;
}

TEST(Describe, SaysWhatHappensOtherwiseAndWhoMayLiftTheArticle) {
  const Edition edition = testing::edition_from(testing::toml_with(
      "[[article]]\nid='2'\ntext='x'\nrequire={ age_at_least=18 }\notherwise='refer'\nif_unknown='refuse'\n"
      "override={ persons=2, roles=['A.lead','B.lead'], valid_minutes=30 }\n"
      "[[article]]\nid='3'\ntext='x'\nprohibit={ on_list='hold' }\nabsolute=true\nsurvives_expiry=true\n"
      "if_unknown='allow_and_report'\n"));
  const auto marks = [&](std::size_t article, std::string_view language) {
    std::string out;
    for (const std::string& mark : describe_marks(edition, edition.articles()[article], language))
      out.append(mark).append("|");
    return out;
  };
  EXPECT_EQ(marks(0, "en"), "If it is not known: refer to the duty officer.|");
  EXPECT_EQ(marks(1, "en"),
            "Otherwise: refer to the duty officer.|If it is not known: do not let pass.|"
            "It may be overridden for one movement by 2 signing (roles: A.lead, B.lead), for 30 minutes.|");
  EXPECT_EQ(
      marks(2, "en"),
      "Otherwise: do not let pass.|If it is not known: let pass and report it.|Absolute: nothing lifts it.|"
      "It still counts after this edition has ended.|");
  EXPECT_EQ(marks(2, "ru"),
            "Иначе: не пропускать.|Если это не известно: пропустить и сообщить.|"
            "Безусловно: ничто не отменяет.|Действует и после окончания этой редакции.|");
}

}  // namespace
}  // namespace crossline::procedure
