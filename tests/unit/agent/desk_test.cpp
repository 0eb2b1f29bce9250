// One person before the desk: what is read, decided, shown and recorded.
#include "tests/support/agent/desk.hpp"

#include <algorithm>
#include <string>

namespace crossline::agent {
namespace {

using movement::Direction;
using movement::Outcome;
using movement::Verdict;
using testing::adult;
using testing::child;
using testing::Desk;
using testing::Specimen;

class DeskTest : public ::testing::Test {
 protected:
  DeskTest() { desk_.start_shift(); }
  Desk desk_;
};

TEST(DeskWithoutShift, TakesNoScan) {
  Desk desk;
  const auto scan = desk.station().scan({.text = adult().scan()});
  ASSERT_FALSE(scan);
  EXPECT_EQ(scan.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(desk.journal_size(), 0u);
}

TEST_F(DeskTest, RecordsTheShift) {
  EXPECT_EQ(std::get<movement::Shift>(desk_.last_event().body), (movement::Shift{true, Direction::kExit}));
  EXPECT_EQ(desk_.last_event().officer, "officer-1");
  ASSERT_TRUE(desk_.station().end_shift());
  EXPECT_FALSE(std::get<movement::Shift>(desk_.last_event().body).started);
  EXPECT_FALSE(desk_.station().shift());
}

TEST_F(DeskTest, RefusesADirectionThatThePostDoesNotHave) {
  EXPECT_EQ(desk_.station().start_shift("officer-1", Direction::kAToB, "en").error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(desk_.station().set_direction(Direction::kBToA).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(desk_.station().set_direction(Direction::kEntry));
}

TEST_F(DeskTest, AllowsAResidentAndRecordsThePassageOnlyWhenConfirmed) {
  const Scan& scan = desk_.scan(adult());
  ASSERT_EQ(scan.step, Step::kDecided);
  EXPECT_EQ(scan.shown->verdict, Verdict::kAllow);
  EXPECT_EQ(scan.shown->articles, std::vector<std::string>{"3(1)"});
  EXPECT_EQ(desk_.journal_size(), 1u) << "only the shift";

  ASSERT_TRUE(desk_.confirm(scan, Action::kPass));
  const movement::Movement movement = desk_.last_movement();
  EXPECT_EQ(movement.outcome, Outcome::kPassed);
  EXPECT_EQ(movement.verdict, Verdict::kAllow);
  EXPECT_EQ(movement.category, "resident_a");
  EXPECT_EQ(movement.direction, Direction::kExit);
  EXPECT_EQ(movement.age_years, 41);
  EXPECT_EQ(movement.document_kind, "passport");
  EXPECT_EQ(movement.edition, 1u);
  EXPECT_TRUE(movement.decided_offline);
  EXPECT_EQ(desk_.look(scan.id).step, Step::kDone);
}

TEST_F(DeskTest, GivesTheFirstAnswerToARepeatedConfirmation) {
  const ScanId id = desk_.pass(adult()).id;
  const std::size_t size = desk_.journal_size();
  EXPECT_TRUE(desk_.station().confirm(id, Action::kPass));
  EXPECT_EQ(desk_.station().confirm(id, Action::kTurnBack).error().code, ErrorCode::kConflict);
  EXPECT_EQ(desk_.journal_size(), size);
}

TEST_F(DeskTest, RecordsARefusalBeforeItIsShown) {
  Specimen expired = adult();
  expired.expires = "261101";
  const Scan& scan = desk_.scan(expired);
  EXPECT_EQ(scan.shown->verdict, Verdict::kRefuse);
  EXPECT_EQ(scan.shown->articles, std::vector<std::string>{"2(2)"});
  EXPECT_FALSE(scan.shown->reasons.front().failing_fact.empty());
  ASSERT_TRUE(scan.recorded);
  EXPECT_EQ(desk_.last_movement().outcome, Outcome::kRefused);
  EXPECT_EQ(desk_.last_movement().document_valid_days, -29);
  EXPECT_EQ(desk_.confirm(scan, Action::kPass).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(desk_.confirm(scan, Action::kAcknowledge));
  EXPECT_EQ(desk_.journal_size(), 2u);
}

TEST_F(DeskTest, RefersAChildAlone) {
  const Scan& scan = desk_.scan(child());
  EXPECT_EQ(scan.shown->verdict, Verdict::kRefer);
  EXPECT_EQ(scan.shown->articles, std::vector<std::string>{"4(3)"});
  EXPECT_EQ(desk_.last_movement().outcome, Outcome::kReferred);
}

TEST_F(DeskTest, RecordsWhoWasTurnedBack) {
  const Scan& scan = desk_.scan(adult());
  ASSERT_TRUE(desk_.confirm(scan, Action::kTurnBack));
  EXPECT_EQ(desk_.last_movement().outcome, Outcome::kTurnedBack);
  EXPECT_EQ(desk_.last_movement().verdict, Verdict::kAllow);
}

TEST_F(DeskTest, RecordsAPendingScanAsAbandonedWhenTheNextOneComes) {
  (void)desk_.scan(adult(1));
  const Scan& next = desk_.scan(adult(2));
  EXPECT_EQ(desk_.last_movement().outcome, Outcome::kAbandoned);
  EXPECT_EQ(next.step, Step::kDecided);
  EXPECT_FALSE(next.recorded);
}

TEST_F(DeskTest, RecordsAPendingScanAsAbandonedAtTheEndOfTheShift) {
  (void)desk_.scan(adult());
  ASSERT_TRUE(desk_.station().end_shift());
  EXPECT_EQ(desk_.journal_size(), 3u);
}

TEST_F(DeskTest, ShowsWhatIsWrongWithACheckDigitAndRecordsNothing) {
  std::string text = adult().scan();
  text[text.find('\n') + 10] = text[text.find('\n') + 10] == '9' ? '4' : '9';  // the number's check digit
  const Scan& scan = desk_.scan({.text = text, .typed = true});
  ASSERT_EQ(scan.step, Step::kUnreadable);
  ASSERT_TRUE(scan.unusable);
  const auto* number = scan.unusable->find(documents::FieldName::kNumber);
  ASSERT_NE(number, nullptr);
  EXPECT_NE(number->status, documents::FieldStatus::kOk);
  EXPECT_EQ(desk_.journal_size(), 1u);
  EXPECT_EQ(desk_.confirm(scan, Action::kPass).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(desk_.confirm(scan, Action::kAcknowledge));
}

TEST_F(DeskTest, ShowsThatSomethingIsNoZoneAtAll) {
  for (const std::string text : {"hello", "http://example.test/", "<<<<<<<<", "1"}) {
    const Scan& scan = desk_.scan({.text = text});
    EXPECT_EQ(scan.step, Step::kUnreadable) << text;
    EXPECT_FALSE(scan.traveller) << text;
  }
  EXPECT_EQ(desk_.journal_size(), 1u);
}

TEST_F(DeskTest, NeverDecidesOnARepairedReadingBeforeTheOfficerHasLooked) {
  std::string text = adult().scan();
  const std::size_t birth = text.find("850304");
  text[birth + 1] = 'S';  // for 5
  const Scan& scan = desk_.scan({.text = text});
  ASSERT_EQ(scan.step, Step::kConfirmReading);
  EXPECT_FALSE(scan.shown);
  const ScanId id = scan.id;
  EXPECT_EQ(desk_.station().confirm(id, Action::kPass).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(desk_.station().confirm_reading(id));
  EXPECT_TRUE(desk_.station().confirm_reading(id)) << "repeated";
  EXPECT_EQ(desk_.look(id).shown->verdict, Verdict::kAllow);
  ASSERT_TRUE(desk_.confirm(desk_.look(id), Action::kPass));
  EXPECT_TRUE(desk_.last_movement().document_repaired);
}

TEST_F(DeskTest, LetsTheOfficerChooseWhereSeveralCategoriesFit) {
  Specimen from_b = adult();
  from_b.issuer = "XBB";
  const ScanId id = desk_.scan(from_b).id;
  ASSERT_EQ(desk_.look(id).step, Step::kChooseCategory);
  EXPECT_EQ(desk_.look(id).traveller->categories, (std::vector<std::string>{"resident_b", "worker"}));
  EXPECT_EQ(desk_.station().choose_category(id, "resident_a").error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(desk_.station().choose_category(id, "worker"));
  EXPECT_EQ(desk_.look(id).traveller->movement.category, "worker");
  EXPECT_TRUE(desk_.station().choose_category(id, "worker")) << "repeated";
  EXPECT_EQ(desk_.station().choose_category(id, "resident_b").error().code, ErrorCode::kConflict);
  EXPECT_EQ(desk_.look(id).step, Step::kDecided);
}

TEST_F(DeskTest, TakesACategoryChosenBeforehandWhenItFits) {
  Specimen from_b = adult();
  from_b.issuer = "XBB";
  EXPECT_EQ(desk_.scan({.text = from_b.scan(), .typed = false, .category = "worker", .with = {}}).step,
            Step::kDecided);
  EXPECT_EQ(desk_.scan({.text = from_b.scan(), .typed = false, .category = "resident_a", .with = {}}).step,
            Step::kChooseCategory);
}

TEST_F(DeskTest, RefusesWhomNoCategoryFits) {
  Specimen stranger = adult();
  stranger.issuer = "UTO";
  const Scan& scan = desk_.scan(stranger);
  EXPECT_NE(scan.shown->verdict, Verdict::kAllow);
  EXPECT_EQ(desk_.last_movement().category, "");
}

TEST_F(DeskTest, ShowsTheFirstPassageWhenADocumentIsScannedTwice) {
  const JournalIndex first = desk_.pass(adult()).recorded->index;
  desk_.wait_ms(60'000);
  const Scan& again = desk_.scan(adult());
  ASSERT_EQ(again.step, Step::kRepeated);
  EXPECT_EQ(again.repeated->index, first);
  EXPECT_EQ(again.repeated->at, testing::kMonday);
  EXPECT_EQ(desk_.journal_size(), 2u);
}

TEST_F(DeskTest, DecidesAnewWhenTheDoubleScanWindowIsOver) {
  (void)desk_.pass(adult());
  desk_.wait_ms(desk_.station().settings().double_scan_ms + 1, 10'000);
  EXPECT_EQ(desk_.scan(adult()).step, Step::kDecided);
}

TEST_F(DeskTest, DoesNotTakeARefusalForAPassage) {
  (void)desk_.scan(child());
  EXPECT_EQ(desk_.scan(child()).step, Step::kDecided);
}

TEST_F(DeskTest, AlwaysLetsAPersonBetweenTheSidesReturn) {
  Specimen person = adult();
  (void)desk_.pass(person);
  ASSERT_TRUE(desk_.station().set_direction(Direction::kEntry));
  const Scan& back = desk_.scan(person);
  EXPECT_EQ(back.shown->verdict, Verdict::kAllow);
  EXPECT_TRUE(back.shown->returning);
}

TEST_F(DeskTest, SendsAnIdentityOnceAndAgainWhenItChanges) {
  desk_.connect();
  (void)desk_.pass(adult());
  EXPECT_TRUE(desk_.last_movement().commitment);
  ASSERT_TRUE(desk_.station().set_direction(Direction::kEntry));
  (void)desk_.pass(adult());
  EXPECT_FALSE(desk_.last_movement().commitment);
  ASSERT_TRUE(desk_.station().set_direction(Direction::kExit));
  Specimen renamed = adult();
  renamed.primary = "RENAMED";
  (void)desk_.pass(renamed);
  EXPECT_TRUE(desk_.last_movement().commitment);
  ASSERT_EQ(desk_.server().identities().size(), 2u);
  EXPECT_EQ(desk_.server().identities()[1].primary_name, "RENAMED");
  EXPECT_TRUE(desk_.server().complaints().empty());
}

TEST_F(DeskTest, KeepsNamesOutOfEvents) {
  Specimen person = adult();
  person.primary = "UNMISTAKABLE";
  (void)desk_.pass(person);
  const std::string& event = desk_.journal().records().back().event;
  EXPECT_EQ(event.find("UNMISTAKABLE"), std::string::npos);
  EXPECT_EQ(event.find(person.number), std::string::npos);
  EXPECT_EQ(event.find("850304"), std::string::npos);
}

TEST_F(DeskTest, TakesAMovementBackWithAReason) {
  const JournalIndex index = desk_.pass(adult()).recorded->index;
  ASSERT_TRUE(desk_.station().undo(index, "wrong lane"));
  const auto correction = std::get<movement::Correction>(desk_.last_event().body);
  EXPECT_EQ(correction.journal_index, index);
  EXPECT_EQ(correction.reason, "wrong lane");
  EXPECT_TRUE(desk_.station().history().find(index)->corrected);
  EXPECT_EQ(desk_.scan(adult()).step, Step::kDecided) << "the passage no longer counts";
}

TEST_F(DeskTest, TakesNothingBackTwiceLateUnknownOrWithoutReason) {
  const JournalIndex index = desk_.pass(adult()).recorded->index;
  EXPECT_EQ(desk_.station().undo(index, "").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(desk_.station().undo(index, "two\nlines").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(desk_.station().undo(index, std::string(501, 'x')).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(desk_.station().undo(JournalIndex(0), "the shift").error().code, ErrorCode::kConflict);
  EXPECT_EQ(desk_.station().undo(JournalIndex(99), "nothing").error().code, ErrorCode::kConflict);
  ASSERT_TRUE(desk_.station().undo(index, "wrong lane"));
  EXPECT_EQ(desk_.station().undo(index, "wrong lane").error().code, ErrorCode::kConflict);
  const JournalIndex late = desk_.pass(adult(2)).recorded->index;
  desk_.wait_ms(desk_.station().settings().undo_ms + 1, 10'000);
  EXPECT_EQ(desk_.station().undo(late, "too late").error().code, ErrorCode::kConflict);
}

TEST_F(DeskTest, ShowsNothingAsDoneThatTheDiskRefused) {
  const ScanId id = desk_.scan(adult()).id;
  desk_.journal().set_full(true);
  EXPECT_EQ(desk_.station().confirm(id, Action::kPass).error().code, ErrorCode::kStorageFull);
  EXPECT_EQ(desk_.station().desk().find(id), nullptr);
  EXPECT_TRUE(desk_.station().journal().halted());
  EXPECT_EQ(desk_.station().scan({.text = adult().scan()}).error().code, ErrorCode::kStorageFull);
  desk_.journal().set_full(false);
  desk_.wait_ms(3'000);
  EXPECT_FALSE(desk_.station().journal().halted());
  EXPECT_EQ(desk_.pass(adult()).step, Step::kDone);
}

TEST_F(DeskTest, DecidesNobodyWhoseRecordCannotBeReadAndGoesOnWithTheNext) {
  const crypto::SubjectId subject = desk_.pass(adult()).traveller->movement.subject;
  desk_.wait_ms(desk_.station().settings().double_scan_ms + 1'000, 10'000);
  const std::size_t before = desk_.journal_size();
  desk_.replica().damage(subject);
  EXPECT_EQ(desk_.station().scan({.text = adult().scan()}).error().code, ErrorCode::kCorruptData);
  EXPECT_EQ(desk_.journal_size(), before);
  EXPECT_TRUE(desk_.station().desk().members().empty());
  const std::vector<Alarm>& alarms = desk_.station().alarms().all();
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(alarms[0].code, AlarmCode::kStoreDamaged);
  EXPECT_TRUE(desk_.station().set_direction(Direction::kEntry)) << "nothing unfinished is on the desk";
  EXPECT_TRUE(desk_.station().set_direction(Direction::kExit));
  EXPECT_EQ(desk_.pass(adult(2)).step, Step::kDone);
  desk_.replica().mend();
  EXPECT_EQ(desk_.scan(adult()).step, Step::kDecided);
}

TEST_F(DeskTest, RecognisesAPassageThatAFailedWriteHasKept) {
  const ScanId id = desk_.scan(adult()).id;
  desk_.journal().fail_next_append(ErrorCode::kStorageFailed, true);
  ASSERT_FALSE(desk_.station().confirm(id, Action::kPass));
  desk_.wait_ms(3'000);
  EXPECT_EQ(desk_.scan(adult()).step, Step::kRepeated);
}

TEST_F(DeskTest, WritesASignOfLifeWhenNothingHappens) {
  desk_.wait_ms(kQuietJournalMs + 1'000, 30'000);
  EXPECT_TRUE(std::holds_alternative<movement::JournalHeartbeat>(desk_.last_event().body));
}

TEST(DeskAtAJointPost, DecidesTheExitAndTheEntryInOneAct) {
  Desk desk(movement::PostSide::kJoint);
  desk.start_shift(Direction::kAToB);
  const Scan& scan = desk.scan(adult());
  EXPECT_EQ(scan.shown->verdict, Verdict::kAllow);
  ASSERT_TRUE(desk.confirm(scan, Action::kPass));
  EXPECT_EQ(desk.last_movement().direction, Direction::kAToB);
}

}  // namespace
}  // namespace crossline::agent
