#include "crossline/adoption/chain.hpp"

#include "crossline/base/limits.hpp"
#include "tests/support/signing_parties.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::adoption {
namespace {

using nlohmann::json;
using testing::chained_edition;
using testing::party_keys;
using testing::party_signer;
using testing::signed_edition;
using testing::signed_envelope;

class ChainTest : public ::testing::Test {
 protected:
  // The name of the refusal; "accepted" when it was taken.
  std::string adopt(const std::string& envelope) {
    auto verified = chain_.judge(envelope);
    if (!verified) {
      message_ = verified.error().message;
      return std::string(name_of(verified.error().reason));
    }
    chain_.append(*std::move(verified));
    return "accepted";
  }
  // Refused for that reason, and the edition in force stays in force.
  void refuses(std::string_view reason, const std::string& envelope) {
    const std::size_t before = chain_.editions().size();
    EXPECT_EQ(adopt(envelope), reason) << message_;
    EXPECT_EQ(chain_.editions().size(), before);
  }
  // Edition 2 with something changed in its sealed form, signed by everybody.
  static std::string changed(const std::function<void(json&)>& change, int number = 2) {
    json sealed = json::parse(chained_edition(number));
    change(sealed);
    return signed_envelope(sealed.dump());
  }
  // The keys of one edition as it names them: `count` of each party, from `first` on.
  static json keys_from(int first, int count = 2) {
    json keys = json::object();
    for (const std::string party : {"A", "B", "G"}) {
      std::vector<std::string> own;
      for (int i = 0; i < count; ++i)
        own.push_back(to_base64(party_signer(party, first + i).public_key().bytes));
      std::ranges::sort(own);
      keys[party] = own;
    }
    return keys;
  }

