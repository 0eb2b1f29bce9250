#include "crossline/procedure/rehearsal.hpp"

#include "tests/support/procedure_fixtures.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::procedure {
namespace {

using testing::edition_from;
using testing::toml_with;

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;

// In force from midnight of 1 January 2026 at UTC+4, a Thursday. The gate lets people in from 08:00 to 18:00
// on working days.
class RehearsalTest : public ::testing::Test {
 protected:
  Edition edition =
      edition_from(toml_with("[[article]]\nid = \"2\"\ntext = \"Within hours.\"\n"
                             "require = { within_hours = \"checkpoint\" }\notherwise = \"refuse\"\n"));
  UtcMillis begins = edition.from();
  Rehearsal rehearsal;
  Decision decision;

  [[nodiscard]] Facts entry() const {
    Facts facts;
    facts.direction = {Direction::kEntry, Source::kAgent};
    facts.checkpoint = {std::string_view("gate"), Source::kAgent};
    facts.post_side = {PostSide::kA, Source::kAgent};
    facts.toward = {Side::kA, Source::kAgent};
    facts.returning = {false, Source::kAgent};
    return facts;
  }
  Verdict asked_at(UtcMillis instant) {
    rehearsal.decide(edition, entry(), instant, decision);
    return decision.verdict;
  }
};

TEST_F(RehearsalTest, AsksAtTheSameHourOfTheSameWeekday) {
  const UtcMillis thursday_noon = begins.plus(-21 * kDayMs + 12 * kHourMs);
  EXPECT_EQ(Rehearsal::moment_of(edition, thursday_noon), begins.plus(12 * kHourMs));
  EXPECT_EQ(asked_at(thursday_noon), Verdict::kAllow);
  EXPECT_EQ(asked_at(thursday_noon.plus(7 * kHourMs)), Verdict::kRefuse) << "19:00";
  EXPECT_EQ(asked_at(thursday_noon.plus(3 * kDayMs)), Verdict::kRefuse) << "a Sunday";
  Decision asked_early;
  edition.decide(entry(), thursday_noon, asked_early);
  EXPECT_EQ(asked_early.verdict, Verdict::kRefuse) << "without a rehearsal it is not in force";
}

TEST_F(RehearsalTest, IsTheDecisionItselfOnceTheEditionHasBegun) {
  for (const std::int64_t hours : {0, 9, 19, 24 * 3}) {
    const UtcMillis instant = begins.plus(hours * kHourMs);
    EXPECT_EQ(Rehearsal::moment_of(edition, instant), instant);
    Decision decided;
    edition.decide(entry(), instant, decided);
    EXPECT_EQ(asked_at(instant), decided.verdict) << hours;
  }
}

TEST_F(RehearsalTest, MovesByWholeWeeksFromAnyMomentBefore) {
  for (std::int64_t ms = 1; ms < 30 * kDayMs; ms += 7 * kHourMs + 1) {
    const UtcMillis instant = begins.plus(-ms);
    const UtcMillis moment = Rehearsal::moment_of(edition, instant);
    EXPECT_TRUE(edition.in_force(moment));
    EXPECT_EQ((moment.ms - instant.ms) % (7 * kDayMs), 0);
    EXPECT_LT(moment.ms - begins.ms, 7 * kDayMs);
  }
}

TEST_F(RehearsalTest, MovesWhatTheFactsDate) {
  edition =
      edition_from(toml_with("[permit.work]\n[[article]]\nid = \"2\"\ntext = \"With a permit.\"\n"
                             "require = { permit = \"work\" }\notherwise = \"refuse\"\n"));
  const UtcMillis instant = begins.plus(-60 * kDayMs);
  const Permit permit{"work", instant.plus(-kDayMs), instant.plus(kDayMs)};
  Facts facts = entry();
  facts.permits = {std::span<const Permit>(&permit, 1), Source::kServer};
  rehearsal.decide(edition, facts, instant, decision);
  EXPECT_EQ(decision.verdict, Verdict::kAllow) << "valid now, so valid in the rehearsal";
  rehearsal.decide(edition, facts, instant.plus(2 * kDayMs), decision);
  EXPECT_EQ(decision.verdict, Verdict::kRefuse);
  EXPECT_EQ(permit.valid_until, instant.plus(kDayMs)) << "the caller's facts stay as they are";
}

}  // namespace
}  // namespace crossline::procedure
