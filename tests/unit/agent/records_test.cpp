// What a post without a link knows of the past, and when it no longer does.
#include "tests/support/agent/desk.hpp"
#include "tests/support/sample_changes.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

using movement::Verdict;
using testing::adult;
using testing::Desk;

constexpr std::uint64_t kHourMs = 3'600'000;

// One exit a day; a permit for those who need none; a list that ages; an article that words can lift.
constexpr std::string_view kRecordRules = R"(
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
  EXPECT_EQ(verdict(), Verdict::kAllow);
  desk_.wait_ms(30 * 60'000, 60'000);
  EXPECT_EQ(verdict(), Verdict::kRefuse) << "it has ended";
}

TEST_F(RecordsTest, AgeUntilAListIsUnknown) {
  learn({});
  EXPECT_EQ(verdict(), Verdict::kAllow);
  desk_.wait_ms(3 * kHourMs, kHourMs);
  EXPECT_EQ(verdict(), Verdict::kRefer) << "older than the edition lets the list be";
}

}  // namespace
}  // namespace crossline::agent
