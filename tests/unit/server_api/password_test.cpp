#include "crossline/accounts/password.hpp"

#include "tests/support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace crossline::accounts {
namespace {

TEST(PasswordHash, VerifiesItsOwnPasswordAndNoOther) {
  testing::SeededRandom random(1);
  const auto hash = hash_password("correct horse battery", random);
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << *hash;
  EXPECT_TRUE(*verify_password(*hash, "correct horse battery"));
  EXPECT_FALSE(*verify_password(*hash, "correct horse batterz"));
  EXPECT_FALSE(*verify_password(*hash, ""));
}

TEST(PasswordHash, IsSalted) {
  testing::SeededRandom random(1);
  EXPECT_NE(*hash_password("correct horse battery", random), *hash_password("correct horse battery", random));
}

TEST(PasswordHash, HasADecoyOfTheSameCost) {
  testing::SeededRandom random(1);
  const auto real = hash_password("correct horse battery", random);
  const std::size_t parameters = std::string_view("$argon2id$v=19$m=19456,t=2,p=1$").size();
  EXPECT_EQ(decoy_hash().substr(0, parameters), real->substr(0, parameters));
  EXPECT_EQ(decoy_hash().size(), real->size());
  EXPECT_FALSE(*verify_password(decoy_hash(), "correct horse battery"));
}

TEST(PasswordHash, ThatIsDamagedIsAnError) {
  for (const char* damaged :
       {"", "plain", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA"}) {
    const auto verified = verify_password(damaged, "correct horse battery");
    ASSERT_FALSE(verified) << damaged;
    EXPECT_EQ(verified.error().code, ErrorCode::kCorruptData);
  }
}

}  // namespace
}  // namespace crossline::accounts
