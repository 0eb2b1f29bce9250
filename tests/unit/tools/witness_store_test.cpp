// What a witness keeps: nobody can crowd out what proves something.
#include "tools/witness/witness_store.hpp"

#include <array>
#include <filesystem>

#include <gtest/gtest.h>

namespace crossline::tools {
namespace {

constexpr UtcMillis kNow{1'790'000'000'000};
const std::string kOrigin = "river-line/ledger";

crypto::Signer signer_of(std::uint8_t seed) {
  return crypto::Signer::from_seed(Bytes(32, seed)).value();
}

// A head of the ledger: a log may sign what it likes.
merkle::SignedNote head(std::uint64_t size, std::uint8_t story) {
  merkle::TreeHead head{TreeSize(size), {}};
  head.root.bytes.fill(story);
  merkle::SignedNote note{merkle::tree_head_text(kOrigin, head), {}};
  note.signatures.push_back(merkle::sign_note(note.text, kOrigin, signer_of(1)));
  return note;
}

merkle::SignedNote greased(merkle::SignedNote note, std::uint8_t grease) {
  note.signatures.push_back({"grease", grease, Bytes(9, grease)});
  return note;
}

std::string report(const merkle::SignedNote& one, const merkle::SignedNote& other) {
  return merkle::Misbehaviour{.heads = {one, other}, .index = std::nullopt, .claims = {}}.to_string();
}

class WitnessStoreTest : public ::testing::Test {
 protected:
  WitnessStoreTest() { store_.emplace(WitnessStore::open(folder_ / "witness.db").value()); }
  ~WitnessStoreTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  int add(std::uint64_t old_size, const merkle::SignedNote& note, std::vector<merkle::Hash> proof = {}) {
    const witness::AddRequest request{TreeSize(old_size), std::move(proof), note};
    return store_->answer(witness_, request.to_string(), kNow)->status;
  }
  int tell(const std::string& text) { return store_->take_report(witness_, text, kNow)->status; }
  std::size_t kept() { return store_->alarms()->size(); }

  const std::filesystem::path folder_ = [] {
    std::string name = (std::filesystem::temp_directory_path() / "crossline-witness-XXXXXX").string();
    return std::filesystem::path(::mkdtemp(name.data()));
  }();
  const witness::Witness witness_{
      "witness-a",
      signer_of(2),
      {merkle::NoteVerifierKey::make(kOrigin, merkle::NoteKeyType::kEd25519, signer_of(1).public_key())}};
  std::optional<WitnessStore> store_;
};

TEST_F(WitnessStoreTest, KeepsAForkThoughSomebodyFloodedItWithWrongProofs) {
  ASSERT_EQ(add(0, head(7, 1)), 200);
  for (std::uint64_t size = 8; size < 8 + WitnessStore::kMaxClaims + 50; ++size)
    EXPECT_EQ(add(7, head(size, 1), {merkle::Hash{}}), 422);
  EXPECT_EQ(kept(), WitnessStore::kMaxClaims);
  EXPECT_EQ(add(7, head(7, 2)), 422);
  const auto alarms = store_->alarms().value();
  ASSERT_EQ(alarms.size(), WitnessStore::kMaxClaims + 1);
  EXPECT_EQ(alarms.back().what, "proven: two heads of size 7 with different roots");
  EXPECT_EQ(alarms.back().note, head(7, 2).to_string());
  EXPECT_FALSE(alarms.back().remembered.empty());
}

TEST_F(WitnessStoreTest, KeepsOneHeadOnceHoweverItIsDressed) {
  ASSERT_EQ(add(0, head(7, 1)), 200);
  for (std::uint8_t grease = 1; grease < 20; ++grease) {
    EXPECT_EQ(add(7, greased(head(7, 2), grease)), 422);
    EXPECT_EQ(add(7, greased(head(9, 1), grease), {merkle::Hash{}}), 422);
    EXPECT_EQ(tell(report(greased(head(5, 1), grease), head(5, 2))), 200);
    EXPECT_EQ(tell(report(head(5, 1), greased(head(6, 1), grease))), 200);
  }
  EXPECT_EQ(kept(), 4U);
}

TEST_F(WitnessStoreTest, TakesAProofWhenThereAreTooManyClaims) {
  for (std::uint64_t size = 2; size < 2 + WitnessStore::kMaxClaims; ++size)
    ASSERT_EQ(tell(report(head(1, 1), head(size, 1))), 200);
  EXPECT_EQ(tell(report(head(1, 1), head(500, 1))), 403);
  EXPECT_EQ(tell(report(head(1, 1), head(2, 1))), 200) << "the same once more";
  EXPECT_EQ(tell(report(head(3, 1), head(3, 2))), 200);
  EXPECT_EQ(kept(), WitnessStore::kMaxClaims + 1);
}

TEST_F(WitnessStoreTest, TakesSoManyProofsAndNoMore) {
  for (std::uint64_t size = 1; size <= WitnessStore::kMaxProven; ++size)
    ASSERT_EQ(tell(report(head(size, 1), head(size, 2))), 200);
  EXPECT_EQ(tell(report(head(9'999, 1), head(9'999, 2))), 503);
  EXPECT_EQ(tell(report(head(1, 1), head(2, 1))), 200) << "a claim has its own room";
}

TEST_F(WitnessStoreTest, RefusesWhatIsNoReportOfItsLog) {
  EXPECT_EQ(tell("no report"), 400);
  merkle::SignedNote unsigned_head = head(5, 2);
  unsigned_head.signatures.front().signature.back() ^= 1;
  EXPECT_EQ(tell(report(head(5, 1), unsigned_head)), 403);
  EXPECT_EQ(tell(report(head(5, 1), head(5, 1))), 403) << "nothing is wrong with it";
  EXPECT_EQ(kept(), 0U);
}

TEST_F(WitnessStoreTest, ForgetsAClaimWhenToldToAndNothingThatIsProven) {
  ASSERT_EQ(tell(report(head(1, 1), head(2, 1))), 200);
  ASSERT_EQ(tell(report(head(3, 1), head(3, 2))), 200);
  const auto alarms = store_->alarms().value();
  EXPECT_TRUE(store_->dismiss(alarms[0].id));
  EXPECT_EQ(store_->dismiss(alarms[0].id).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->dismiss(alarms[1].id).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(kept(), 1U);
}

TEST_F(WitnessStoreTest, RemembersOverARestart) {
  ASSERT_EQ(add(0, head(7, 1)), 200);
  store_.reset();
  store_.emplace(WitnessStore::open(folder_ / "witness.db").value());
  EXPECT_EQ(add(0, head(7, 1)), 409);
  EXPECT_EQ(add(7, head(7, 1)), 200);
}

}  // namespace
}  // namespace crossline::tools
