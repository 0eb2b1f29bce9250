// Families: scanned one by one, decided together.
#include "tests/support/agent/desk.hpp"

#include <string>

namespace crossline::agent {
namespace {

using movement::Outcome;
using movement::Relation;
using movement::Verdict;
using testing::adult;
using testing::child;
using testing::Desk;
using testing::Specimen;

class GroupTest : public ::testing::Test {
 protected:
  GroupTest() { desk_.start_shift(); }

  movement::GroupId begin() { return desk_.station().begin_group().value(); }
  ScanId add(const Specimen& specimen, std::optional<With> with = std::nullopt) {
    const Scan& scan = desk_.scan({.text = specimen.scan(), .typed = false, .category = {}, .with = with});
    EXPECT_EQ(scan.step, Step::kCollected);
    return scan.id;
  }
  movement::Movement recorded(const ScanId& id) {
    const std::size_t index = desk_.look(id).recorded->index.value();
    const auto event = wire::decode_event(as_bytes(desk_.journal().records().at(index).event));
    return std::get<movement::Movement>(event->body);
  }

  Desk desk_;
};

TEST_F(GroupTest, LetsAChildPassWithItsParent) {
  const auto group = begin();
  const ScanId mother = add(adult());
  const ScanId son = add(child(), With{mother, Relation::kParent});
  ASSERT_TRUE(desk_.station().close_group(group));
  EXPECT_EQ(desk_.station().desk().verdict(), Verdict::kAllow);
  ASSERT_TRUE(desk_.station().confirm_group(group, Action::kPass));

  const movement::Movement of_mother = recorded(mother);
  const movement::Movement of_son = recorded(son);
  EXPECT_EQ(of_son.group, group);
  EXPECT_EQ(of_mother.group, group);
  EXPECT_EQ(of_son.companions, (std::vector<movement::Companion>{{of_mother.subject, Relation::kParent}}));
  EXPECT_EQ(of_mother.companions, (std::vector<movement::Companion>{{of_son.subject, Relation::kChild}}));
  EXPECT_EQ(of_son.outcome, Outcome::kPassed);
}

TEST_F(GroupTest, RecordsAllItsMembersInOneTransaction) {
  const auto group = begin();
  const ScanId mother = add(adult());
  add(child(1), With{mother, Relation::kParent});
  add(child(2), With{mother, Relation::kParent});
  ASSERT_TRUE(desk_.station().close_group(group));
  desk_.journal().fail_next_append(ErrorCode::kStorageFailed, false);
  EXPECT_FALSE(desk_.station().confirm_group(group, Action::kPass));
  EXPECT_EQ(desk_.journal_size(), 1u);
}

TEST_F(GroupTest, LeavesNoHalfOnTheDeskWhenOneRecordCannotBeRead) {
  desk_.connect();
  desk_.server().verdict.reset();  // the question about the mother is on its way when the son's record fails
  const auto group = begin();
  const ScanId mother = add(adult());
  const ScanId son = add(child(), With{mother, Relation::kParent});
  desk_.replica().damage(desk_.look(son).traveller->movement.subject);
  EXPECT_EQ(desk_.station().close_group(group).error().code, ErrorCode::kCorruptData);
  EXPECT_EQ(desk_.station().desk().find(mother), nullptr);
  desk_.wait_ms(desk_.station().settings().answer_wait_ms + 100);
  EXPECT_EQ(desk_.journal_size(), 1u) << "only the shift";
  desk_.server().verdict = Verdict::kAllow;
  EXPECT_EQ(desk_.pass(adult(2)).step, Step::kDone);
}

TEST_F(GroupTest, TakesTheFirstMemberForTheParentOfWhoeverNamesNobody) {
  const auto group = begin();
  add(adult());
  const ScanId son = add(child());
  ASSERT_TRUE(desk_.station().close_group(group));
  EXPECT_TRUE(desk_.look(son).is_allowed());
}

TEST_F(GroupTest, RefersAChildWithSomebodyElsesParent) {
  const auto group = begin();
  const ScanId uncle = add(adult());
  const ScanId nephew = add(child(), With{uncle, Relation::kRelative});
  ASSERT_TRUE(desk_.station().close_group(group));
  EXPECT_EQ(desk_.station().desk().verdict(), Verdict::kRefer);
  EXPECT_EQ(desk_.look(nephew).recorded->outcome, Outcome::kReferred);
  EXPECT_TRUE(desk_.look(uncle).is_allowed());
  EXPECT_FALSE(desk_.look(uncle).recorded);
  ASSERT_TRUE(desk_.station().confirm_group(group, Action::kTurnBack));
  EXPECT_EQ(desk_.look(uncle).recorded->outcome, Outcome::kTurnedBack);
}

TEST_F(GroupTest, LetsNoChildPassWithAParentWhoMayNot) {
  const auto group = begin();
  Specimen expired = adult();
  expired.expires = "250101";
  const ScanId mother = add(expired);
  const ScanId son = add(child(), With{mother, Relation::kParent});
  ASSERT_TRUE(desk_.station().close_group(group));
  EXPECT_EQ(desk_.look(mother).recorded->outcome, Outcome::kRefused);
  ASSERT_TRUE(desk_.look(son).recorded);
  EXPECT_EQ(desk_.look(son).recorded->outcome, Outcome::kReferred);
  EXPECT_TRUE(recorded(son).companions.empty()) << "whoever may not cross accompanies nobody";
  EXPECT_EQ(desk_.station().confirm_group(group, Action::kPass).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(desk_.station().confirm_group(group, Action::kAcknowledge));
}

TEST_F(GroupTest, AsksTheServerForEveryMember) {
  desk_.connect();
  const auto group = begin();
  const ScanId mother = add(adult());
  add(child(), With{mother, Relation::kParent});
  ASSERT_TRUE(desk_.station().close_group(group));
  desk_.deliver();
  EXPECT_EQ(desk_.server().consults(), 2u);
  EXPECT_EQ(desk_.station().desk().verdict(), Verdict::kAllow);
  EXPECT_FALSE(desk_.look(mother).decided_offline);
}

TEST_F(GroupTest, KeepsWhatIsUnreadableBesideTheGroup) {
  const auto group = begin();
  add(adult());
  EXPECT_EQ(desk_.scan({.text = "no zone"}).step, Step::kUnreadable);
  EXPECT_EQ(desk_.station().desk().members().size(), 1u);
  add(child());
  EXPECT_TRUE(desk_.station().close_group(group));
}

TEST_F(GroupTest, TakesADocumentOnce) {
  begin();
  add(adult());
  EXPECT_EQ(desk_.station().scan({.text = adult().scan()}).error().code, ErrorCode::kConflict);
}

TEST_F(GroupTest, RefusesACompanionWhoIsNotThere) {
  begin();
  add(adult());
  const auto scan = desk_.station().scan(
      {.text = child().scan(), .typed = false, .category = {}, .with = With{ScanId{9}, Relation::kParent}});
  EXPECT_EQ(scan.error().code, ErrorCode::kNotFound);
}

TEST_F(GroupTest, IsNotClosedEmptyOrWithAnOpenQuestion) {
  const auto group = begin();
  EXPECT_EQ(desk_.station().close_group(group).error().code, ErrorCode::kConflict);
  Specimen from_b = adult();
  from_b.issuer = "XBB";
  const Scan& open = desk_.scan(from_b);
  ASSERT_EQ(open.step, Step::kChooseCategory);
  EXPECT_EQ(desk_.station().close_group(group).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(desk_.station().choose_category(ScanId(open.id), "worker"));
  ASSERT_TRUE(desk_.station().close_group(group));
  EXPECT_TRUE(desk_.station().close_group(group)) << "repeated";
  EXPECT_EQ(desk_.station().close_group(movement::GroupId{1}).error().code, ErrorCode::kNotFound);
}

TEST_F(GroupTest, IsGivenUpWithoutARecord) {
  const auto group = begin();
  add(adult());
  ASSERT_TRUE(desk_.station().cancel_group(group));
  EXPECT_TRUE(desk_.station().desk().members().empty());
  EXPECT_EQ(desk_.journal_size(), 1u);
}

TEST_F(GroupTest, DoesNotBeginWhileSomebodyWaits) {
  (void)desk_.scan(adult());
  EXPECT_EQ(desk_.station().begin_group().error().code, ErrorCode::kConflict);
  EXPECT_EQ(desk_.station().set_direction(movement::Direction::kEntry).error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace crossline::agent