  Chain chain_{party_keys()};
  std::string message_;
};

TEST_F(ChainTest, TakesEditionsThatFollowEachOther) {
  EXPECT_EQ(adopt(signed_edition(1)), "accepted") << message_;
  EXPECT_EQ(adopt(signed_edition(2)), "accepted") << message_;
  EXPECT_EQ(adopt(signed_edition(3)), "accepted") << message_;
  ASSERT_EQ(chain_.editions().size(), 3u);
  const Verified& first = chain_.editions().front();
  EXPECT_EQ(first.sealed(), chained_edition(1)) << "the very bytes that were verified";
  EXPECT_EQ(first.envelope(), signed_edition(1));
  EXPECT_EQ(first.signers().find("A")->second.size(), 2u);
}

TEST_F(ChainTest, RefusesTooFewOfOnePartyWhateverTheOthersSign) {
  refuses("too_few_signatures", signed_envelope(chained_edition(1), {{"A", 3}, {"B", 1}, {"G", 2}}));
  EXPECT_NE(message_.find("party B 1 of 2"), std::string::npos) << message_;
  refuses("too_few_signatures", signed_envelope(chained_edition(1), {{"A", 2}, {"B", 2}}));
  refuses("too_few_signatures", signed_envelope(chained_edition(1), {}));
}

TEST_F(ChainTest, CountsTheSameKeyOnce) {
  auto envelope = Envelope::parse(signed_envelope(chained_edition(1), {{"A", 1}, {"B", 2}, {"G", 1}}));
  EnvelopeSignature twice = envelope->signatures.front();
  twice.key_id.clear();
  envelope->signatures.push_back(twice);
  refuses("too_few_signatures", envelope->to_json());
  EXPECT_NE(message_.find("party A 1 of 2"), std::string::npos) << message_;
}

TEST_F(ChainTest, RefusesAWrongSignatureOfAKnownKey) {
  auto envelope = Envelope::parse(signed_edition(1));
  envelope->signatures.back().signature.front() ^= 1;
  refuses("bad_signature", envelope->to_json());
}

TEST_F(ChainTest, RefusesBytesThatNobodySigned) {
  auto envelope = Envelope::parse(signed_edition(1));
  envelope->payload = to_bytes(as_bytes(chained_edition(2)));
  refuses("bad_signature", envelope->to_json());
}

TEST_F(ChainTest, RefusesAnotherKindOfDocument) {
  Envelope envelope{"application/json", to_bytes(as_bytes(chained_edition(1))), {}};
  refuses("wrong_type", envelope.to_json());
}

TEST_F(ChainTest, RefusesTheSameAndOlderEditions) {
  ASSERT_EQ(adopt(signed_edition(1)), "accepted");
  refuses("already_adopted", signed_edition(1));
  ASSERT_EQ(adopt(signed_edition(2)), "accepted");
  refuses("older_edition", signed_edition(1));
  refuses("older_edition", changed([](json& edition) { edition["parties"]["A"] = "Other"; }, 1));
}

TEST_F(ChainTest, RefusesToSkipAnEdition) {
  refuses("skipped_edition", signed_edition(2));
  ASSERT_EQ(adopt(signed_edition(1)), "accepted");
  refuses("skipped_edition", signed_edition(3));
}

TEST_F(ChainTest, RefusesAnEditionWithAnothersHash) {
  ASSERT_EQ(adopt(signed_edition(1)), "accepted");
  refuses("other_predecessor",
          changed([](json& edition) { edition["supersedes"] = "sha256:" + std::string(64, '0'); }));
  refuses("other_predecessor", changed([](json& edition) { edition.erase("supersedes"); }));
}

TEST_F(ChainTest, LeavesNoTimeWithoutAndNoTimeWithTwo) {
  ASSERT_EQ(adopt(signed_edition(1)), "accepted");
  const std::int64_t end_s = testing::kSampleUntil.ms / 1000;
  refuses("gap", changed([&](json& edition) { edition["in_force"]["from"] = end_s + 1; }));
  refuses("overlap", changed([&](json& edition) { edition["in_force"]["from"] = end_s - 1; }));
}

TEST_F(ChainTest, RefusesTheProcedureOfAnotherLine) {
  refuses("other_procedure", changed([](json& edition) { edition["procedure"] = "hill-line"; }, 1));
}

TEST_F(ChainTest, RefusesASignedProcedureThatIsNotOneCanonicalText) {
  const std::string sealed = chained_edition(1);
  refuses("not_canonical", signed_envelope(" " + sealed));
  refuses("not_canonical", signed_envelope(json::parse(sealed).dump(1)));
  refuses("duplicate_key", signed_envelope("{\"edition\":1," + sealed.substr(1)));
  refuses("invalid_edition", signed_envelope(sealed.substr(0, sealed.size() - 1)));
  refuses("invalid_edition", changed([](json& edition) { edition["priority"] = 1; }, 1));
  refuses("invalid_edition", changed([](json& edition) { edition["in_force"].erase("until"); }, 1));
  refuses("invalid_edition", signed_envelope(std::string(limits::kMaxNesting + 1, '[')));
}

TEST_F(ChainTest, KeepsTheEditionInForceWhateverMalformedOneFollows) {
  ASSERT_EQ(adopt(signed_edition(1)), "accepted");
  const std::string next = chained_edition(2);
  const auto with = [&](std::string_view what, std::string_view instead) {
    std::string text = next;
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return signed_envelope(text.replace(at, what.size(), instead));
  };
  refuses("duplicate_key", with("\"edition\":2", "\"edition\":2,\"edition\":2"));
  refuses("duplicate_key", with("\"id\":\"4(3)\"", "\"id\":\"4(3)\",\"id\":\"4(3)\""));
  refuses("not_canonical", with("\"edition\":2", "\"edition\": 2"));
  refuses("invalid_edition", with("\"edition\":2", "\"edition\":2.5"));
  refuses("invalid_edition", signed_envelope("[" + next + "]"));
  refuses("invalid_edition", with("\"admit\":{", "\"admit\":" + std::string(limits::kMaxNesting, '[') + "{"));
  refuses("too_large", signed_envelope(next + std::string(limits::kMaxProcedureBytes, ' ')));
  EXPECT_NE(message_.find("bytes; at most"), std::string::npos) << message_;
  refuses("too_few_signatures", signed_envelope(next, {{"A", 3}, {"B", 1}, {"G", 2}}));
  const UtcMillis now = testing::kSampleUntil.plus(-1);
  ASSERT_NE(chain_.at(now), nullptr);
  EXPECT_EQ(chain_.at(now)->sealed(), chained_edition(1));
  EXPECT_EQ(adopt(signed_edition(2)), "accepted") << "the chain goes on: " << message_;
}

TEST_F(ChainTest, RefusesWhatIsTooLarge) {
  refuses("too_large", signed_envelope(std::string(limits::kMaxEnvelopeBytes, ' ')));
}

TEST_F(ChainTest, RefusesThresholdsThatWouldLeaveAPartyOut) {
  refuses("bad_keys", changed([](json& edition) { edition["sign"] = {{"A", 2}, {"B", 2}}; }, 1));
  refuses("bad_keys", changed([](json& edition) { edition.erase("sign"); }, 1));
  refuses("bad_keys", changed([](json& edition) { edition["sign"]["A"] = 4; }, 1));
}

TEST_F(ChainTest, NeedsTheKeysOfTheEditionBeforeAndItsOwn) {
  ASSERT_EQ(adopt(signed_edition(1)), "accepted");
  // Edition 2 hands over to keys 1 to 3: key 1 is in both, key 0 goes, key 3 comes.
  json sealed = json::parse(chained_edition(2));
  sealed["keys"] = keys_from(1, 3);
  const auto signed_by = [&](const std::vector<int>& keys) {
    Envelope envelope{std::string(kEditionType), to_bytes(as_bytes(sealed.dump())), {}};
    for (const std::string party : {"A", "B", "G"})
      for (const int key : keys) envelope.sign(party_signer(party, key));
    return envelope.to_json();
  };
  refuses("too_few_signatures", signed_by({0, 1}));  // enough of the old, one of the new
  EXPECT_NE(message_.find("own keys"), std::string::npos) << message_;
  refuses("too_few_signatures", signed_by({2, 3}));  // enough of the new, one of the old
  EXPECT_EQ(adopt(signed_by({0, 1, 3})), "accepted") << message_;
  // From here on the key that went counts no more.
  sealed = json::parse(chained_edition(3));
  sealed["supersedes"] = "sha256:" + chain_.editions().back().edition().hash().hex();
  refuses("too_few_signatures", signed_by({0, 1}));
  EXPECT_EQ(adopt(signed_by({2, 3})), "accepted") << message_;
}

TEST_F(ChainTest, RefusesKeysThatTwoPartiesShareOrThatAreTooFew) {
  refuses("invalid_edition", changed(
                                 [](json& edition) {
                                   edition["keys"] = keys_from(0);
                                   edition["keys"]["B"] = edition["keys"]["A"];
                                 },
                                 1));
  refuses("invalid_edition", changed([](json& edition) { edition["keys"] = keys_from(0, 1); }, 1));
  refuses("invalid_edition", changed(
                                 [](json& edition) {
                                   edition["keys"] = keys_from(0);
                                   edition["keys"]["A"][0] = std::string(43, 'A') + "=";
                                 },
                                 1));
}

TEST_F(ChainTest, ReadsAFileOfEnvelopesOneALine) {
  EXPECT_TRUE(chain_.extend(signed_edition(1) + "\n" + signed_edition(2)));
  EXPECT_EQ(chain_.editions().size(), 2u);
  EXPECT_EQ(chain_.extend(signed_edition(3) + signed_edition(3)).error().reason, Refusal::kAlreadyAdopted);
  EXPECT_EQ(chain_.editions().size(), 3u) << "those before the refused one stay";
  EXPECT_EQ(chain_.extend("\n").error().reason, Refusal::kMalformedEnvelope);
}

TEST_F(ChainTest, ChangesTheEditionAtTheInstantAgreed) {
  EXPECT_EQ(chain_.at(testing::kSampleFrom), nullptr);
  ASSERT_TRUE(chain_.extend(signed_edition(1) + signed_edition(2)));
  const auto number_at = [&](UtcMillis now) { return chain_.at(now)->edition().number(); };
  EXPECT_EQ(number_at(testing::kSampleFrom.plus(-1)), 1u) << "nothing is in force yet; the first is shown";
  EXPECT_EQ(number_at(testing::kSampleUntil.plus(-1)), 1u);
  EXPECT_EQ(number_at(testing::kSampleUntil), 2u);
  const UtcMillis end = chain_.editions().back().edition().until();
  EXPECT_EQ(number_at(end.plus(1)), 2u) << "nothing is in force any more; the last one says so";
}

TEST_F(ChainTest, SaysEveryRefusalUnderItsOwnName) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Refusal::kBadKeys); ++i) {
    const auto reason = static_cast<Refusal>(i);
    EXPECT_TRUE(names.insert(name_of(reason)).second) << name_of(reason);
    EXPECT_EQ((Refused{reason, "why"}.error().message), std::string(name_of(reason)) + ": why");
  }
}

}  // namespace
}  // namespace crossline::adoption
