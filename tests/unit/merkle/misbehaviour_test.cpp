#include "crossline/merkle/misbehaviour.hpp"

#include "naive_tree.hpp"
#include "signed_heads.hpp"

#include <gtest/gtest.h>

namespace crossline::merkle {
namespace {

class MisbehaviourTest : public ::testing::Test {
 protected:
  // Two histories that are the same up to `common`.
  void fork(std::size_t common, std::size_t one_size, std::size_t other_size) {
    one_ = other_ = MemoryTree();
    const auto leaves = naive::numbered_leaves(64);
    for (std::size_t i = 0; i < one_size; ++i) one_.append(leaves[i]);
    for (std::size_t i = 0; i < other_size; ++i) other_.append(i < common ? leaves[i] : leaves[63 - i]);
  }
  [[nodiscard]] std::array<SignedNote, 2> notes() const {
    return {heads_.head({one_.size(), one_.root()}), heads_.head({other_.size(), other_.root()})};
  }
  [[nodiscard]] Result<Misbehaviour> prove() const {
    return prove_misbehaviour(notes(), {one_.size(), other_.size()}, {&one_, &other_});
  }
  [[nodiscard]] std::vector<NoteVerifierKey> keys() const {
    return {NoteVerifierKey::parse(heads_.log_key()).value()};
  }
  [[nodiscard]] Result<MisbehaviourFinding> check(const Misbehaviour& proof) const {
    return check_misbehaviour(proof, keys());
  }

