#include "crossline/movement/quota.hpp"

#include "crossline/movement/record_limits.hpp"
#include "crossline/movement/state.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::movement {
namespace {

constexpr std::int32_t kToday = 20'000;
const procedure::Quota kPatients{.name = "patients",
                                 .text = {},
                                 .checkpoints = {"bridge"},
                                 .directions = {"entry"},
                                 .categories = {"patient"},
                                 .per_day = 10};

std::uint64_t tie(std::string_view agent, std::uint64_t index) {
  return movement_tie(agent_tag(agent), JournalIndex(index));
}
QuotaLease lease_of(std::string agent, std::int64_t amount, std::int32_t day = kToday) {
  return {"patients", std::move(agent), day, amount, "A", "", 0};
}
// As the office leases it.
QuotaLease lease_after(const Quotas& quotas, std::string agent, std::int64_t amount) {
  QuotaLease lease = lease_of(std::move(agent), amount);
  lease.spent = quotas.spent_beyond_leases(lease.quota, lease.day, agent_tag(lease.agent));
  return lease;
}
Movement patient() {
  Movement movement;
  movement.category = "patient";
  movement.direction = Direction::kEntry;
  return movement;
}
const Post kBridgeB{"bridge", PostSide::kB};

TEST(Quota, CountsWhatItNamesAndNothingElse) {
  const Post joint{"bridge", PostSide::kJoint};
  EXPECT_TRUE(counts(kPatients, kBridgeB, Direction::kEntry, "patient"));
  EXPECT_FALSE(counts(kPatients, kBridgeB, Direction::kExit, "patient"));
  EXPECT_FALSE(counts(kPatients, kBridgeB, Direction::kEntry, "resident"));
  EXPECT_FALSE(counts(kPatients, kBridgeB, Direction::kEntry, "")) << "nobody could tell";
  EXPECT_FALSE(counts(kPatients, {"valley", PostSide::kB}, Direction::kEntry, "patient"));
  EXPECT_TRUE(counts(kPatients, joint, Direction::kAToB, "patient")) << "one of its halves is an entry";
  procedure::Quota all;
  EXPECT_TRUE(counts(all, kBridgeB, Direction::kExit, ""));
}

TEST(Quota, IsUsedUpAndGivenBack) {
  Quotas quotas;
  const auto left = [&quotas] { return quotas.left(kPatients, kToday, agent_tag("b")).value(); };
  EXPECT_EQ(left(), 10);
  for (std::uint64_t i = 0; i < 10; ++i) quotas.use({kPatients}, patient(), kBridgeB, tie("b", i), kToday);
  EXPECT_EQ(left(), 0);
  quotas.use({kPatients}, patient(), kBridgeB, tie("b", 10), kToday);
  EXPECT_EQ(left(), 0) << "one too many";
  quotas.give_back(tie("b", 3));
  EXPECT_EQ(left(), 0) << "which this one only makes good";
  quotas.give_back(tie("b", 4));
  EXPECT_EQ(left(), 1);
  EXPECT_EQ(quotas.left(kPatients, kToday + 1, agent_tag("b")), 10) << "a new day";
}

std::vector<std::uint64_t> of_agent(const std::set<std::uint64_t>& ties, const char* agent) {
  std::vector<std::uint64_t> found;
  std::ranges::copy_if(ties, std::back_inserter(found),
                       [&](std::uint64_t tie) { return tag_of(tie) == agent_tag(agent); });
  return found;
}

TEST(TieSet, HoldsWhatAnOrderedSetHolds) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    TieSet ties;
    std::set<std::uint64_t> reference;
    for (int i = 0; i < 200; ++i) {
      const std::uint64_t one = tie(std::array{"a", "b", "c"}[random() % 3], random() % 20);
      if (random() % 3 == 0) {
        ties.erase(one);
        reference.erase(one);
      } else {
        ties.insert(one);
        reference.insert(one);
      }
      for (const char* agent : {"a", "b", "c"})
        ASSERT_EQ(ties.of_agent(agent_tag(agent)), of_agent(reference, agent)) << "seed " << seed;
      ASSERT_EQ(ties.size(), reference.size());
      ASSERT_EQ(static_cast<std::ptrdiff_t>(ties.size_of(agent_tag("b"))),
                std::ranges::count(reference, agent_tag("b"), tag_of));
    }
    for (const std::uint64_t one : reference) ties.erase(one);
    ASSERT_EQ(ties, TieSet());
  }
}

