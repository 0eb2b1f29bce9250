#include "crossline/merkle/policy.hpp"

#include "signed_heads.hpp"

#include <bit>

#include <gtest/gtest.h>

namespace crossline::merkle {
namespace {

const TreeHead kHead{TreeSize(0), empty_root()};

TEST(Policy, ReadsLogsWitnessesAndUrls) {
  const SignedHeads heads;
  const auto policy = Policy::parse(heads.policy_text());
  ASSERT_TRUE(policy.has_value()) << policy.error().message;
  ASSERT_EQ(policy->logs().size(), 1u);
  EXPECT_EQ(policy->logs()[0].url, "https://ledger.example");
  ASSERT_EQ(policy->witnesses().size(), 2u);
  EXPECT_EQ(policy->witnesses()[0].url, "");
  EXPECT_EQ(policy->witnesses()[1].name, "B");
  EXPECT_EQ(policy->witnesses()[1].url, "https://b.example");
}

TEST(Policy, QuorumNeedsBothParties) {
  const SignedHeads heads;
  const Policy policy = Policy::parse(heads.policy_text()).value();
  SignedNote note = heads.settled_head(kHead);
  const auto settled = policy.evaluate(note);
  ASSERT_TRUE(settled.has_value()) << settled.error().message;
  EXPECT_TRUE(settled->quorum_met);
  ASSERT_EQ(settled->cosigners.size(), 2u);
  EXPECT_EQ(settled->cosigners[1].time_s, 1'700'000'001u);
  note.signatures[2] = note.signatures[1];  // A twice is not A and B
  const auto provisional = policy.evaluate(note);
  ASSERT_TRUE(provisional.has_value());
  EXPECT_FALSE(provisional->quorum_met);
  EXPECT_EQ(provisional->cosigners.size(), 1u);
}

TEST(Policy, IgnoresUnknownSignaturesAndRefusesFalseOnes) {
  const SignedHeads heads;
  const Policy policy = Policy::parse(heads.policy_text()).value();
  SignedNote note = heads.settled_head(kHead);
  note.signatures.push_back({.name = "grease", .key_id = 7, .signature = Bytes(9)});
  EXPECT_TRUE(policy.evaluate(note)->quorum_met);
  note.signatures[2].signature.back() ^= 1;
  EXPECT_EQ(policy.evaluate(note).error().code, ErrorCode::kBadSignature);
}

TEST(Policy, RefusesAHeadThatNoListedLogSigned) {
  const SignedHeads heads;
  const Policy policy = Policy::parse(heads.policy_text()).value();
  SignedNote note = heads.settled_head(kHead);
  note.signatures.erase(note.signatures.begin());
  EXPECT_EQ(policy.evaluate(note).error().code, ErrorCode::kBadSignature);

  SignedHeads other;  // the log's key under another origin
  other.origin = "other-line/ledger";
  EXPECT_EQ(policy.evaluate(other.settled_head(kHead)).error().code, ErrorCode::kBadSignature);

  SignedNote foreign = other.settled_head(kHead);  // signed in this log's name, but the text names another
  foreign.signatures.front() = sign_note(foreign.text, heads.origin, heads.log);
  EXPECT_EQ(policy.evaluate(foreign).error().code, ErrorCode::kBadSignature);
}

TEST(Policy, CountsThresholdsOfNestedGroups) {
  const SignedHeads heads;
  std::string text = "log " + heads.log_key() + "\n";
  std::vector<crypto::Signer> signers;
  for (std::uint8_t i = 0; i < 4; ++i) {
    signers.push_back(test_signer(static_cast<std::uint8_t>(10 + i)));
    text += "witness w" + std::to_string(i) + " " + SignedHeads::witness_key("w", signers.back()) + "\n";
  }
  text += "group g 2 w0 w1 w2\ngroup h any w3\ngroup q all g h\nquorum q\n";
  const auto policy = Policy::parse(text);
  ASSERT_TRUE(policy.has_value()) << policy.error().message;
  for (unsigned set = 0; set < 16; ++set) {
    SignedNote note = heads.head(kHead);
    for (unsigned i = 0; i < 4; ++i) {
      if ((set >> i & 1) != 0) note.signatures.push_back(cosign_note(note.text, "w", signers[i], 1));
    }
    const bool expected = (set >> 3 & 1) != 0 && std::popcount(set & 7) >= 2;
    EXPECT_EQ(policy->evaluate(note)->quorum_met, expected) << set;
    EXPECT_EQ(Policy::parse(policy->to_string())->evaluate(note)->quorum_met, expected) << set;
  }
}

TEST(Policy, IsTextAgainWithoutAddresses) {
  const SignedHeads heads;
  const std::string text = Policy::parse(heads.policy_text())->to_string();
  EXPECT_EQ(text.find("https://"), std::string::npos);
  const auto again = Policy::parse(text);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(again->to_string(), text);
  EXPECT_EQ(again->logs().size(), 1u);
  EXPECT_EQ(again->witnesses().size(), 2u);
}

TEST(Policy, QuorumNoneNeedsNobody) {
  const SignedHeads heads;
  const auto policy = Policy::parse("log " + heads.log_key() + "\nquorum none\n");
  ASSERT_TRUE(policy.has_value()) << policy.error().message;
  EXPECT_TRUE(policy->evaluate(heads.head(kHead))->quorum_met);
}

TEST(Policy, RefusesWhatTheStandardForbids) {
  const SignedHeads heads;
  const std::string a = "witness A " + SignedHeads::witness_key("a", heads.a) + "\n";
  const std::string b = "witness B " + SignedHeads::witness_key("b", heads.b) + "\n";
  const std::string log = "log " + heads.log_key() + "\n";
  const std::string refused[] = {
      "",
      a,                             // no quorum
      "quorum none\nquorum none\n",  // two
      "quorum none",                 // no line feed at the end
      "quorum A\n" + a,              // before its definition
      "quorum none\r\n",             // a control character
      "quorum\n",
      "quorum A B\n",
      "qorum none\n",                                                              //
      a + a + "quorum A\n",                                                        // a name twice
      a + "witness C " + SignedHeads::witness_key("c", heads.a) + "\nquorum A\n",  // a key twice, other name
      log + log + "quorum none\n",                                                 // a log twice
      "log " + SignedHeads::witness_key("a", heads.a) + "\nquorum none\n",         // a witness's key
      "witness A " + heads.log_key() + "\nquorum A\n",                             // a log's key
      "witness none " + SignedHeads::witness_key("a", heads.a) + "\nquorum none\n",
      a + "group g all\nquorum g\n",
      a + "group g 0 A\nquorum g\n",
      a + "group g 2 A\nquorum g\n",
      a + "group g 01 A\nquorum g\n",
      a + "group g all A A\nquorum g\n",
      a + "group g all none\nquorum g\n",
      a + "group g all g\nquorum g\n",
      a + b + "group g all A\ngroup h all A B\nquorum h\n",
      a + "group A all A\nquorum A\n",
  };
  for (const std::string& text : refused) {
    const auto policy = Policy::parse(text);
    ASSERT_FALSE(policy.has_value()) << text;
    EXPECT_EQ(policy.error().code, ErrorCode::kMalformed) << text;
  }
}

TEST(Policy, SurvivesEveryTruncationAndFlippedByte) {
  const SignedHeads heads;
  const std::string text = heads.policy_text();
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(Policy::parse(text.substr(0, size)).has_value()) << size;
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = text;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      const auto policy = Policy::parse(damaged);
      EXPECT_TRUE(policy.has_value() || !policy.error().message.empty()) << i;
    }
  }
}

}  // namespace
}  // namespace crossline::merkle
