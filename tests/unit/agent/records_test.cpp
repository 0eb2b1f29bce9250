// What a post without a link knows of the past, and when it no longer does.
#include "tests/support/agent/desk.hpp"
#include "tests/support/sample_changes.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

using movement::Verdict;
using testing::adult;
using testing::Desk;

constexpr std::uint64_t kHourMs = 3'600'000;

// One exit a day; a permit for those who need none; a list that ages; an article that words can lift.
constexpr std::string_view kRecordRules = R"(
[duty.photo]
text = { en = 'Note the photograph.' }
[list.watch]
text = { en = 'watch' }
max_age_hours = 2
[permit.aid]
text = { en = 'aid' }
[[article]]
id = '7(1)'
text = { en = 'One exit a day.' }
require = { crossings_at_most = { n = 1, per = 'day' } }
otherwise = 'refuse'
if_unknown = 'refer'
[[article]]
id = '7(2)'
text = { en = 'Whoever has a permit for aid is not counted.' }
applies_to = { permit = 'aid' }
exempts = ['7(1)']
[[article]]
id = '8(1)'
text = { en = 'The watch list refers.' }
prohibit = { on_list = 'watch' }
otherwise = 'refuse'
if_unknown = 'refer'
override = { persons = 1, roles = ['A.shift_lead'], valid_minutes = 30 }
[[article]]
id = '8(2)'
text = { en = 'A photograph is noted.' }
duty = ['photo']
)";