  SignedHeads heads_;
  MemoryTree one_;
  MemoryTree other_;
};

TEST_F(MisbehaviourTest, TwoHeadsOfOneSizeProveIt) {
  fork(5, 11, 11);
  const Misbehaviour proof{.heads = notes(), .index = std::nullopt, .claims = {}};
  const auto found = check(Misbehaviour::parse(proof.to_string()).value());
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_TRUE(found->proven);
  EXPECT_EQ(found->origin, "river-line/ledger");
}

TEST_F(MisbehaviourTest, FirstDifferentLeafProvesItForEverySizeAndPlace) {
  for (std::size_t one = 1; one <= 20; ++one) {
    for (std::size_t other = 1; other <= 20; ++other) {
      for (std::size_t common = 0; common < std::min(one, other); ++common) {
        fork(common, one, other);
        const auto proof = prove();
        ASSERT_TRUE(proof) << proof.error().message;
        EXPECT_EQ(proof->index, LeafIndex(common));
        const auto found = check(Misbehaviour::parse(proof->to_string()).value());
        ASSERT_TRUE(found) << one << " " << other << " " << common << ": " << found.error().message;
        EXPECT_TRUE(found->proven);
      }
    }
  }
}

TEST_F(MisbehaviourTest, HeadsThatFitProveNothing) {
  for (std::size_t other = 1; other <= 11; ++other) {
    fork(other, 11, other);
    EXPECT_EQ(prove().error().code, ErrorCode::kInvalidArgument) << other;
  }
  fork(11, 11, 11);
  EXPECT_EQ(check({.heads = notes(), .index = std::nullopt, .claims = {}}).error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(MisbehaviourTest, HeadsOfTwoSizesAreOpenUntilALeafIsShown) {
  fork(5, 11, 9);
  const auto found = check({.heads = notes(), .index = std::nullopt, .claims = {}});
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->proven);
}

TEST_F(MisbehaviourTest, TheLargerTreeAloneProvesItForEverySizeAndPlace) {
  for (std::size_t one = 1; one <= 20; ++one) {
    for (std::size_t other = 1; other <= 20; ++other) {
      for (std::size_t common = 0; common < std::min(one, other) && one != other; ++common) {
        fork(common, one, other);
        const auto proof = prove_by_larger_tree(notes(), one > other ? one_ : other_);
        ASSERT_TRUE(proof) << proof.error().message;
        const auto found = check(Misbehaviour::parse(proof->to_string()).value());
        ASSERT_TRUE(found) << one << " " << other << " " << common << ": " << found.error().message;
        EXPECT_TRUE(found->proven);
        EXPECT_LT(found->heads[0].size, found->heads[1].size);
      }
    }
  }
}

TEST_F(MisbehaviourTest, ALargerTreeThatBeginsWithTheSmallerHeadProvesNothing) {
  for (std::size_t other = 1; other < 11; ++other) {
    fork(other, 11, other);
    EXPECT_EQ(prove_by_larger_tree(notes(), one_).error().code, ErrorCode::kInvalidArgument) << other;
  }
}

TEST_F(MisbehaviourTest, WhatTheLargerHeadDoesNotSayOfItsBeginningProvesNothing) {
  fork(5, 11, 9);
  const Misbehaviour right = prove_by_larger_tree(notes(), one_).value();
  ASSERT_TRUE(check(right));
  Misbehaviour root = right;
  root.prefix->root.bytes[0] ^= 1;
  EXPECT_FALSE(check(root));
  Misbehaviour longer = right;
  longer.prefix->proof.push_back(right.prefix->proof.back());
  EXPECT_FALSE(check(longer));
  Misbehaviour shorter = right;
  shorter.prefix->proof.pop_back();
  EXPECT_FALSE(check(shorter));
  Misbehaviour swapped = right;
  std::swap(swapped.heads[0], swapped.heads[1]);
  EXPECT_EQ(check(swapped).error().code, ErrorCode::kInvalidArgument);
  // The honest beginning of an honest log accuses nobody.
  fork(9, 11, 9);
  const Misbehaviour honest{
      .heads = {notes()[1], notes()[0]},
      .index = std::nullopt,
      .claims = {},
      .prefix = PrefixClaim{other_.root(), consistency_proof(one_, TreeSize(9), TreeSize(11)).value()}};
  EXPECT_EQ(check(honest).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(MisbehaviourTest, NobodyCanBeAccusedWithoutTheirSignature) {
  fork(5, 11, 9);
  Misbehaviour proof = prove().value();
  EXPECT_EQ(check_misbehaviour(proof, {}).error().code, ErrorCode::kBadSignature);
  const std::vector<NoteVerifierKey> wrong{
      NoteVerifierKey::make("river-line/ledger", NoteKeyType::kEd25519, test_signer(9).public_key())};
  EXPECT_EQ(check_misbehaviour(proof, wrong).error().code, ErrorCode::kBadSignature);
  proof.heads[1].signatures[0].signature[3] ^= 1;
  EXPECT_EQ(check(proof).error().code, ErrorCode::kBadSignature);
}

TEST_F(MisbehaviourTest, HeadsOfTwoLogsProveNothing) {
  fork(5, 11, 11);
  Misbehaviour proof{.heads = notes(), .index = std::nullopt, .claims = {}};
  SignedHeads elsewhere;
  elsewhere.origin = "river-line/journal/bridge-a";
  proof.heads[1] = elsewhere.head({other_.size(), other_.root()});
  std::vector<NoteVerifierKey> both = keys();
  both.push_back(NoteVerifierKey::parse(elsewhere.log_key()).value());
  EXPECT_EQ(check_misbehaviour(proof, both).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(MisbehaviourTest, SameLeafProvesNothing) {
  fork(5, 11, 9);
  Misbehaviour proof = prove().value();
  proof.index = LeafIndex(2);
  for (std::size_t i = 0; i < 2; ++i) {
    const MemoryTree& tree = i == 0 ? one_ : other_;
    proof.claims[i] = {tree.subtree(0, 2).value(), inclusion_proof(tree, LeafIndex(2), tree.size()).value()};
  }
  EXPECT_EQ(check(proof).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(MisbehaviourTest, WhatIsNoneIsToldHowOneStarts) {
  for (const std::string_view text : {"", "hello", "hello\n"}) {
    const auto parsed = Misbehaviour::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().message.find("starts with 'crossline misbehaviour v1'"), std::string::npos);
  }
}

TEST_F(MisbehaviourTest, EveryTruncationIsRefused) {
  fork(5, 11, 9);
  for (const Misbehaviour& proof : {prove().value(), prove_by_larger_tree(notes(), one_).value()}) {
    const std::string text = proof.to_string();
    for (std::size_t size = 0; size < text.size(); ++size)
      EXPECT_FALSE(Misbehaviour::parse(std::string_view(text).substr(0, size))) << size;
    EXPECT_FALSE(Misbehaviour::parse(text + "\n"));
  }
}

TEST_F(MisbehaviourTest, NoFlippedBitIsStillAProof) {
  fork(5, 11, 9);
  for (const Misbehaviour& proof : {prove().value(), prove_by_larger_tree(notes(), one_).value()}) {
    const std::string text = proof.to_string();
    for (std::size_t at = 0; at < text.size(); ++at) {
      std::string flipped = text;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 7));
      const auto parsed = Misbehaviour::parse(flipped);
      EXPECT_FALSE(parsed && check(*parsed)) << at;
    }
  }
}

TEST_F(MisbehaviourTest, UnknownSignatureLinesAreIgnored) {
  fork(5, 11, 9);
  Misbehaviour proof = prove().value();
  proof.heads[0].signatures.push_back({"grease.example", 7, Bytes(72, 3)});
  const auto parsed = Misbehaviour::parse(proof.to_string());
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(check(*parsed));
}

}  // namespace
}  // namespace crossline::merkle
