#include "crossline/adoption/key_set.hpp"

#include "tests/support/signing_parties.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::adoption {
namespace {

using testing::party_keys;
using testing::party_signer;

Envelope unsigned_envelope() {
  return {std::string(kEditionType), to_bytes(as_bytes("{}")), {}};
}

TEST(KeySet, ReadsBackWhatItWrote) {
  const KeySet keys = party_keys();
  const auto read = KeySet::parse(keys.to_toml());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->to_toml(), keys.to_toml());
  EXPECT_EQ(read->keys(), keys.keys());
  EXPECT_EQ(read->thresholds(), keys.thresholds());
}

TEST(KeySet, RefusesWhatCouldNotBindEachSide) {
  const auto key = [](std::string_view party, int i) { return party_signer(party, i).public_key(); };
  const auto code = [](KeysOfParties keys, std::map<std::string, std::int64_t> sign) {
    return KeySet::make("p", std::move(keys), std::move(sign)).has_value();
  };
  EXPECT_TRUE(code({{"A", {key("A", 0)}}, {"B", {key("B", 0)}}}, {{"A", 1}, {"B", 1}}));
  EXPECT_FALSE(code({{"A", {key("A", 0)}}, {"B", {key("B", 0)}}}, {{"A", 1}})) << "B without a threshold";
  EXPECT_FALSE(code({{"A", {key("A", 0)}}, {"B", {key("B", 0)}}}, {{"A", 1}, {"B", 0}}));
  EXPECT_FALSE(code({{"A", {key("A", 0)}}, {"B", {key("B", 0)}}}, {{"A", 2}, {"B", 1}})) << "too few keys";
  EXPECT_FALSE(code({{"A", {key("A", 0)}}, {"B", {key("A", 0)}}}, {{"A", 1}, {"B", 1}})) << "a shared key";
  EXPECT_FALSE(code({{"A", {key("A", 0), key("A", 0)}}, {"B", {key("B", 0)}}}, {{"A", 2}, {"B", 1}}));
  EXPECT_FALSE(code({{"A", {key("A", 0)}}, {"B", {key("B", 0)}}, {"X", {}}}, {{"A", 1}, {"B", 1}}));
}

TEST(KeySet, SaysWhereTheFileIsWrong) {
  const std::string good = party_keys().to_toml();
  const auto message = [](const std::string& text) {
    const auto keys = KeySet::parse(text);
    return keys ? std::string("accepted") : keys.error().message;
  };
  EXPECT_NE(message(good + "C = []\n").find("'C' is no party"), std::string::npos);
  EXPECT_NE(message("quorum = 1\n" + good).find("line 1, column 1: unknown key 'quorum'"), std::string::npos);
  EXPECT_NE(message("procedure = \"p\"").find("'sign' is missing"), std::string::npos);
  EXPECT_NE(
      message("procedure = \"p\"\nsign = {A = 1, B = 1}\nkeys = {A = [\"AAAA\"], B = []}").find("line 3"),
      std::string::npos);
  EXPECT_NE(message("procedure = \"p").find("line 1"), std::string::npos);
}

TEST(Tally, CountsAKeyOnceHoweverOftenItSigns) {
  Envelope envelope = unsigned_envelope();
  envelope.sign(party_signer("A", 0));
  EnvelopeSignature again = envelope.signatures.front();
  again.key_id = "another name for the same key";
  envelope.signatures.push_back(again);
  const auto signers = tally(envelope, party_keys());
  ASSERT_TRUE(signers) << signers.error().message;
  EXPECT_EQ(signers->find("A")->second.size(), 1u);
}

TEST(Tally, TakesTheKeyIdForAHintOnly) {
  Envelope envelope = unsigned_envelope();
  envelope.sign(party_signer("A", 0));
  envelope.signatures.front().key_id = key_id_of(party_signer("B", 0).public_key());
  const auto signers = tally(envelope, party_keys());
  ASSERT_TRUE(signers) << signers.error().message;
  EXPECT_TRUE(signers->contains("A"));
  EXPECT_FALSE(signers->contains("B")) << "the hint gave B a signature that A made";
}

TEST(Tally, IgnoresUnknownKeys) {
  Envelope envelope = unsigned_envelope();
  envelope.sign(party_signer("A", 7));
  envelope.signatures.push_back({"rsa", Bytes(256, 1)});
  const auto signers = tally(envelope, party_keys());
  ASSERT_TRUE(signers) << signers.error().message;
  EXPECT_TRUE(signers->empty());
}

TEST(Tally, RejectsAKnownKeysSignatureWithAnyBitFlipped) {
  Envelope envelope = unsigned_envelope();
  envelope.sign(party_signer("A", 0));
  const Bytes good = envelope.signatures.front().signature;
  for (std::size_t byte = 0; byte < good.size(); ++byte) {
    envelope.signatures.front().signature = good;
    envelope.signatures.front().signature[byte] ^= 0x10;
    const auto signers = tally(envelope, party_keys());
    ASSERT_FALSE(signers) << byte;
    EXPECT_EQ(signers.error().reason, Refusal::kBadSignature);
  }
}

TEST(Tally, BindsTheTypeAsWellAsTheBytes) {
  Envelope envelope = unsigned_envelope();
  envelope.sign(party_signer("A", 0));
  envelope.type = "text/plain";
  EXPECT_EQ(tally(envelope, party_keys()).error().reason, Refusal::kBadSignature);
}

TEST(Thresholds, AreNeverPooled) {
  const auto judged = [](int a, int b, int g) {
    Envelope envelope = unsigned_envelope();
    for (const auto& [party, count] : std::map<std::string, int>{{"A", a}, {"B", b}, {"G", g}})
      for (int i = 0; i < count; ++i) envelope.sign(party_signer(party, i));
    const KeySet keys = party_keys();
    const auto enough = check_thresholds(*tally(envelope, keys), keys);
    return enough ? std::string("enough") : enough.error().message;
  };
  EXPECT_EQ(judged(2, 2, 1), "enough");
  EXPECT_EQ(judged(3, 3, 2), "enough");
  EXPECT_NE(judged(3, 1, 2).find("party A 3 of 2, party B 1 of 2, party G 2 of 1"), std::string::npos);
  EXPECT_NE(judged(2, 2, 0), "enough");
  EXPECT_NE(judged(0, 0, 0), "enough");
}

}  // namespace
}  // namespace crossline::adoption
