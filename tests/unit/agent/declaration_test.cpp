// What an officer declares: held against the edition, kept in the record, counted at the next crossing.
#include "crossline/agent/declaration.hpp"

#include "tests/support/agent/desk.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

using movement::Verdict;
using testing::adult;
using testing::Desk;

// 400 a day in cash; a purpose and a manifest.
constexpr std::string_view kDeclaredRules = R"(
[goods.cash]
text = { en = 'cash' }
unit = 'EUR'
[goods.tobacco]
text = { en = 'tobacco' }
unit = 'g'
[fact.purpose]
text = { en = 'purpose' }
type = 'enum'
values = ['aid', 'trade']
[fact.manifest]
text = { en = 'manifest' }
type = 'bool'
[fact.seats]
text = { en = 'seats' }
type = 'int'
[fact.since]
text = { en = 'since' }
type = 'date'
[[article]]
id = '7(1)'
text = { en = 'No more than 400 EUR a day.' }
require = { goods_at_most = { cash = { amount = 400, per = 'day' } } }
otherwise = 'refuse'
if_unknown = 'refer'
)";

class DeclarationTest : public ::testing::Test {
 protected:
  DeclarationTest() {
    desk_.configured.text = testing::desk_edition(1, kDeclaredRules);
    desk_.restart();
  }
  const procedure::Edition& edition() { return desk_.station().edition(); }
  std::string reason_against(const DeclarationInput& input) {
    const auto declared = declaration_from(input, edition());
    return declared ? "" : declared.error().message;
  }
  static DeclarationInput cash(std::int64_t amount, std::string unit = "") {
    return {.goods = std::vector<movement::DeclaredGoods>{{"cash", std::move(unit), amount}}};
  }
  static DeclarationInput fact(std::string name, DeclarationInput::Value value) {
    return {.facts = {{std::move(name), std::move(value)}}};
  }
  const Scan& scan_with(const DeclarationInput& declared) {
    return desk_.scan({.text = adult().scan(), .declared = declared});
  }

  Desk desk_;
};

TEST_F(DeclarationTest, TakesTheUnitOfTheEdition) {
  const auto declared = declaration_from(cash(12), edition());
  ASSERT_TRUE(declared) << declared.error().message;
  ASSERT_EQ(declared->goods->size(), 1u);
  EXPECT_EQ(declared->goods->front(), (movement::DeclaredGoods{"cash", "EUR", 12}));
}

TEST_F(DeclarationTest, SaysNothingOfWhatWasNotSaid) {
  EXPECT_EQ(declaration_from({}, edition()).value(), movement::Declaration{});
}

TEST_F(DeclarationTest, RefusesWhatTheEditionDoesNotKnow) {
  EXPECT_EQ(reason_against(cash(12, "EUR")), "");
  EXPECT_NE(reason_against(cash(12, "USD")), "");
  EXPECT_NE(reason_against(cash(-1)), "");
  EXPECT_NE(reason_against(cash(movement::kMaxGoodsAmount + 1)), "");
  EXPECT_NE(reason_against({.goods = std::vector<movement::DeclaredGoods>{{"gold", "", 1}}}), "");
  EXPECT_NE(reason_against({.goods = std::vector<movement::DeclaredGoods>{{"cash", "", 1}, {"cash", "", 1}}}),
            "");
  EXPECT_NE(reason_against(fact("colour", true)), "");
  EXPECT_NE(reason_against({.facts = {{"manifest", true}, {"manifest", true}}}), "");
}

TEST_F(DeclarationTest, HoldsEveryFactAgainstItsType) {
  const auto value = [this](const DeclarationInput& input) {
    return declaration_from(input, edition()).value().facts.front();
  };
  EXPECT_EQ(value(fact("manifest", true)).number, 1);
  EXPECT_EQ(value(fact("seats", std::int64_t{-3})).number, -3);
  EXPECT_EQ(value(fact("purpose", "aid")).word, "aid");
  EXPECT_EQ(value(fact("since", "1970-01-11")).number, 10);
  EXPECT_NE(reason_against(fact("manifest", std::int64_t{1})), "");
  EXPECT_NE(reason_against(fact("seats", "3")), "");
  EXPECT_NE(reason_against(fact("purpose", "tourism")), "");
  EXPECT_NE(reason_against(fact("purpose", true)), "");
  EXPECT_NE(reason_against(fact("since", "2026-02-30")), "");
}

TEST_F(DeclarationTest, AsksForWhatArticlesAskFor) {
  EXPECT_TRUE(asked_by(edition()).goods);
  EXPECT_FALSE(asked_by(edition()).weapons);
  const auto plain = procedure::Edition::load(as_bytes(testing::desk_edition())).value();
  EXPECT_FALSE(asked_by(plain).goods);
}

TEST_F(DeclarationTest, DecidesAndIsRecordedAndCountsTheNextTime) {
  desk_.start_shift();
  EXPECT_EQ(scan_with(cash(250)).shown->verdict, Verdict::kRefer) << "the records of today are not here yet";
  desk_.connect();
  desk_.cut();
  EXPECT_EQ(scan_with({}).shown->verdict, Verdict::kRefer) << "nothing said is unknown";
  EXPECT_EQ(scan_with(cash(401)).shown->verdict, Verdict::kRefuse);
  const ScanId id = scan_with(cash(250)).id;
  ASSERT_EQ(desk_.look(id).shown->verdict, Verdict::kAllow);
  ASSERT_TRUE(desk_.confirm(desk_.look(id), Action::kPass));
  const auto& goods = desk_.last_movement().declared.goods;
  ASSERT_TRUE(goods.has_value());
  EXPECT_EQ(goods->front().amount, 250);

  // Back, and out again: the day has room for 150.
  ASSERT_TRUE(desk_.station().set_direction(movement::Direction::kEntry));
  const ScanId back = scan_with(cash(0)).id;
  ASSERT_TRUE(desk_.confirm(desk_.look(back), Action::kPass));
  ASSERT_TRUE(desk_.station().set_direction(movement::Direction::kExit));
  desk_.wait_ms(6 * 60'000, 60'000);
  EXPECT_EQ(scan_with(cash(151)).shown->verdict, Verdict::kRefuse);
  EXPECT_EQ(scan_with(cash(150)).shown->verdict, Verdict::kAllow);
}

TEST_F(DeclarationTest, AWrongOneLeavesTheDeskAsItWas) {
  desk_.start_shift();
  const ScanId waiting = scan_with(cash(10)).id;
  const std::size_t events = desk_.journal_size();
  EXPECT_FALSE(desk_.station().scan({.text = adult(2).scan(), .declared = cash(1, "USD")}));
  EXPECT_EQ(desk_.journal_size(), events);
  EXPECT_EQ(desk_.look(waiting).step, Step::kDecided);
}

}  // namespace
}  // namespace crossline::agent
