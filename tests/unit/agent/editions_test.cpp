// Editions that the server hands over: each post verifies them for itself, and changes over at their instant.
#include "tests/support/agent/desk.hpp"
#include "tests/support/signing_parties.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

using testing::chained_edition;
using testing::Desk;
using testing::signed_edition;

// Two minutes before the second edition begins.
constexpr UtcMillis kSecondBegins = testing::kSampleUntil;

class PostEditionsTest : public ::testing::Test {
 protected:
  PostEditionsTest() {
    desk_.configured = {signed_edition(1), testing::party_keys()};
    desk_.clock().set_wall(kSecondBegins.plus(-120'000));
    desk_.restart();
    desk_.start_shift();
    desk_.connect();
  }
  void offer(std::string sealed, std::string envelope) {
    const LedgerIndex position = desk_.station().replica().position();
    desk_.say(wire::ReplicaUpdate{.from = position,
                                  .to = position,
                                  .changes = {},
                                  .closures = {},
                                  .edition = std::move(sealed),
                                  .edition_envelope = std::move(envelope)});
  }
  [[nodiscard]] std::uint64_t number() { return desk_.station().edition().number(); }
  [[nodiscard]] bool has_alarm() {
    return std::ranges::any_of(desk_.station().alarms().all(),
                               [](const Alarm& alarm) { return alarm.code == AlarmCode::kEditionRefused; });
  }
  // What the server was last told.
  [[nodiscard]] wire::EditionReport told() {
    for (auto heartbeat = desk_.server().heartbeats().rbegin();
         heartbeat != desk_.server().heartbeats().rend(); ++heartbeat)
      if (heartbeat->editions) return *heartbeat->editions;
    return {};
  }
  static crypto::Hash hash_of_edition(int number) {
    return crypto::sha256(as_bytes(chained_edition(number)));
  }

  Desk desk_;
};

TEST_F(PostEditionsTest, TakesTheNextEditionAndWorksByItFromItsInstantOn) {
  offer({}, signed_edition(2));
  EXPECT_EQ(number(), 1u);
  EXPECT_EQ(told().newest, hash_of_edition(2)) << "said at once";
  EXPECT_EQ(told().enforced, hash_of_edition(1));
  EXPECT_LE(desk_.station().next_deadline_ms(), desk_.station().steady_ms() + 120'000);
  desk_.wait_ms(119'999, 1'000);
  EXPECT_EQ(number(), 1u);
  EXPECT_EQ(desk_.scan(testing::Specimen()).shown->edition, 1u);
  desk_.wait_ms(1);
  EXPECT_EQ(number(), 2u);
  EXPECT_EQ(told().enforced, hash_of_edition(2)) << "without a restart, and without being asked";
}

TEST_F(PostEditionsTest, KeepsTheNextEditionOverARestart) {
  offer({}, signed_edition(2));
  desk_.restart();
  EXPECT_EQ(number(), 1u);
  desk_.clock().set_wall(kSecondBegins);
  EXPECT_EQ(number(), 2u);
  EXPECT_FALSE(has_alarm());
}

TEST_F(PostEditionsTest, ChangesOverWhileTheLinkIsDown) {
  offer({}, signed_edition(2));
  desk_.cut();
  desk_.wait_ms(120'000, 1'000);
  EXPECT_EQ(number(), 2u);
}

TEST_F(PostEditionsTest, RefusesAnEditionThatWasAlteredOnTheWay) {
  adoption::Envelope envelope = adoption::Envelope::parse(signed_edition(2)).value();
  const std::string name = "Northern Authority";
  const auto place = std::ranges::search(envelope.payload, as_bytes(name)).begin();
  ASSERT_NE(place, envelope.payload.end());
  *place = 'S';
  offer({}, envelope.to_json());
  EXPECT_TRUE(has_alarm());
  EXPECT_EQ(desk_.station().editions().editions().size(), 1u);
  ASSERT_TRUE(told().refused.has_value());
  EXPECT_EQ(told().refused->hash, crypto::sha256(envelope.payload));
  EXPECT_EQ(told().refused->reason, "bad_signature");
  offer({}, signed_edition(2));
  EXPECT_FALSE(has_alarm()) << "the true one is still welcome";
  EXPECT_FALSE(told().refused.has_value());
}

TEST_F(PostEditionsTest, DoesNotTakeTheServersWordForSignatures) {
  offer(chained_edition(2), {});
  EXPECT_TRUE(has_alarm());
  EXPECT_EQ(told().refused->reason, "too_few_signatures");
  offer({}, testing::signed_envelope(chained_edition(2), {{"A", 3}, {"B", 1}, {"G", 1}}));
  EXPECT_EQ(told().refused->reason, "too_few_signatures");
  offer({}, signed_edition(3));
  EXPECT_EQ(told().refused->reason, "skipped_edition");
  EXPECT_EQ(desk_.station().editions().editions().size(), 1u);
}

TEST_F(PostEditionsTest, HearsOfAnEditionTwiceWithoutAlarm) {
  offer({}, signed_edition(1));
  offer(chained_edition(1), {});
  offer({}, signed_edition(2));
  offer({}, signed_edition(1));
  EXPECT_FALSE(has_alarm());
}

TEST_F(PostEditionsTest, DoesNotUseWhatItCouldNotStore) {
  desk_.replica().set_full(true);
  offer({}, signed_edition(2));
  EXPECT_EQ(desk_.station().editions().editions().size(), 1u);
  desk_.replica().set_full(false);
  offer({}, signed_edition(2));
  EXPECT_EQ(desk_.station().editions().editions().size(), 2u);
}

TEST_F(PostEditionsTest, SaysSoWhenAStoredEditionNoLongerVerifies) {
  ASSERT_TRUE(desk_.replica().put_edition(
      {.number = 2,
       .enveloped = true,
       .bytes = testing::signed_envelope(chained_edition(2), {{"A", 1}, {"B", 2}, {"G", 1}})}));
  desk_.restart();
  EXPECT_TRUE(has_alarm());
  EXPECT_EQ(number(), 1u) << "it goes on with what its own file says";
}

TEST_F(PostEditionsTest, DoesNotStartOnAFileThatDoesNotVerify) {
  desk_.configured.text = testing::signed_envelope(chained_edition(1), {{"A", 2}, {"B", 2}});
  const auto opened = desk_.try_open();
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(opened.error().message.find("too_few_signatures"), std::string::npos) << opened.error().message;
}

TEST_F(PostEditionsTest, WithoutKeysAnEnvelopeIsWorthWhatASealedEditionIs) {
  desk_.configured = {chained_edition(1), std::nullopt};
  desk_.restart();
  desk_.connect();
  offer({}, signed_edition(2));
  EXPECT_EQ(desk_.station().editions().editions().size(), 2u);
  offer(chained_edition(3), {});
  EXPECT_EQ(desk_.station().editions().newest()->number(), 3u);
  desk_.restart();
  EXPECT_EQ(desk_.station().editions().editions().size(), 3u)
      << "the one that decides now is still among them";
}

}  // namespace
}  // namespace crossline::agent
