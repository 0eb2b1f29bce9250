#include "officers.hpp"

#include "crossline/crypto/random.hpp"
#include "tests/support/temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

class OfficersTest : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& text,
                              std::filesystem::perms mode = std::filesystem::perms::owner_read) {
    const auto path = folder_ / "officers.toml";
    std::filesystem::remove(path);
    std::ofstream(path) << text;
    std::filesystem::permissions(path, mode);
    return path;
  }
  testing::TemporaryFolder folder_;
  crypto::SystemRandom random_;
};

TEST_F(OfficersTest, ReadsBackWhatItWrites) {
  Officers officers;
  const std::string hash = hash_pin("2580", random_).value();
  ASSERT_TRUE(officers.put({"officer-7", hash, "ru", {"staff", "shift_lead"}}));
  const auto read = Officers::read(write(officers.to_toml()));
  ASSERT_TRUE(read) << read.error().to_string();
  ASSERT_NE(read->find("officer-7"), nullptr);
  EXPECT_EQ(read->find("officer-7")->pin_hash, hash);
  EXPECT_EQ(read->find("officer-7")->language, "ru");
  EXPECT_EQ(read->find("officer-7")->roles, (std::vector<std::string>{"staff", "shift_lead"}));
  EXPECT_EQ(read->find("officer-8"), nullptr);
}

TEST_F(OfficersTest, KnowsTheRightPinFromAnother) {
  const std::string hash = hash_pin("2580", random_).value();
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(verify_pin("2580", hash));
  EXPECT_FALSE(verify_pin("2581", hash));
  EXPECT_FALSE(verify_pin("", hash));
  EXPECT_FALSE(verify_pin("2580", "not a hash"));
  EXPECT_NE(hash_pin("2580", random_).value(), hash) << "salted";
}

TEST_F(OfficersTest, RefusesPinsOfAnotherLength) {
  EXPECT_FALSE(hash_pin("123", random_));
  EXPECT_FALSE(hash_pin(std::string(33, '1'), random_));
}

TEST_F(OfficersTest, RefusesAFileThatOthersMayRead) {
  using std::filesystem::perms;
  for (const perms open : {perms::group_read, perms::others_read, perms::group_write}) {
    const auto read = Officers::read(write("", perms::owner_read | open));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::kForbidden);
  }
}

TEST_F(OfficersTest, SaysWhatIsWrongInTheFile) {
  const std::string good = "[[officer]]\nid = 'officer-7'\npin = '$argon2id$x'\n";
  EXPECT_TRUE(Officers::read(write(good)));
  for (const std::string& bad :
       {good + "langage = 'en'\n", good + good, good + "roles = ['boss']\n", good + "language = 'English'\n",
        std::string("[[officer]]\nid = 'officer-7'\npin = '2580'\n"),
        std::string("[[officer]]\nid = 'Officer 7'\npin = '$argon2id$x'\n")}) {
    const auto read = Officers::read(write(bad));
    ASSERT_FALSE(read) << bad;
    EXPECT_NE(read.error().message.find("officers.toml:"), std::string::npos) << read.error().message;
  }
}

TEST(PinGate, ClosesAfterFiveFailuresInARow) {
  PinGate gate;
  for (int i = 0; i < 4; ++i) gate.failed(1'000);
  EXPECT_EQ(gate.wait_ms(1'000), 0u);
  gate.passed();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(gate.wait_ms(1'000), 0u);
    gate.failed(1'000);
  }
  EXPECT_EQ(gate.wait_ms(1'000), 30'000u);
  EXPECT_EQ(gate.wait_ms(30'999), 1u);
  EXPECT_EQ(gate.wait_ms(31'000), 0u);
}

}  // namespace
}  // namespace crossline::agent
