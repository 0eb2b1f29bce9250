#include "crossline/crypto/commitment.hpp"

#include <numeric>

#include <gtest/gtest.h>

namespace crossline::crypto {
namespace {

Opening counting_opening() {
  Opening opening;
  std::iota(opening.begin(), opening.end(), std::uint8_t{0});
  return opening;
}

// Computed apart from this code: printf 000102..1f00000005'hello' | xxd -r -p | openssl mac -digest SHA256
// -macopt hexkey:d821f8790d97709796b4d7903357c3f5 HMAC (docs/formats/identity.md).
TEST(Commitment, AgreesWithTheWorkedExample) {
  EXPECT_EQ(commit(counting_opening(), as_bytes("hello")).hex(),
            "a5bfbdf9d8ba4ba2dda055b5ca90048ff60e2a2580e5fafbbf2c88ce88d95809");
}

TEST(Commitment, DependsOnOpeningAndIdentity) {
  const Opening opening = counting_opening();
  Opening other = opening;
  other[31] ^= 1;
  EXPECT_NE(commit(opening, as_bytes("hello")), commit(other, as_bytes("hello")));
  EXPECT_NE(commit(opening, as_bytes("hello")), commit(opening, as_bytes("hellp")));
  EXPECT_NE(commit(opening, {}), commit(opening, Bytes{0}));
}

TEST(Pseudonym, IsTheFirstHalfOfTheHmac) {
  const LineKey key = counting_opening();
  const Hash whole = hmac_sha256(key, as_bytes("XAA|P|A1234567"));
  EXPECT_EQ(pseudonym(key, "XAA|P|A1234567").hex(), whole.hex().substr(0, 32));
}

TEST(Pseudonym, DiffersBetweenLinesAndDocuments) {
  LineKey key{};
  LineKey other{};
  other[0] = 1;
  EXPECT_NE(pseudonym(key, "XAA|P|A1234567"), pseudonym(other, "XAA|P|A1234567"));
  EXPECT_NE(pseudonym(key, "XAA|P|A1234567"), pseudonym(key, "XAA|P|A1234568"));
}

TEST(LineKey, ReadsBackItsFile) {
  const LineKey key = counting_opening();
  EXPECT_EQ(line_key_text(key), "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
  EXPECT_EQ(line_key_from_text(line_key_text(key)).value(), key);
}

TEST(LineKey, RefusesAnyOtherFile) {
  const std::string text = line_key_text(counting_opening());
  for (std::size_t length = 0; length + 1 < text.size(); ++length) {
    EXPECT_FALSE(line_key_from_text(text.substr(0, length)).has_value()) << length;
  }
  EXPECT_FALSE(line_key_from_text(text + "\n").has_value());
  EXPECT_FALSE(line_key_from_text(fmt::format("0{}", text)).has_value());
  EXPECT_FALSE(line_key_from_text(fmt::format("x{}", text.substr(1))).has_value());
}

TEST(SubjectFrom, TakesExactly16Bytes) {
  const SubjectId subject = pseudonym(LineKey{}, "XAA|P|A1234567");
  EXPECT_EQ(subject_from(subject.bytes).value(), subject);
  EXPECT_EQ(subject_from(Bytes(15)).error().code, ErrorCode::kMalformed);
  EXPECT_EQ(subject_from(Bytes(17)).error().code, ErrorCode::kMalformed);
}

}  // namespace
}  // namespace crossline::crypto
