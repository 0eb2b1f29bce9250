// A replica that is sent changes comes to the same record as the World that folds the events.
#include "crossline/movement/record_change.hpp"

#include "crossline/movement/state_bytes.hpp"
#include "crossline/movement/world.hpp"
#include "tests/support/sample_edition.hpp"
#include "tests/support/sample_events.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace crossline::movement {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

// A line of three posts and an office, and a replica beside it.
class Records : public ::testing::Test {
 protected:
  Records() { (void)names_.intern(""); }  // id 0: no checkpoint, as in a World
  void record(const std::string& agent, Body body, std::int64_t at_ms, std::string officer = "a.lead") {
    Event event = testing::event_of(std::move(body));
    event.agent = agent;
    event.officer = std::move(officer);
    event.journal_index = JournalIndex(next_index_[agent]++);
    event.recorded_at = {at_ms};
    const auto post = posts_.find(agent);
    const Post* where = post == posts_.end() ? nullptr : &post->second;
    received_ms_ = std::max(received_ms_, at_ms);
    const LedgerIndex entry(size_++);
    const Applied applied = world_.apply(edition_, event, where, {received_ms_}, entry);
    const auto day = static_cast<std::int32_t>(edition_.local_day(applied.occurred_at));
    const auto change = change_of(event, where, applied.occurred_at, day, entry);
    if (change) movement::apply(*change, replica_[change->subject], names_);
  }
  void expect_equal() {
    for (const auto& [subject, state] : world_.subjects()) {
      SubjectState of_world = state;
      of_world.last_entry.reset();  // attempts and look-ups are not sent
      EXPECT_EQ(encode_state(of_world, world_.names()), encode_state(replica_[subject], names_));
    }
  }

  procedure::Edition edition_ = procedure::Edition::load(as_bytes(testing::sealed_edition())).value();
  std::map<std::string, Post> posts_{
      {"a", {"bridge", PostSide::kA}}, {"b", {"bridge", PostSide::kB}}, {"j", {"valley", PostSide::kJoint}}};
  std::map<std::string, std::uint64_t> next_index_;
  std::uint64_t size_ = 0;
  std::int64_t received_ms_ = 0;
  World world_;
  std::map<SubjectId, SubjectState> replica_;
  Names names_;
};

// Any events in any order, most of them senseless: of few people, so that they meet.
TEST_F(Records, OfAReplicaEqualThoseOfTheWorld) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    std::mt19937 random(seed);
    world_ = World();
    replica_.clear();
    next_index_.clear();
    received_ms_ = 0;
    (void)names_.intern(fmt::format("only-here-{}", seed));  // ids differ, names do not
    std::int64_t now_ms = testing::kSampleFrom.ms;
    for (int i = 0; i < 200; ++i) {
      now_ms += static_cast<std::int64_t>(random() % 40) * kHourMs / 2;
      const auto who = testing::subject(static_cast<std::uint8_t>(random() % 3));
      const std::int64_t late_ms = random() % 5 == 0 ? 30 * kHourMs : 0;
      const std::string agent = std::array{"a", "b", "j"}[random() % 3];
      switch (random() % 12) {
        case 0:
          record(agent, Correction{JournalIndex(random() % (next_index_[agent] + 1)), who, "lane"}, now_ms);
          break;
        case 1:
          record("office", ListChange{random() % 2 == 0 ? "hold" : "watch", who, random() % 3 == 0, "A", ""},
                 now_ms);
          break;
        case 2:
          for (const Side party : {Side::kA, Side::kB})
            record("office", Resolution{who, Side::kB, party, ""}, now_ms);
          break;
        case 3:
          record("office", PermitChange{"aid", who, random() % 3 == 0, {0}, {now_ms + kHourMs}, "B", ""},
                 now_ms);
          break;
        case 4:
          record("office", OverrideGrant{who, "4(3)", "A.shift_lead", ""}, now_ms,
                 random() % 2 == 0 ? "a.lead" : "b.lead");
          break;
        default: {
          Movement movement;
          movement.subject = who;
          movement.direction = static_cast<Direction>(random() % 4);
          movement.outcome = random() % 6 == 0 ? Outcome::kRefused : Outcome::kPassed;
          if (random() % 2 == 0)
            movement.declared.goods = std::vector<DeclaredGoods>{{"cash", "EUR", 7}, {"bricks", "", 2}};
          record(agent, movement, now_ms - late_ms);
        }
      }
    }
    expect_equal();
  }
}

TEST_F(Records, SurviveTheirBytes) {
  for (int i = 0; i < 40; ++i) {
    Movement movement;
    movement.subject = testing::subject(1);
    movement.direction = i % 2 == 0 ? Direction::kExit : Direction::kEntry;
    movement.declared.goods = std::vector<DeclaredGoods>{{"cash", "EUR", 7}};
    record(i / 2 % 2 == 0 ? "a" : "b", movement, testing::kSampleFrom.ms + i * kHourMs);
  }
  record("office", ListChange{"hold", testing::subject(1), false, "A", ""}, received_ms_);
  record("office", PermitChange{"aid", testing::subject(1), false, {0}, {9}, "A", ""}, received_ms_);
  const SubjectState& state = *world_.find(testing::subject(1));
  ASSERT_NE(state.past.get(), nullptr);
  const std::string bytes = encode_state(state, world_.names());
  const auto read = decode_state(bytes, names_);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(encode_state(*read, names_), bytes);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    Names scratch;
    EXPECT_FALSE(decode_state(bytes.substr(0, cut), scratch)) << cut;
  }
  EXPECT_FALSE(decode_state(bytes + '\0', names_));
  std::string older = bytes;
  older[0] = 1;
  EXPECT_FALSE(decode_state(older, names_)) << "another version's layout";
}

TEST_F(Records, AreLeftAloneByAttemptsAndByWhatAPostCannotDo) {
  Movement movement;
  movement.subject = testing::subject(1);
  movement.outcome = Outcome::kRefused;
  const Post post{"bridge", PostSide::kA};
  EXPECT_FALSE(change_of(testing::event_of(movement), &post, {1}, 0, LedgerIndex()));
  movement.outcome = Outcome::kPassed;
  EXPECT_TRUE(change_of(testing::event_of(movement), &post, {1}, 0, LedgerIndex()));
  EXPECT_FALSE(change_of(testing::event_of(movement), nullptr, {1}, 0, LedgerIndex())) << "an office";
  movement.direction = Direction::kAToB;
  EXPECT_FALSE(change_of(testing::event_of(movement), &post, {1}, 0, LedgerIndex()));
  EXPECT_FALSE(change_of(testing::event_of(Shift{}), &post, {1}, 0, LedgerIndex()));
}

}  // namespace
}  // namespace crossline::movement
