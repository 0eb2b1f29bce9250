#include "crossline/movement/subject_table.hpp"

#include "crossline/base/bytes.hpp"

#include <map>
#include <random>
#include <utility>

#include <gtest/gtest.h>

namespace crossline::movement {
namespace {

SubjectId numbered(std::uint64_t number) {
  SubjectId subject;
  store_u64_be(number, subject.bytes.data() + 8);
  return subject;
}

TEST(SubjectTable, HoldsWhatAMapHolds) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    // Even seeds: pseudonyms that differ only behind what is hashed, so that all begin at one slot.
    const auto anybody = [&random, seed] {
      SubjectId subject = numbered(random() % 500);
      if (seed % 2 == 1) {
        std::swap(subject.bytes[0], subject.bytes[15]);
        std::swap(subject.bytes[1], subject.bytes[14]);
      }
      return subject;
    };
    SubjectTable table;
    std::map<SubjectId, std::int32_t> reference;
    for (std::int32_t i = 0; i < 2'000; ++i) {
      const SubjectId subject = anybody();
      if (random() % 2 == 0) {
        table[subject].carried_from_day = i;
        reference[subject] = i;
      }
      const SubjectId asked = anybody();
      const SubjectState* found = table.find(asked);
      const auto expected = reference.find(asked);
      ASSERT_EQ(found != nullptr, expected != reference.end()) << "seed " << seed;
      if (found != nullptr) {
        ASSERT_EQ(found->carried_from_day, expected->second);
      }
    }
    ASSERT_EQ(table.size(), reference.size());
    for (const auto& [subject, state] : table) EXPECT_EQ(state.carried_from_day, reference.at(subject));
  }
}

TEST(SubjectTable, KeepsTheOrderOfFirstSightAndWhereStatesAre) {
  SubjectTable table;
  EXPECT_TRUE(table.empty());
  const SubjectState* first = &table[numbered(7)];
  for (std::uint64_t i = 1'000; i > 100; --i) table[numbered(i)];
  EXPECT_EQ(table.find(numbered(7)), first);
  EXPECT_EQ(table.begin()->first, numbered(7));
  EXPECT_EQ(std::next(table.begin())->first, numbered(1'000));
  EXPECT_EQ(table.find(numbered(100)), nullptr);
}

}  // namespace
}  // namespace crossline::movement
