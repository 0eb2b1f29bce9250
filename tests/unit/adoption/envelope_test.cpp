#include "crossline/adoption/envelope.hpp"

#include "crossline/base/limits.hpp"
#include "tests/support/signing_parties.hpp"
#include "tests/support/vectors.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::adoption {
namespace {

using testing::party_signer;

std::string refused(std::string_view text) {
  const auto envelope = Envelope::parse(text);
  return envelope ? "accepted" : std::string(name_of(envelope.error().reason));
}

TEST(EnvelopeEncoding, IsTheOneOfTheStandardsExample) {
  EXPECT_EQ(as_text(pre_authentication_encoding("http://example.com/HelloWorld", as_bytes("hello world"))),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

TEST(EnvelopeEncoding, AgreesWithTheExampleAsPublished) {
  CROSSLINE_REQUIRE_VECTOR("notes/dsse-v1.0.2-example.txt");
  const std::string file = test::read_file(test::vector_path("notes/dsse-v1.0.2-example.txt"));
  const auto pae = file.substr(file.find("PAE: ") + 5);
  const auto envelope = Envelope::parse(file.substr(file.find('{')));
  ASSERT_TRUE(envelope) << envelope.error().message;
  EXPECT_EQ(as_text(pre_authentication_encoding(envelope->type, envelope->payload)),
            pae.substr(0, pae.find('\n')));
  ASSERT_EQ(envelope->signatures.size(), 1u);
  EXPECT_EQ(envelope->signatures.front().signature.size(), 64u);
  EXPECT_TRUE(envelope->signatures.front().key_id.empty()) << "an absent key id is an empty one";
}

TEST(EnvelopeEncoding, CountsBytesNotCharactersAndTakesAnyBytes) {
  const Bytes body{0x00, 0xff, 0x20};
  const Bytes encoded = pre_authentication_encoding("\xC3\xA4", body);
  using namespace std::string_view_literals;
  EXPECT_EQ(as_text(encoded), "DSSEv1 2 \xC3\xA4 3 \0\xff "sv);
}

TEST(Envelope, ReadsBackWhatItWrote) {
  Envelope envelope{std::string(kEditionType), to_bytes(as_bytes("{}")), {}};
  envelope.sign(party_signer("A", 0));
  envelope.sign(party_signer("B", 0));
  const auto read = Envelope::parse(envelope.to_json());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, envelope);
  EXPECT_EQ(envelope.signatures.front().key_id.size(), 16u);
}

TEST(Envelope, IgnoresFieldsThatTheStandardDoesNotName) {
  EXPECT_EQ(
      refused(R"({"payloadType":"t","payload":"","signatures":[{"sig":"","note":[1]}],"more":{"x":null}})"),
      "accepted");
}

TEST(Envelope, ReadsEitherBase64AlphabetButNotBothInOne) {
  const std::string with = R"({"payloadType":"t","signatures":[],"payload":")";
  EXPECT_EQ(Envelope::parse(with + "+/8=\"}")->payload, Envelope::parse(with + "-_8=\"}")->payload);
  EXPECT_EQ(refused(with + "+_8=\"}"), "malformed_envelope");
  EXPECT_EQ(refused(with + "+/8\"}"), "malformed_envelope") << "without padding";
}

TEST(Envelope, RefusesWhatSaysSomethingTwice) {
  EXPECT_EQ(refused(R"({"payload":"","payload":"e30=","payloadType":"t","signatures":[]})"), "duplicate_key");
  EXPECT_EQ(refused(R"({"payload":"","payloadType":"t","signatures":[{"sig":"","sig":""}]})"),
            "duplicate_key");
}

TEST(Envelope, RefusesEveryTruncation) {
  const std::string text = testing::signed_envelope("{}");
  ASSERT_EQ(refused(text), "accepted");
  for (std::size_t size = 0; size + 1 < text.size(); ++size)  // the last byte is a line feed
    EXPECT_EQ(refused(text.substr(0, size)), "malformed_envelope") << size;
  EXPECT_EQ(refused(text + "{}"), "malformed_envelope");
}

TEST(Envelope, RefusesMissingAndWrongFields) {
  for (const char* text :
       {"", "[]", "null", R"({"payload":"","signatures":[]})", R"({"payloadType":"t","signatures":[]})",
        R"({"payload":"","payloadType":"t"})", R"({"payload":1,"payloadType":"t","signatures":[]})",
        R"({"payload":"","payloadType":"t","signatures":{}})",
        R"({"payload":"","payloadType":"t","signatures":[{"keyid":"k"}]})",
        R"({"payload":"","payloadType":"t","signatures":["s"]})"})
    EXPECT_EQ(refused(text), "malformed_envelope") << text;
}

TEST(Envelope, RefusesWhatIsTooLargeOrTooDeep) {
  EXPECT_EQ(refused(std::string(limits::kMaxEnvelopeBytes + 1, ' ')), "too_large");
  std::string many = R"({"payload":"","payloadType":"t","signatures":[{"sig":""})";
  for (std::size_t i = 0; i < limits::kMaxEnvelopeSignatures; ++i) many += R"(,{"sig":""})";
  EXPECT_EQ(refused(many + "]}"), "too_large");
  EXPECT_EQ(refused(R"({"x":)" + std::string(limits::kMaxNesting, '[')), "malformed_envelope");
}

TEST(EnvelopeMerge, TakesOverEachSignatureOnce) {
  Envelope here{std::string(kEditionType), to_bytes(as_bytes("{}")), {}};
  Envelope there = here;
  here.sign(party_signer("A", 0));
  here.sign(party_signer("A", 0));
  there.sign(party_signer("B", 0));
  there.sign(party_signer("A", 0));
  ASSERT_TRUE(here.merge(there));
  EXPECT_EQ(here.signatures.size(), 2u);
}

TEST(EnvelopeMerge, RefusesAnotherEdition) {
  Envelope here{std::string(kEditionType), to_bytes(as_bytes("{}")), {}};
  const Envelope there{std::string(kEditionType), to_bytes(as_bytes("[]")), {}};
  EXPECT_EQ(here.merge(there).error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace crossline::adoption