TEST(Quota, ALeaseIsNobodyElses) {
  Quotas quotas;
  ASSERT_TRUE(quotas.lease(lease_of("a", 4), 10));
  ASSERT_TRUE(quotas.lease(lease_of("a", 2), 10));
  EXPECT_EQ(quotas.left(kPatients, kToday, agent_tag("a")), 10) << "its own and what nobody holds";
  EXPECT_EQ(quotas.left(kPatients, kToday, agent_tag("b")), 4);
  EXPECT_FALSE(quotas.lease(lease_of("b", 5), 10));
  for (std::uint64_t i = 0; i < 4; ++i) quotas.use({kPatients}, patient(), kBridgeB, tie("b", i), kToday);
  EXPECT_EQ(quotas.left(kPatients, kToday, agent_tag("b")), 0);
  EXPECT_EQ(quotas.left(kPatients, kToday, agent_tag("a")), 6);
  for (std::uint64_t i = 0; i < 6; ++i) quotas.use({kPatients}, patient(), kBridgeB, tie("a", i), kToday);
  EXPECT_EQ(quotas.left(kPatients, kToday, agent_tag("a")), 0);
}

TEST(Quota, ALeaseLeavesItsAmountToAPostThatWasBusyBefore) {
  Quotas quotas;
  for (std::uint64_t i = 0; i < 4; ++i) quotas.use({kPatients}, patient(), kBridgeB, tie("b", i), kToday);
  EXPECT_FALSE(quotas.lease(lease_of("b", 5), 10)) << "it says nothing of the four";
  EXPECT_FALSE(quotas.lease(lease_after(quotas, "b", 7), 10)) << "there is room for six";
  const QuotaLease lease = lease_after(quotas, "b", 5);
  EXPECT_EQ(lease.spent, 4);
  ASSERT_TRUE(quotas.lease(lease, 10));
  EXPECT_EQ(quotas.left(kPatients, kToday, agent_tag("a")), 1);
  EXPECT_EQ(quotas.left(kPatients, kToday, agent_tag("b")), 6);
  EXPECT_EQ(lease_after(quotas, "b", 1).spent, 0) << "the first lease covers them";

  Quotas of_post;
  of_post.follow(lease);
  EXPECT_EQ(of_post.find("patients", kToday)->leased_to(agent_tag("b")), 9) << "less its own four: five";
}

TEST(Quota, RemembersTheLastDaysOnly) {
  Quotas quotas;
  ASSERT_TRUE(quotas.lease(lease_of("a", 4, kToday), 10));
  ASSERT_TRUE(quotas.lease(lease_of("a", 4, kToday + limits::kQuotaDays - 1), 10));
  EXPECT_NE(quotas.find("patients", kToday), nullptr);
  ASSERT_TRUE(quotas.lease(lease_of("a", 4, kToday + limits::kQuotaDays), 10));
  EXPECT_EQ(quotas.find("patients", kToday), nullptr);
  EXPECT_EQ(quotas.left(kPatients, kToday, agent_tag("a")), std::nullopt) << "unknown, not full";
  EXPECT_FALSE(quotas.lease(lease_of("a", 1, kToday), 10));
}

// Whoever lets through only what is left for them at that moment: never more than the quota together, however
// leases and corrections come between.
TEST(Quota, NeverGivesMoreThanItHas) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    Quotas quotas;
    std::vector<std::uint64_t> through;
    std::uint64_t next = 0;
    for (int i = 0; i < 300; ++i) {
      const std::string agent = std::array{"a", "b", "c"}[random() % 3];
      if (random() % 5 == 0) {
        quotas.lease(lease_after(quotas, agent, static_cast<std::int64_t>(1 + random() % 4)),
                     kPatients.per_day);
      } else if (random() % 6 == 0 && !through.empty()) {
        const std::size_t which = random() % through.size();
        quotas.give_back(through[which]);
        through.erase(through.begin() + static_cast<std::ptrdiff_t>(which));
      } else if (quotas.left(kPatients, kToday, agent_tag(agent)) > 0) {
        through.push_back(tie(agent, next++));
        quotas.use({kPatients}, patient(), kBridgeB, through.back(), kToday);
      }
      ASSERT_LE(through.size(), 10u) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace crossline::movement
