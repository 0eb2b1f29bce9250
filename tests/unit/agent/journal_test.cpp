#include "crossline/agent/journal.hpp"

#include "crossline/wire/event_codec.hpp"
#include "tests/support/agent/memory_stores.hpp"
#include "tests/support/sample_events.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

class JournalTest : public ::testing::Test {
 protected:
  static crypto::Signer signer(std::uint8_t seed = 1) {
    return crypto::Signer::from_seed(Bytes(32, seed)).value();
  }
  Result<Journal> open(std::uint8_t seed = 1) {
    return Journal::open("river-line", "bridge-a-1", signer(seed), store_);
  }
  static Journal::Draft draft(movement::Body body = movement::JournalHeartbeat{1}) {
    return {testing::event_of(std::move(body)), std::nullopt};
  }
  // The head that a reader of the events alone computes.
  merkle::Hash naive_root() {
    merkle::CompactRange range;
    for (const JournalRecord& record : store_.records())
      range.append(merkle::leaf_hash(as_bytes(record.event)));
    return range.root();
  }
  static bool is_signed(const wire::SignedHead& head) {
    const auto verifier = crypto::Verifier::make(signer().public_key());
    return merkle::verify_tree_head("river-line/journal/bridge-a-1", head.head, head.signature, *verifier);
  }

  testing::MemoryJournalStore store_;
};

TEST_F(JournalTest, HasNoHeadWhileItIsEmpty) {
  const auto journal = open();
  ASSERT_TRUE(journal);
  EXPECT_EQ(journal->size(), TreeSize(0));
  EXPECT_EQ(journal->head(), std::nullopt);
}

TEST_F(JournalTest, SignsTheHeadAfterEveryEvent) {
  auto journal = open();
  ASSERT_TRUE(journal);
  for (std::uint64_t size = 1; size <= 5; ++size) {
    ASSERT_EQ(journal->append({draft()}).value(), JournalIndex(size - 1));
    ASSERT_TRUE(journal->head());
    EXPECT_EQ(journal->head()->head, (merkle::TreeHead{TreeSize(size), naive_root()}));
    EXPECT_TRUE(is_signed(*journal->head()));
  }
}

TEST_F(JournalTest, NumbersTheEventsItIsGivenAndNamesTheirAgent) {
  auto journal = open();
  ASSERT_TRUE(journal->append({draft(), draft()}));
  ASSERT_TRUE(journal->append({draft()}));
  for (std::uint64_t i = 0; i < 3; ++i) {
    const auto event = wire::decode_event(as_bytes(store_.records()[i].event));
    ASSERT_TRUE(event);
    EXPECT_EQ(event->journal_index, JournalIndex(i));
    EXPECT_EQ(event->agent, "bridge-a-1");
  }
}

TEST_F(JournalTest, SignsEachEventOfOneTransactionSoThatAnyPieceCanBeSent) {
  auto journal = open();
  ASSERT_TRUE(journal->append({draft(), draft(), draft()}));
  merkle::CompactRange range;
  for (const JournalRecord& record : store_.records()) {
    range.append(merkle::leaf_hash(as_bytes(record.event)));
    EXPECT_TRUE(is_signed({{range.size(), range.root()}, record.head_signature}));
  }
}

TEST_F(JournalTest, GoesOnAfterARestart) {
  {
    auto journal = open();
    ASSERT_TRUE(journal->append({draft(), draft(), draft()}));
    const std::vector places{LedgerIndex(4), LedgerIndex(6)};
    ASSERT_TRUE(journal->acknowledge(JournalIndex(0), places));
  }
  auto journal = open();
  ASSERT_TRUE(journal);
  EXPECT_EQ(journal->size(), TreeSize(3));
  EXPECT_EQ(journal->acknowledged(), JournalIndex(2));
  EXPECT_EQ(journal->unsent(), 1u);
  ASSERT_TRUE(journal->append({draft()}));
  EXPECT_EQ(journal->head()->head.root, naive_root());
}

TEST_F(JournalTest, RefusesAJournalOfAnotherKey) {
  ASSERT_TRUE(open()->append({draft()}));
  const auto other = open(2);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kCorruptData);
}

TEST_F(JournalTest, RefusesAJournalWhoseRangeWasChanged) {
  ASSERT_TRUE(open()->append({draft()}));
  merkle::CompactRange other;
  other.append(merkle::leaf_hash(as_bytes("another event")));
  other.append(merkle::leaf_hash(as_bytes("and one more")));
  ASSERT_TRUE(store_.append(std::vector<JournalRecord>(1), other));
  EXPECT_EQ(open().error().code, ErrorCode::kCorruptData);
}

TEST_F(JournalTest, TakesNothingMoreAfterAFailedWrite) {
  auto journal = open();
  store_.fail_next_append(ErrorCode::kStorageFull, false);
  EXPECT_EQ(journal->append({draft()}).error().code, ErrorCode::kStorageFull);
  EXPECT_TRUE(journal->halted());
  EXPECT_EQ(journal->append({draft()}).error().code, ErrorCode::kStorageFull);
  EXPECT_TRUE(store_.records().empty());
}

TEST_F(JournalTest, RecoversFromTheDiskWhetherAFailedWriteWasKeptOrLost) {
  for (const bool kept : {true, false}) {
    store_ = {};
    auto journal = open();
    ASSERT_TRUE(journal->append({draft()}));
    store_.fail_next_append(ErrorCode::kStorageFailed, kept);
    ASSERT_FALSE(journal->append({draft()}));
    EXPECT_EQ(journal->size(), TreeSize(1)) << "nothing counts as recorded";
    ASSERT_TRUE(journal->recover());
    EXPECT_FALSE(journal->halted());
    EXPECT_EQ(journal->size(), TreeSize(kept ? 2 : 1));
    ASSERT_TRUE(journal->append({draft()}));
    EXPECT_EQ(journal->head()->head.root, naive_root());
  }
}

TEST_F(JournalTest, StaysHaltedWhileTheDiskTakesNothing) {
  auto journal = open();
  store_.set_full(true);
  ASSERT_FALSE(journal->append({draft()}));
  EXPECT_FALSE(journal->recover());
  EXPECT_TRUE(journal->halted());
  store_.set_full(false);
  EXPECT_TRUE(journal->recover());
  EXPECT_TRUE(journal->append({draft()}));
}

TEST_F(JournalTest, KnowsWhichIdentitiesHaveTravelled) {
  auto journal = open();
  EXPECT_TRUE(journal->is_news(testing::subject(1), "name").value());
  Journal::Draft with = draft();
  with.identity = IdentityBeside{testing::subject(1), {}, "name"};
  ASSERT_TRUE(journal->append({with}));
  EXPECT_FALSE(journal->is_news(testing::subject(1), "name").value());
  EXPECT_TRUE(journal->is_news(testing::subject(1), "new name").value());
  EXPECT_TRUE(journal->is_news(testing::subject(2), "name").value());
}

}  // namespace
}  // namespace crossline::agent
