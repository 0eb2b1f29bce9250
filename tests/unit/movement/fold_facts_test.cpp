// What the fold keeps beside the status: permits, words for an override, goods.
#include "crossline/movement/record_limits.hpp"
#include "crossline/movement/world.hpp"
#include "tests/support/sample_edition.hpp"
#include "tests/support/sample_events.hpp"

#include <gtest/gtest.h>

namespace crossline::movement {
namespace {

class FoldFacts : public ::testing::Test {
 protected:
  void apply(Body body, std::string officer = "a.lead") {
    Event event = testing::event_of(std::move(body));
    event.journal_index = JournalIndex(next_);
    event.officer = std::move(officer);
    now_ms_ += 1'000;
    event.recorded_at = {now_ms_};
    world_.apply(edition_, event, &post_, {now_ms_}, LedgerIndex(next_++));
  }
  Movement leaving(std::int64_t cash) {
    Movement made;
    made.subject = testing::subject(1);
    made.declared.goods = std::vector<DeclaredGoods>{{"cash", "EUR", cash}};
    return made;
  }
  [[nodiscard]] const SubjectState& state() const { return *world_.find(testing::subject(1)); }

  procedure::Edition edition_ = procedure::Edition::load(as_bytes(testing::sealed_edition())).value();
  Post post_{"bridge", PostSide::kA};
  World world_;
  std::uint64_t next_ = 0;
  std::int64_t now_ms_ = testing::kSampleFrom.ms;
};

TEST_F(FoldFacts, APartyWithdrawsOnlyItsOwnPermits) {
  const SubjectId she = testing::subject(1);
  apply(PermitChange{"humanitarian", she, false, {0}, {5}, "A", ""});
  apply(PermitChange{"humanitarian", she, false, {0}, {5}, "B", ""});
  apply(PermitChange{"humanitarian", she, true, {}, {}, "A", ""});
  ASSERT_EQ(state().permits.size(), 1u);
  EXPECT_EQ(state().permits[0].party, "B");
}

TEST_F(FoldFacts, PermitsAreBoundedAndThoseThatEndedMakeRoom) {
  const SubjectId she = testing::subject(1);
  const UtcMillis later = testing::kSampleUntil;
  apply(PermitChange{"old", she, false, {0}, {5}, "A", ""});
  for (std::size_t i = 0; i < limits::kMaxPermits + 3; ++i)
    apply(PermitChange{"new", she, false, {0}, later, "A", ""});
  ASSERT_EQ(state().permits.size(), limits::kMaxPermits);
  EXPECT_EQ(state().permits[0].kind, "new");
}

TEST_F(FoldFacts, KeepsEverySignersWordForADay) {
  apply(OverrideGrant{testing::subject(1), "4(3)", "A.shift_lead", ""}, "a.lead");
  apply(OverrideGrant{testing::subject(1), "4(3)", "B.shift_lead", ""}, "b.lead");
  ASSERT_EQ(state().overrides.size(), 2u);
  EXPECT_NE(state().overrides[0].signer, state().overrides[1].signer);
  now_ms_ += limits::kOverrideKeptMs;
  apply(OverrideGrant{testing::subject(1), "4(3)", "B.shift_lead", ""}, "b.lead");
  EXPECT_EQ(state().overrides.size(), 1u);
}

TEST_F(FoldFacts, NotesGoodsOfPassagesAndForgetsThoseOfCorrectedOnes) {
  apply(leaving(200));
  Movement refused = leaving(70);
  refused.outcome = Outcome::kRefused;
  apply(refused);
  ASSERT_EQ(state().carried.size(), 1u);
  EXPECT_EQ(state().carried[0].amount, 200);
  EXPECT_EQ(state().carried[0].leg, (Leg{procedure::Direction::kExit, Side::kA}));
  apply(Correction{JournalIndex(0), testing::subject(1), "wrong lane"});
  EXPECT_TRUE(state().carried.empty());
}

TEST_F(FoldFacts, RemembersThatItForgotGoods) {
  for (std::size_t i = 0; i <= limits::kMaxCarried; ++i) apply(leaving(1));
  EXPECT_EQ(state().carried.size(), limits::kMaxCarried);
  EXPECT_NE(state().carried_from_day, kNoDay);
}

}  // namespace
}  // namespace crossline::movement
