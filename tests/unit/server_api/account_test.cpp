#include "crossline/accounts/account.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::accounts {
namespace {

TEST(Role, HasANameThatReadsBack) {
  for (const Role role : kRoles) EXPECT_EQ(role_from(name_of(role)), role);
  EXPECT_EQ(role_from("Supervisor"), std::nullopt);
  EXPECT_EQ(role_from(""), std::nullopt);
}

TEST(Party, HasANameThatReadsBack) {
  for (const Party party : {Party::kA, Party::kB, Party::kGuarantor}) {
    EXPECT_EQ(party_from(name_of(party)), party);
  }
  EXPECT_EQ(party_from("a"), std::nullopt);
}

TEST(AccountName, IsAnIdentifier) {
  for (const char* name : {"a.supervisor1", "ab", "x-1_2.3"}) EXPECT_TRUE(check_name(name)) << name;
  EXPECT_TRUE(check_name(std::string(kMaxNameBytes, 'a')));
  for (const char* name : {"", "a", "1ab", ".ab", "Ab", "a b", "a/b", "a\nb", "\xD0\xB0\xD0\xB1"}) {
    EXPECT_FALSE(check_name(name)) << name;
  }
  EXPECT_FALSE(check_name(std::string(kMaxNameBytes + 1, 'a')));
}

TEST(Language, IsAShortTag) {
  EXPECT_TRUE(check_language("en"));
  EXPECT_TRUE(check_language("hye"));
  for (const char* language : {"", "e", "EN", "en-GB", "engl"}) EXPECT_FALSE(check_language(language));
}

TEST(Password, IsLongAndVariedEnough) {
  EXPECT_TRUE(check_password("correct horse battery", "a.lead"));
  EXPECT_TRUE(check_password("\xD0\xBF\xD0\xB5\xD1\x80\xD0\xB5\xD0\xBF\xD1\x80\xD0\xB0\xD0\xB2\xD0\xB0 42!",
                             "a.lead"));
  EXPECT_FALSE(check_password("", "a.lead"));
  EXPECT_FALSE(check_password("elevenchars", "a.lead"));
  EXPECT_FALSE(check_password("aaaaaaaabbbb", "a.lead"));
  EXPECT_FALSE(check_password("my A.LEAD password", "a.lead"));
}

TEST(Password, CountsCharactersNotBytes) {
  // Eleven Cyrillic letters are twenty-two bytes.
  EXPECT_FALSE(check_password(
      "\xD0\xBF\xD0\xB5\xD1\x80\xD0\xB5\xD0\xBF\xD1\x80\xD0\xB0\xD0\xB2\xD0\xB0\xD0\xB1\xD0\xB2", "a.lead"));
}

TEST(Password, IsBoundedText) {
  EXPECT_TRUE(check_password("0123456789" + std::string(kMaxPasswordBytes - 10, 'x'), "a.lead"));
  EXPECT_FALSE(check_password("0123456789" + std::string(kMaxPasswordBytes - 9, 'x'), "a.lead"));
  EXPECT_FALSE(check_password("tab\tis not allowed", "a.lead"));
  EXPECT_FALSE(check_password(std::string("zero byte \0 inside", 18), "a.lead"));
  EXPECT_FALSE(check_password("broken \xC3( encoding", "a.lead"));
}

TEST(Password, IsNotRepeatedInTheError) {
  const auto refused = check_password("short-secr", "a.lead");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message.find("short-secr"), std::string::npos);
}

}  // namespace
}  // namespace crossline::accounts
