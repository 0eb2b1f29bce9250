// Project Wycheproof's signatures: the invalid ones are what broken verifiers accept.
#include "crossline/crypto/ed25519.hpp"
#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::crypto {
namespace {

constexpr std::string_view kVector = "ed25519/wycheproof_ed25519.json";

bool accepts(const PublicKey& key, ByteView message, ByteView signature) {
  const Result<Signature> parsed = signature_from(signature);
  return parsed && Verifier::make(key).value().verify(message, *parsed);
}

TEST(Wycheproof, AgreesOnEverySignature) {
  CROSSLINE_REQUIRE_VECTOR(kVector);
  const auto vectors = nlohmann::json::parse(test::read_file(test::vector_path(kVector)));
  int valid = 0;
  int invalid = 0;
  for (const auto& group : vectors["testGroups"]) {
    const Bytes key_bytes = from_hex(group["publicKey"]["pk"].get<std::string>()).value();
    const PublicKey key = public_key_from(key_bytes).value();
    for (const auto& test : group["tests"]) {
      const bool expected = test["result"] == "valid";
      const Bytes message = from_hex(test["msg"].get<std::string>()).value();
      const Bytes signature = from_hex(test["sig"].get<std::string>()).value();
      EXPECT_EQ(accepts(key, message, signature), expected)
          << "tcId " << test["tcId"] << ": " << test["comment"];
      ++(expected ? valid : invalid);
    }
  }
  EXPECT_EQ(valid, 88);
  EXPECT_EQ(invalid, 63);
}

}  // namespace
}  // namespace crossline::crypto
