#include "crossline/server/view_rows.hpp"

#include "tests/support/server/signing_agent.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

using testing::traveller;

// A state with something in every member.
movement::SubjectState full_state(movement::Names& names) {
  movement::SubjectState state;
  state.settled = {.status = movement::Status::kBetween,
                   .came_from = movement::Side::kB,
                   .unmatched = true,
                   .checkpoint = names.intern("ford"),
                   .since = {-5},
                   .by = LedgerIndex(77)};
  state.now = state.settled;
  state.now.checkpoint = names.intern("bridge");
  state.open = {{{{1'000}, 3},
                 LedgerIndex(9),
                 names.intern("bridge"),
                 movement::PostSide::kJoint,
                 movement::Direction::kBToA}};
  state.lists = {{names.intern("hold"), {12}}, {names.intern("watch"), {13}}};
  state.resolution_b = movement::Side::kA;
  state.last_entry = LedgerIndex(123'456'789);
  return state;
}

TEST(ViewRows, GiveBackASubject) {
  movement::World world;
  const movement::SubjectState state = full_state(world.restore_names());
  const ViewRow row = subject_row(traveller(4), state, world.names());
  EXPECT_EQ(restore_subject(row, world), traveller(4));
  EXPECT_EQ(*world.find(traveller(4)), state);
}

TEST(ViewRows, KeepListsInOrderOfAnotherWorldsIds) {
  movement::World world;
  const ViewRow row = subject_row(traveller(4), full_state(world.restore_names()), world.names());
  movement::World other;
  (void)other.restore_names().intern("watch");  // first seen there
  ASSERT_TRUE(restore_subject(row, other));
  const auto& lists = other.find(traveller(4))->lists;
  ASSERT_EQ(lists.size(), 2u);
  EXPECT_LT(lists[0].list, lists[1].list);
  EXPECT_EQ(other.names().name(lists[0].list), "watch");
}

TEST(ViewRows, RefuseEveryTruncation) {
  movement::World world;
  const ViewRow row = subject_row(traveller(4), full_state(world.restore_names()), world.names());
  for (std::size_t size = 0; size < row.value->size(); ++size) {
    const ViewRow cut{row.kind, row.key, row.value->substr(0, size)};
    EXPECT_EQ(restore_subject(cut, world).error().code, ErrorCode::kCorruptData) << size;
  }
  EXPECT_FALSE(restore_subject({row.kind, row.key, *row.value + "x"}, world));
  EXPECT_FALSE(restore_subject({row.kind, row.key.substr(1), row.value}, world));
  EXPECT_FALSE(restore_subject({row.kind, row.key, std::nullopt}, world));
}

TEST(ViewRows, GiveBackADayOfAQuotaPartByPart) {
  const std::uint32_t agent = movement::agent_tag("bridge-a-1");
  movement::QuotaDay day;
  day.lease(agent, 5);
  for (const std::uint64_t index : {3U, 63U, 64U, 4'099U})
    day.used.insert(movement::movement_tie(agent, JournalIndex(index)));
  const auto first = movement::quota_part_of(movement::movement_tie(agent, JournalIndex(3)));
  EXPECT_EQ(day.uses_of(first).size(), 3U) << "a part comes again after 64 others";

  movement::Quotas quotas;
  ASSERT_TRUE(restore_quota(quota_row("patients", 20'000, day), quotas));
  for (const auto& part : {first, movement::quota_part_of(movement::movement_tie(agent, JournalIndex(64)))})
    ASSERT_TRUE(restore_quota_uses(quota_uses_row("patients", 20'000, part, day.uses_of(part)), quotas));
  EXPECT_EQ(*quotas.find("patients", 20'000), day);

  const ViewRow row = quota_uses_row("patients", 20'000, first, day.uses_of(first));
  EXPECT_EQ(row.key, quota_uses_row("patients", 20'008, first, {}).key) << "the place is taken again";
  EXPECT_EQ(row.key, quota_uses_gone("patients", 20'000, first).key);
  EXPECT_NE(row.key, quota_uses_row("patients", 20'007, first, {}).key);
  const ViewRow cut{row.kind, row.key, row.value->substr(1)};
  EXPECT_FALSE(restore_quota_uses(cut, quotas));
  const ViewRow elsewhere{row.kind, quota_uses_row("patients", 20'001, first, {}).key, row.value};
  EXPECT_FALSE(restore_quota_uses(elsewhere, quotas));
}

// A place that was not taken since holds a day that nobody counts any more.
TEST(ViewRows, LeaveOutUsesOfADayThatIsNotKept) {
  const std::vector<std::uint64_t> ties{movement::movement_tie(1, JournalIndex(7))};
  const auto part = movement::quota_part_of(ties.front());
  movement::Quotas quotas;
  ASSERT_TRUE(restore_quota(quota_row("patients", 20'008, {}), quotas));
  ASSERT_TRUE(restore_quota_uses(quota_uses_row("patients", 20'000, part, ties), quotas));
  EXPECT_EQ(quotas.find("patients", 20'000), nullptr);
  EXPECT_EQ(quotas.find("patients", 20'008)->used, movement::TieSet());
}

TEST(ViewRows, GiveBackFiguresAndSortByDay) {
  movement::CubeKey key{.day = -3,
                        .checkpoint = "bridge",
                        .post = movement::PostSide::kB,
                        .direction = movement::Direction::kEntry,
                        .outcome = movement::Outcome::kRefused,
                        .verdict = movement::Verdict::kRefuse,
                        .category = "resident_a",
                        .sex = movement::Sex::kMale,
                        .age = movement::AgeBand::k60AndOver,
                        .issuer = "XAA"};
  const movement::CubeCell cell{5, 2, 123'000};
  movement::StatisticsCube cube;
  ASSERT_TRUE(restore_cell(cell_row(key, cell), cube));
  EXPECT_EQ(cube.cells(-10, 10), (std::vector{std::pair(key, cell)}));
  movement::CubeKey later = key;
  later.day = 4;
  EXPECT_LT(cell_row(key, cell).key, cell_row(later, cell).key);

  const movement::ArticleKey article{4, "bridge", "4(3)", movement::Outcome::kReferred};
  ASSERT_TRUE(restore_article(article_row(article, 9), cube));
  EXPECT_EQ(cube.articles(0, 10), (std::vector{std::pair(article, std::int64_t{9})}));
}

TEST(ViewRows, GiveBackANoticeWhateverItsSteps) {
  StandingNotice notice;
  notice.subject = traveller(4);
  notice.state.notified_at = {5};
  notice.given = LedgerIndex(7);
  EXPECT_EQ(notice_from(notice_row(notice)), notice);
  notice.state.party = 'B';
  notice.state.objector = 'G';
  notice.state.objection = procedure::Notice::Objection::kRaised;
  notice.state.objected_at = {6};
  notice.objected = LedgerIndex(8);
  EXPECT_EQ(notice_from(notice_row(notice)), notice);
  notice.state.ruling = procedure::Notice::Ruling::kRejected;
  notice.state.ruled_at = {9};
  notice.ruled = LedgerIndex(12);
  const ViewRow row = notice_row(notice);
  EXPECT_EQ(notice_from(row), notice);
  EXPECT_EQ(notice_gone(traveller(4)).key, row.key);
  for (std::size_t size = 0; size < row.value->size(); ++size)
    EXPECT_FALSE(notice_from({row.kind, row.key, row.value->substr(0, size)})) << size;
}

TEST(ViewRows, GiveBackTheRest) {
  movement::World world;
  ASSERT_TRUE(restore_clock(clock_row("bridge-a", {42}), world));
  EXPECT_EQ(world.clocks().at(0).last, UtcMillis{42});
  const movement::Closure closure{"bridge", false, {1}, {2}, "flood", "B"};
  EXPECT_EQ(closure_from(closure_row(LedgerIndex(7), closure)), std::pair(LedgerIndex(7), closure));
  EXPECT_EQ(disagreement_from(disagreement_row(LedgerIndex(7), traveller(3))),
            std::pair(LedgerIndex(7), traveller(3)));
  AdoptedEdition adopted{.hash = {}, .entry = LedgerIndex(4), .at = {99}};
  adopted.hash.bytes.fill(6);
  EXPECT_EQ(edition_from(edition_row(adopted)), adopted);
  EXPECT_FALSE(edition_from({ViewKind::kEdition, "", "short"}));
  merkle::TreeHead head{TreeSize(12), {}};
  head.root.bytes.fill(8);
  EXPECT_EQ(head_from(head_row(head)), head);
  EXPECT_FALSE(head_from({ViewKind::kLedgerHead, "", head_row(head).value->substr(1)}));
}

}  // namespace
}  // namespace crossline::server