class RecordsTest : public ::testing::Test {
 protected:
  RecordsTest() {
    desk_.configured.text = testing::desk_edition(1, kRecordRules);
    desk_.restart();
    desk_.start_shift();
    desk_.connect();
  }
  // The records of others, as the server tells them; then the link is lost.
  void learn(std::vector<movement::RecordChange> changes) {
    const LedgerIndex position = desk_.station().replica().position();
    desk_.say(wire::ReplicaUpdate{.from = position,
                                  .to = LedgerIndex(position.value() + changes.size()),
                                  .changes = std::move(changes),
                                  .closures = {},
                                  .leases = {},
                                  .edition = {}});
    desk_.cut();
  }
  // Out at the bridge `hours_ago`, and back.
  std::vector<movement::RecordChange> went_out(std::int64_t hours_ago) {
    const UtcMillis out = desk_.clock().now().plus(-hours_ago * std::int64_t{kHourMs});
    const auto day = static_cast<std::int32_t>(desk_.station().edition().local_day(out));
    const movement::Post post{"bridge", movement::PostSide::kA};
    return {testing::passage_of(she_, post, movement::Direction::kExit, {out, 1}, day),
            testing::passage_of(she_, post, movement::Direction::kEntry, {out.plus(60'000), 2}, day)};
  }
  movement::RecordChange now_has(auto what) {
    return {she_, {desk_.clock().now(), 9}, LedgerIndex(), std::move(what)};
  }
  Verdict verdict() { return desk_.scan(adult()).shown->verdict; }

  Desk desk_;
  crypto::SubjectId she_ = crypto::pseudonym(
      [] {
        crypto::LineKey key;
        key.fill(7);
        return key;
      }(),
      documents::document_key(documents::read_mrz(adult().scan(), {.today = {}}).value()));
};

TEST_F(RecordsTest, CountCrossingsWithoutALink) {
  learn(went_out(3));
  EXPECT_EQ(verdict(), Verdict::kRefuse) << "the second exit of the day";
}

TEST_F(RecordsTest, OfYesterdayDoNotCountToday) {
  learn(went_out(20));
  EXPECT_EQ(verdict(), Verdict::kAllow);
}

TEST_F(RecordsTest, ThatEndBeforeTodaySayNothingOfToday) {
  learn({});
  EXPECT_EQ(verdict(), Verdict::kAllow);
  desk_.wait_ms(24 * kHourMs, kHourMs);
  EXPECT_EQ(verdict(), Verdict::kRefer) << "what happened today is unknown here, not nothing";
}

TEST_F(RecordsTest, HoldPermits) {
  auto changes = went_out(3);
  const UtcMillis until = desk_.clock().now().plus(kHourMs);
  changes.push_back(now_has(movement::PermitWord{"aid", "A", false, {0}, until}));
  learn(changes);
  EXPECT_EQ(verdict(), Verdict::kAllow);
  desk_.wait_ms(kHourMs, kHourMs);
  EXPECT_EQ(verdict(), Verdict::kRefuse) << "the permit has ended";
}

TEST_F(RecordsTest, HoldWordsForAnOverride) {
  learn({now_has(movement::Listing{"watch", false}),
         now_has(movement::OverrideWord{"8(1)", "A.supervisor", 5})});
  EXPECT_EQ(verdict(), Verdict::kRefuse) << "not whose word the article asks for";
  desk_.connect();
  learn({now_has(movement::OverrideWord{"8(1)", "A.shift_lead", 6})});
  const Assessment shown = *desk_.scan(adult()).shown;
  EXPECT_EQ(shown.verdict, Verdict::kAllow);
  ASSERT_EQ(shown.set_aside.size(), 1u);
  EXPECT_EQ(shown.set_aside[0].article, "8(1)");
  ASSERT_EQ(shown.set_aside[0].words.size(), 1u) << "the supervisor's is not asked for";
  EXPECT_EQ(shown.set_aside[0].words[0].role, "A.shift_lead");
  const auto reason = std::ranges::find(shown.reasons, "8(1)", &procedure::Reason::article);
  ASSERT_NE(reason, shown.reasons.end());
  EXPECT_EQ(reason->relief, procedure::Relief::kOverridden);
  EXPECT_EQ(shown.duties, std::vector<std::string>{"Note the photograph."});
  desk_.wait_ms(30 * 60'000, 60'000);
  EXPECT_EQ(verdict(), Verdict::kRefuse) << "it has ended";
}

TEST_F(RecordsTest, AgeUntilAListIsUnknown) {
  learn({});
  EXPECT_EQ(verdict(), Verdict::kAllow);
  desk_.wait_ms(3 * kHourMs, kHourMs);
  EXPECT_EQ(verdict(), Verdict::kRefer) << "older than the edition lets the list be";
}

// Ten seats for everybody; without the server, whoever it cannot count is referred.
constexpr std::string_view kSeats = R"(
[quota.seats]
text = { en = 'seats' }
per_day = 10
[[article]]
id = '9(1)'
text = { en = 'There are ten seats a day.' }
require = { quota = 'seats' }
otherwise = 'refuse'
if_unknown = 'refer'
[[article]]
id = '9(2)'
text = { en = 'Whoever leaves was announced a day before.' }
applies_to = { category = 'resident_b' }
require = { notified = { hours_before = 24 } }
otherwise = 'refuse'
if_unknown = 'refer'
)";

class LeaseTest : public ::testing::Test {
 protected:
  LeaseTest() {
    desk_.configured.text = testing::desk_edition(1, kSeats);
    desk_.restart();
    desk_.start_shift();
    desk_.connect();
  }
  void lease(std::string agent, std::int64_t amount, std::int64_t spent = 0) {
    const auto day = static_cast<std::int32_t>(desk_.station().edition().local_day(desk_.clock().now()));
    wire::ReplicaUpdate update;
    update.from = desk_.station().replica().position();
    update.to = update.from.next();
    update.leases = {{"seats", std::move(agent), day, amount, "A", "", spent}};
    desk_.say(update);
  }
  Verdict pass(int number) {
    const ScanId id = desk_.scan(adult(number)).id;
    const Verdict verdict = desk_.look(id).shown->verdict;
    if (verdict == Verdict::kAllow) {
      EXPECT_TRUE(desk_.confirm(desk_.look(id), Action::kPass));
    }
    return verdict;
  }

  Desk desk_;
};

TEST_F(LeaseTest, IsSpentWithoutALinkAndThenUnknown) {
  lease("bridge-b-1", 5);
  desk_.cut();
  EXPECT_EQ(pass(1), Verdict::kRefer) << "another post's lease";
  desk_.connect();
  lease("bridge-a-1", 2);
  desk_.cut();
  EXPECT_EQ(pass(1), Verdict::kAllow);
  EXPECT_EQ(pass(2), Verdict::kAllow);
  EXPECT_EQ(pass(3), Verdict::kRefer) << "what the others left is not known here";
  const JournalIndex last = desk_.station().history().entries()[1].index;
  ASSERT_TRUE(desk_.station().undo(last, "wrong lane"));
  EXPECT_EQ(pass(3), Verdict::kAllow) << "one was given back";
  EXPECT_EQ(pass(4), Verdict::kRefer);
  desk_.restart();
  desk_.start_shift();
  EXPECT_EQ(pass(4), Verdict::kRefer) << "after a restart, too";
}

TEST_F(LeaseTest, HasRoomForAWholeGroupOrForNobodyOfIt) {
  lease("bridge-a-1", 2);
  desk_.cut();
  const auto verdict_of_group = [this](int people) {
    const auto group = desk_.station().begin_group();
    EXPECT_TRUE(group);
    for (int i = 0; i < people; ++i) {
      EXPECT_TRUE(desk_.station().scan({.text = adult(1 + i).scan()}));
    }
    EXPECT_TRUE(desk_.station().close_group(*group));
    return desk_.station().desk().verdict();
  };
  EXPECT_EQ(verdict_of_group(3), Verdict::kRefer);
  EXPECT_EQ(verdict_of_group(2), Verdict::kAllow);
}

TEST_F(LeaseTest, ComesOnTopOfWhatWasLetThroughBefore) {
  lease("bridge-a-1", 2);
  desk_.cut();
  EXPECT_EQ(pass(1), Verdict::kAllow);
  EXPECT_EQ(pass(2), Verdict::kAllow);
  desk_.connect();
  lease("bridge-a-1", 1, 0);
  desk_.cut();
  EXPECT_EQ(pass(3), Verdict::kAllow);
  EXPECT_EQ(pass(4), Verdict::kRefer);
  desk_.connect();
  lease("bridge-a-1", 1, 1);
  desk_.cut();
  EXPECT_EQ(pass(4), Verdict::kAllow) << "the server knows of one that no lease had room for";
  EXPECT_EQ(pass(5), Verdict::kAllow);
  EXPECT_EQ(pass(6), Verdict::kRefer);
}

TEST_F(LeaseTest, IsOfItsDay) {
  lease("bridge-a-1", 2);
  desk_.cut();
  EXPECT_EQ(pass(1), Verdict::kAllow);
  desk_.wait_ms(24 * kHourMs, kHourMs);
  EXPECT_EQ(pass(2), Verdict::kRefer);
}

TEST_F(LeaseTest, ANoticeThatIsNotHereMayBeOnItsWay) {
  lease("bridge-a-1", 5);
  desk_.cut();
  testing::Specimen person = adult(5);
  person.issuer = "XBB";
  const auto verdict = [&] {
    return desk_.scan({.text = person.scan(), .category = "resident_b"}).shown->verdict;
  };
  EXPECT_EQ(verdict(), Verdict::kRefer);
  const auto subject = desk_.last_movement().subject;
  desk_.connect();
  wire::ReplicaUpdate update;
  update.from = desk_.station().replica().position();
  update.to = update.from.next();
  update.changes = {{subject,
                     {desk_.clock().now().plus(-24 * std::int64_t{kHourMs}), 1},
                     LedgerIndex(),
                     movement::NoticeWord{movement::NoticeStep::kGiven, "A"}}};
  desk_.say(update);
  desk_.cut();
  EXPECT_EQ(verdict(), Verdict::kAllow);
}

}  // namespace
}  // namespace crossline::agent
