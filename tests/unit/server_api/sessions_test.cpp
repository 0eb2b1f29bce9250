#include "crossline/accounts/sessions.hpp"

#include "crossline/accounts/password.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/seeded_random.hpp"
#include "tests/support/server/memory_accounts.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::accounts {
namespace {

constexpr std::string_view kPassword = "correct horse battery";
constexpr std::string_view kHere = "192.0.2.7";

class SessionsTest : public ::testing::Test {
 protected:
  SessionsTest() { open_account("a.lead"); }

  void open_account(const std::string& name) {
    const auto hash = hash_password(kPassword, random_);
    ASSERT_TRUE(hash);
    Account account;
    account.name = name;
    account.role = Role::kShiftLead;
    account.password_hash = *hash;
    ASSERT_TRUE(store_.add(account));
  }
  void disable(const std::string& name) {
    auto account = store_.find(name);
    (*account)->disabled = true;
    ASSERT_TRUE(store_.update(**account));
  }
  SessionToken signed_in() {
    const auto session = sessions_.sign_in("a.lead", kPassword);
    EXPECT_TRUE(session) << session.error().to_string();
    return session->token;
  }
  ErrorCode refusal_of(const SessionToken& token) {
    const auto principal = sessions_.authenticate(token);
    EXPECT_FALSE(principal);
    return principal ? ErrorCode::kInvalidArgument : principal.error().code;
  }

  testing::ManualClock clock_;
  testing::SeededRandom random_{1};
  testing::MemoryAccounts store_;
  Sessions sessions_{store_, clock_, random_};
};

TEST_F(SessionsTest, KnowWhoSignedIn) {
  const SessionToken token = signed_in();
  const auto principal = sessions_.authenticate(token);
  ASSERT_TRUE(principal);
  EXPECT_EQ(principal->account, "a.lead");
  EXPECT_EQ(principal->role, Role::kShiftLead);
  EXPECT_EQ(principal->session_ends_at, clock_.now().plus(kSessionLimitMs));
}

TEST_F(SessionsTest, RefuseAWrongPasswordAnUnknownNameAndADisabledAccountAlike) {
  open_account("b.lead");
  disable("b.lead");
  const auto wrong = sessions_.sign_in("a.lead", "wrong horse battery");
  const auto unknown = sessions_.sign_in("c.lead", kPassword);
  const auto disabled = sessions_.sign_in("b.lead", kPassword);
  ASSERT_FALSE(wrong || unknown || disabled);
  EXPECT_EQ(wrong.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(unknown.error(), wrong.error());
  EXPECT_EQ(disabled.error(), wrong.error());
}

TEST_F(SessionsTest, EndAfterFifteenIdleMinutes) {
  const SessionToken token = signed_in();
  clock_.advance(kIdleLimitMs - 1);
  EXPECT_TRUE(sessions_.authenticate(token));
  clock_.advance(kIdleLimitMs);
  EXPECT_EQ(refusal_of(token), ErrorCode::kUnauthenticated);
}

TEST_F(SessionsTest, AreNotProlongedByALook) {
  const SessionToken token = signed_in();
  clock_.advance(kIdleLimitMs - 1);
  EXPECT_TRUE(sessions_.authenticate(token, Use::kLooks));
  clock_.advance(1);
  EXPECT_EQ(refusal_of(token), ErrorCode::kUnauthenticated);
}

TEST_F(SessionsTest, EndAfterEightHoursHoweverBusy) {
  const SessionToken token = signed_in();
  for (std::int64_t used_ms = 0; used_ms < kSessionLimitMs; used_ms += kIdleLimitMs / 2) {
    ASSERT_TRUE(sessions_.authenticate(token)) << used_ms;
    clock_.advance(kIdleLimitMs / 2);
  }
  EXPECT_EQ(refusal_of(token), ErrorCode::kUnauthenticated);
  EXPECT_EQ(*store_.find_session(crypto::sha256(token.bytes)), std::nullopt);
}

TEST_F(SessionsTest, EndWithSignOut) {
  const SessionToken token = signed_in();
  ASSERT_TRUE(sessions_.sign_out(token));
  EXPECT_EQ(refusal_of(token), ErrorCode::kUnauthenticated);
  EXPECT_TRUE(sessions_.sign_out(token));
}

TEST_F(SessionsTest, EndWhenTheAccountIsDisabled) {
  const SessionToken token = signed_in();
  disable("a.lead");
  EXPECT_EQ(refusal_of(token), ErrorCode::kUnauthenticated);
}

TEST_F(SessionsTest, AreKeptWithoutTheirTokens) {
  const SessionToken token = signed_in();
  crypto::Hash as_kept;
  as_kept.bytes = token.bytes;
  EXPECT_EQ(*store_.find_session(as_kept), std::nullopt);
}

TEST_F(SessionsTest, AreBoundedPerAccount) {
  const SessionToken first = signed_in();
  for (std::size_t i = 0; i < kMaxSessionsPerAccount; ++i) {
    clock_.advance(1);
    (void)signed_in();
  }
  EXPECT_EQ(refusal_of(first), ErrorCode::kUnauthenticated);
}

TEST_F(SessionsTest, AreSweptOnceExpired) {
  (void)signed_in();
  clock_.advance(kIdleLimitMs + 1);
  const SessionToken fresh = signed_in();
  EXPECT_EQ(*sessions_.sweep(), 1u);
  EXPECT_TRUE(sessions_.authenticate(fresh));
}

TEST_F(SessionsTest, SlowDownGuessesAtOneAccountFromManyAddresses) {
  int free_attempts = 0;
  while (sessions_.wait_ms("a.lead", "192.0.2." + std::to_string(free_attempts)) == 0) ++free_attempts;
  EXPECT_EQ(free_attempts, 10);
  clock_.advance(static_cast<std::int64_t>(sessions_.wait_ms("a.lead", "198.51.100.1")));
  EXPECT_EQ(sessions_.wait_ms("a.lead", "198.51.100.2"), 0u);
}

TEST_F(SessionsTest, SlowDownGuessesAtManyAccountsFromOneAddress) {
  int free_attempts = 0;
  while (sessions_.wait_ms("user" + std::to_string(free_attempts), kHere) == 0) ++free_attempts;
  EXPECT_EQ(free_attempts, 30);
}

TEST_F(SessionsTest, ForgiveTheAccountThatSignedIn) {
  while (sessions_.wait_ms("a.lead", kHere) == 0) continue;
  (void)signed_in();
  EXPECT_EQ(sessions_.wait_ms("a.lead", "198.51.100.1"), 0u);
}

TEST(SessionToken, ReadsOnlyItsOwnHex) {
  SessionToken token;
  token.bytes.fill(0xA5);
  EXPECT_EQ(token_from_hex(token.hex())->bytes, token.bytes);
  EXPECT_FALSE(token_from_hex(""));
  EXPECT_FALSE(token_from_hex(token.hex().substr(1)));
  EXPECT_FALSE(token_from_hex(token.hex() + "00"));
  std::string broken = token.hex();
  broken.front() = 'g';
  EXPECT_FALSE(token_from_hex(broken));
}

TEST(CsrfToken, DependsOnTheSessionAndDoesNotOpenIt) {
  SessionToken token;
  SessionToken other;
  other.bytes.fill(1);
  EXPECT_NE(csrf_token_of(token), csrf_token_of(other));
  EXPECT_NE(csrf_token_of(token), token.hex());
  EXPECT_EQ(csrf_token_of(token).size(), 64u);
}

}  // namespace
}  // namespace crossline::accounts
