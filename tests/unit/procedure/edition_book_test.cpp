#include "crossline/procedure/edition_book.hpp"

#include "tests/support/sample_edition.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::procedure {
namespace {

using testing::kSampleFrom;
using testing::kSampleUntil;
using testing::kSecondFrom;

Edition loaded(const std::string& sealed) {
  return Edition::load(as_bytes(sealed)).value();
}

// Edition 1 from September, edition 2 from October on.
class EditionBookTest : public ::testing::Test {
 protected:
  EditionBookTest() {
    book.add(loaded(testing::sealed_edition()));
    book.add(loaded(testing::second_edition()));
  }
  [[nodiscard]] std::uint64_t number_at(UtcMillis instant) const { return book.at(instant)->number(); }

  EditionBook book;
};

TEST(EditionBook, IsEmptyAtFirst) {
  const EditionBook book;
  EXPECT_TRUE(book.empty());
  EXPECT_EQ(book.at({0}), nullptr);
  EXPECT_EQ(book.next_after({0}), nullptr);
  EXPECT_EQ(book.newest(), nullptr);
}

TEST_F(EditionBookTest, ChangesExactlyAtTheInstant) {
  EXPECT_EQ(number_at(kSecondFrom.plus(-1)), 1u);
  EXPECT_EQ(number_at(kSecondFrom), 2u);
  EXPECT_EQ(number_at(kSecondFrom.plus(1)), 2u);
}

TEST_F(EditionBookTest, AnswersBeforeTheFirstAndAfterTheLastWithEditionsThatRefuse) {
  EXPECT_EQ(number_at(kSampleFrom.plus(-1)), 1u);
  EXPECT_FALSE(book.at(kSampleFrom.plus(-1))->in_force(kSampleFrom.plus(-1)));
  EXPECT_EQ(number_at(kSampleUntil), 2u);
  EXPECT_FALSE(book.at(kSampleUntil)->in_force(kSampleUntil));
}

TEST_F(EditionBookTest, DoesNotDependOnTheOrderOfAdoption) {
  EditionBook other;
  other.add(loaded(testing::second_edition()));
  EXPECT_EQ(other.at(kSampleFrom)->number(), 2u) << "the only one there is";
  other.add(loaded(testing::sealed_edition()));
  for (const UtcMillis instant : {kSampleFrom, kSecondFrom.plus(-1), kSecondFrom, kSampleUntil})
    EXPECT_EQ(other.at(instant)->hash(), book.at(instant)->hash());
}

TEST_F(EditionBookTest, OfTwoThatBeginTogetherTheHigherNumberDecides) {
  book.add(loaded(testing::sealed_edition(3, "2026-10-01T00:00:00")));
  EXPECT_EQ(number_at(kSecondFrom.plus(-1)), 1u);
  EXPECT_EQ(number_at(kSecondFrom), 3u);
  EXPECT_EQ(book.newest()->number(), 3u);
}

TEST_F(EditionBookTest, KnowsWhatComesNext) {
  EXPECT_EQ(book.next_after(kSecondFrom.plus(-1))->number(), 2u);
  EXPECT_EQ(book.next_after(kSecondFrom), nullptr) << "it has begun";
}

TEST_F(EditionBookTest, TakesAnEditionOnce) {
  book.add(loaded(testing::second_edition()));
  EXPECT_EQ(book.editions().size(), 2u);
  EXPECT_EQ(book.find(crypto::sha256(as_bytes(testing::second_edition())))->number(), 2u);
  EXPECT_EQ(book.find({}), nullptr);
}

}  // namespace
}  // namespace crossline::procedure
