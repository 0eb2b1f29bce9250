#include "crossline/wire/slip.hpp"

#include "crossline/wire/event_codec.hpp"
#include "tests/support/decoding.hpp"
#include "tests/support/sample_events.hpp"

#include <bit>

#include <gtest/gtest.h>

namespace crossline::wire {
namespace {

class SlipTest : public ::testing::Test {
 protected:
  // A journal of `size` events, the last of them a passage.
  explicit SlipTest(std::uint64_t size = 12) {
    merkle::CompactRange range;
    for (std::uint64_t i = 0; i + 1 < size; ++i)
      range.append(merkle::leaf_hash(as_bytes("event " + std::to_string(i))));
    movement::Event event = testing::event_of(testing::sample_movement());
    event.journal_index = JournalIndex(size - 1);
    slip_.line = "river-line";
    slip_.event = encode_event(event);
    slip_.path.assign(range.hashes().rbegin(), range.hashes().rend());
    range.append(merkle::leaf_hash(as_bytes(slip_.event)));
    slip_.head_signature = merkle::sign_tree_head(merkle::journal_origin("river-line", event.agent),
                                                  {range.size(), range.root()}, signer_);
  }
  [[nodiscard]] Result<void> verify(const Slip& slip) const {
    CROSSLINE_TRY(const SlipProof proof, open_slip(slip));
    return verify_slip(slip, proof, crypto::Verifier::make(signer_.public_key()).value());
  }
  [[nodiscard]] Result<void> verify_text(std::string_view text) const {
    CROSSLINE_TRY(const std::string bytes, slip_bytes(text));
    CROSSLINE_TRY(const Slip slip, decode_slip(as_bytes(bytes)));
    return verify(slip);
  }

  crypto::Signer signer_ = crypto::Signer::from_seed(Bytes(32, 4)).value();
  Slip slip_;
};

TEST_F(SlipTest, ProvesTheEventWithTheAgentsKey) {
  const std::string text = slip_text(encode_slip(slip_).value());
  EXPECT_TRUE(text.starts_with("SLIP1"));
  EXPECT_TRUE(verify_text(text)) << verify_text(text).error().message;
  EXPECT_TRUE(verify_text("  " + text + "\r\n"));
  const SlipProof proof = open_slip(slip_).value();
  EXPECT_EQ(proof.head.size, TreeSize(12));
  EXPECT_EQ(proof.event.journal_index, JournalIndex(11));
}

TEST_F(SlipTest, ProvesEveryPlaceInAJournal) {
  for (std::uint64_t size = 1; size <= 70; ++size) {
    struct Journal : SlipTest {
      explicit Journal(std::uint64_t events) : SlipTest(events) {}
      void TestBody() override {}
      [[nodiscard]] bool proves() const { return verify(slip_).has_value(); }
    };
    EXPECT_TRUE(Journal(size).proves()) << size;
  }
}

TEST_F(SlipTest, FitsAQrOfVersion25WithAJournalOfAMillion) {
  // One hash for each one-bit of the index: 10 on average, 18 or fewer for all but 21 of a million.
  slip_.path.resize(18);
  movement::Movement plain = testing::sample_movement();
  plain.declared = {};
  slip_.event = encode_event(testing::event_of(plain));
  const auto bytes = encode_slip(slip_);
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_LE(slip_text(*bytes).size(), kMaxSlipTextBytes);
  // A declaration takes its own room; one that is too long has no slip, and says so.
  plain.declared = testing::sample_movement().declared;
  slip_.event = encode_event(testing::event_of(plain));
  EXPECT_FALSE(encode_slip(slip_));
  slip_.path.resize(15);
  EXPECT_TRUE(encode_slip(slip_));
}

TEST_F(SlipTest, SurvivesDamage) {
  testing::survives_damage(encode_slip(slip_).value(), decode_slip,
                           [](const Slip& slip) { return encode_slip(slip).value_or(std::string()); });
}

TEST_F(SlipTest, NoDamagedSlipVerifies) {
  const std::string text = slip_text(encode_slip(slip_).value());
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(verify_text(text.substr(0, size))) << "truncated to " << size;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string damaged = text;
    damaged[at] = damaged[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify_text(damaged)) << at;
  }
  const std::string bytes = encode_slip(slip_).value();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    const auto slip = decode_slip(as_bytes(damaged));
    EXPECT_FALSE(slip && verify(*slip)) << at;
  }
  EXPECT_FALSE(verify_text(text + "A"));
}

TEST_F(SlipTest, PathOfAnotherLengthIsRefused) {
  Slip longer = slip_;
  longer.path.push_back(longer.path.front());
  EXPECT_EQ(verify(longer).error().code, ErrorCode::kMalformed);
  Slip shorter = slip_;
  shorter.path.pop_back();
  EXPECT_EQ(verify(shorter).error().code, ErrorCode::kMalformed);
}

TEST_F(SlipTest, AnotherKeyDoesNotVerify) {
  const SlipProof proof = open_slip(slip_).value();
  const auto other = crypto::Signer::from_seed(Bytes(32, 5)).value();
  EXPECT_EQ(verify_slip(slip_, proof, crypto::Verifier::make(other.public_key()).value()).error().code,
            ErrorCode::kBadSignature);
}

TEST_F(SlipTest, WhatIsNoSlipIsRefused) {
  for (const std::string_view text :
       {"", "SLIP1", "SLIP2AAAA", "slip1aaaa", "SLIP1AAA=", "P<XAASPECIMEN<<TEST<<<"}) {
    const auto bytes = slip_bytes(text);
    EXPECT_FALSE(bytes && decode_slip(as_bytes(*bytes))) << text;
  }
}

TEST_F(SlipTest, ReferenceNamesAgentPlaceAndContent) {
  merkle::Hash leaf;
  leaf.bytes[0] = 0x7f;
  leaf.bytes[1] = 0x3a;
  EXPECT_EQ(slip_reference("bridge-a-1", JournalIndex(42), leaf), "bridge-a-1/42/7F3A");
  for (const std::string_view typed : {"bridge-a-1/42/7F3A", "bridge-a-1/42/7f3a"}) {
    const auto reference = slip_reference_from(typed);
    ASSERT_TRUE(reference) << typed;
    EXPECT_EQ(reference->agent, "bridge-a-1");
    EXPECT_EQ(reference->index, JournalIndex(42));
    EXPECT_TRUE(fits(*reference, leaf));
  }
  EXPECT_FALSE(fits(slip_reference_from("bridge-a-1/42/7F3B").value(), leaf));
}

TEST_F(SlipTest, WhatIsNoReferenceIsRefusedWithThePartThatIsWrong) {
  for (const auto& [typed, words] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"", "three parts"},
           {"/42/7F3A", "three parts"},
           {"bridge-a-1/42", "three parts"},
           {"bridge-a-1/42/7F3A/", "three parts"},
           {"bridge-a-1/042/7F3A", "number"},
           {"bridge-a-1/-1/7F3A", "number"},
           {"bridge-a-1/99999999999999999999/7F3A", "number"},
           {"bridge-a-1/42/7F3", "four figures"},
           {"bridge-a-1/42/7F3A00", "four figures"},
           {"bridge-a-1/42/7F3O", "four figures"}}) {
    const auto reference = slip_reference_from(typed);
    ASSERT_FALSE(reference) << typed;
    EXPECT_EQ(reference.error().code, ErrorCode::kMalformed);
    EXPECT_NE(reference.error().message.find(words), std::string::npos) << reference.error().message;
  }
}

}  // namespace
}  // namespace crossline::wire
