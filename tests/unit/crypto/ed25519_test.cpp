#include "crossline/crypto/ed25519.hpp"

#include "crossline/crypto/random.hpp"

#include <gtest/gtest.h>

namespace crossline::crypto {
namespace {

// RFC 8032 section 7.1, TEST 3.
constexpr std::string_view kSeed = "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7";
constexpr std::string_view kPublicKey = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
constexpr std::string_view kMessage = "af82";
constexpr std::string_view kSignature =
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a";

Signer rfc_signer() {
  return Signer::from_seed(from_hex(kSeed).value()).value();
}

TEST(Signer, AgreesWithRfc8032) {
  const Signer signer = rfc_signer();
  EXPECT_EQ(to_hex(signer.public_key().bytes), kPublicKey);
  EXPECT_EQ(to_hex(signer.sign(from_hex(kMessage).value()).bytes), kSignature);
}

TEST(Signer, SignsTheEmptyMessage) {
  const Signer signer = rfc_signer();
  EXPECT_TRUE(Verifier::make(signer.public_key())->verify({}, signer.sign({})));
}

TEST(Signer, TakesASeedOf32Bytes) {
  EXPECT_EQ(Signer::from_seed(Bytes(31)).error().code, ErrorCode::kMalformed);
  EXPECT_EQ(Signer::from_seed(Bytes(33)).error().code, ErrorCode::kMalformed);
}

TEST(Signer, GeneratesDifferentKeys) {
  SystemRandom random;
  EXPECT_NE(Signer::generate(random).public_key(), Signer::generate(random).public_key());
}

TEST(Signer, ReadsBackItsPem) {
  const Signer signer = rfc_signer();
  const Result<Signer> read = Signer::from_pem(signer.to_pem());
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->public_key(), signer.public_key());
  EXPECT_EQ(read->sign(as_bytes("same")), signer.sign(as_bytes("same")));
}

// The key of RFC 8410 section 10.3, as other programs write it.
TEST(Signer, ReadsThePemOfRfc8410) {
  const Result<Signer> signer = Signer::from_pem(
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
      "-----END PRIVATE KEY-----\n");
  ASSERT_TRUE(signer.has_value()) << signer.error().message;
  EXPECT_EQ(to_hex(signer->public_key().bytes),
            "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
}

TEST(Signer, RefusesWhatIsNotAnEd25519Pem) {
  const std::string pem = rfc_signer().to_pem();
  EXPECT_FALSE(Signer::from_pem("").has_value());
  EXPECT_FALSE(Signer::from_pem("not a key").has_value());
  for (std::size_t length = 0; length + 1 < pem.size(); ++length) {
    EXPECT_FALSE(Signer::from_pem(pem.substr(0, length)).has_value()) << length;
  }
  // An X25519 key has the same form and length.
  const Result<Signer> other = Signer::from_pem(
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VuBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
      "-----END PRIVATE KEY-----\n");
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().message, "a PEM private key, but not an Ed25519 one");
}

TEST(Signer, AsksNoTerminalForTheKeyOfAnEncryptedPem) {
  EXPECT_FALSE(Signer::from_pem("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAj6lp59tuSZQAICCAAw\n"
                                "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEENCKCLm+6d6VyyixqKvjRzYEQI/7\n"
                                "iUDNqZO8LG+O9YXFAsyy9wgUeQG/tyo++pQrvFjcs5/4kzDmnuFe88ORseVoGdOl\n"
                                "WbkXS0h34EEqq7X3e30=\n"
                                "-----END ENCRYPTED PRIVATE KEY-----\n")
                   .has_value());
}

TEST(Verifier, RejectsEveryFlippedBitOfTheSignature) {
  const Verifier verifier = Verifier::make(rfc_signer().public_key()).value();
  const Bytes message = from_hex(kMessage).value();
  const Signature good = signature_from(from_hex(kSignature).value()).value();
  ASSERT_TRUE(verifier.verify(message, good));
  for (std::size_t bit = 0; bit < good.bytes.size() * 8; ++bit) {
    Signature bad = good;
    bad.bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_FALSE(verifier.verify(message, bad)) << bit;
  }
}

TEST(Verifier, RejectsAnotherMessageAndAnotherKey) {
  const Signer signer = rfc_signer();
  const Signature signature = signer.sign(as_bytes("head 7"));
  EXPECT_FALSE(Verifier::make(signer.public_key())->verify(as_bytes("head 8"), signature));
  SystemRandom random;
  EXPECT_FALSE(Verifier::make(Signer::generate(random).public_key())->verify(as_bytes("head 7"), signature));
}

TEST(Verifier, IsCopiedAndMoved) {
  const Signer signer = rfc_signer();
  const Signature signature = signer.sign(as_bytes("x"));
  const Verifier first = Verifier::make(signer.public_key()).value();
  Verifier copy = first;
  const Verifier moved = std::move(copy);
  EXPECT_TRUE(first.verify(as_bytes("x"), signature));
  EXPECT_TRUE(moved.verify(as_bytes("x"), signature));
  EXPECT_EQ(moved.key(), signer.public_key());
}

TEST(PublicKey, TakesExactly32Bytes) {
  EXPECT_EQ(public_key_from(Bytes(31, 7)).error().code, ErrorCode::kMalformed);
  EXPECT_EQ(public_key_from(Bytes(33, 7)).error().code, ErrorCode::kMalformed);
  EXPECT_TRUE(public_key_from(from_hex(kPublicKey).value()).has_value());
}

// The eight points of the torsion subgroup in all 14 ways to write them: five y with both signs of x, and
// y = 0 and y = 1 once more as p and p + 1.
TEST(PublicKey, RefusesLowOrderPointsInEveryEncoding) {
  const std::string ff(60, 'f');
  const std::string zeros(60, '0');
  const std::string_view order8 = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc";
  const std::string_view order8_negated = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03";
  const std::string refused[] = {
      "00" + zeros + "00",
      "00" + zeros + "80",
      "01" + zeros + "00",
      "01" + zeros + "80",
      "ec" + ff + "7f",
      "ec" + ff + "ff",
      std::string(order8) + "05",
      std::string(order8) + "85",
      std::string(order8_negated) + "7a",
      std::string(order8_negated) + "fa",
      "ed" + ff + "7f",
      "ed" + ff + "ff",
      "ee" + ff + "7f",
      "ee" + ff + "ff",
  };
  for (const std::string& hex : refused) {
    const Bytes bytes = from_hex(hex).value();
    const Result<PublicKey> key = public_key_from(bytes);
    ASSERT_FALSE(key.has_value()) << hex;
    EXPECT_EQ(key.error().code, ErrorCode::kBadSignature) << hex;
    PublicKey unchecked;
    std::copy(bytes.begin(), bytes.end(), unchecked.bytes.begin());
    EXPECT_FALSE(Verifier::make(unchecked).has_value()) << hex;
  }
}

TEST(PublicKey, RefusesEveryNonCanonicalEncoding) {
  const std::string ff(60, 'f');
  for (int first = 0xef; first <= 0xff; ++first) {
    for (const std::string_view last : {"7f", "ff"}) {
      const std::string hex = to_hex(Bytes{static_cast<std::uint8_t>(first)}) + ff + std::string(last);
      const Result<PublicKey> key = public_key_from(from_hex(hex).value());
      ASSERT_FALSE(key.has_value()) << hex;
      EXPECT_EQ(key.error().code, ErrorCode::kMalformed) << hex;
    }
  }
}

TEST(PublicKey, AcceptsTheLargestCanonicalValuesBelowMinusOne) {
  EXPECT_TRUE(public_key_from(from_hex("eb" + std::string(60, 'f') + "7f").value()).has_value());
}

}  // namespace
}  // namespace crossline::crypto
