#include "crossline/wire/event_codec.hpp"

#include "crossline/base/limits.hpp"
#include "tests/support/decoding.hpp"
#include "tests/support/sample_events.hpp"

#include <gtest/gtest.h>

namespace crossline::wire {
namespace {

using testing::event_of;
using testing::sample_events;
using testing::sample_movement;

TEST(EventCodec, RoundTripsEveryKindOfEvent) {
  for (const movement::Event& event : sample_events()) {
    const std::string bytes = encode_event(event);
    const auto decoded = decode_event(as_bytes(bytes));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(*decoded, event);
    EXPECT_EQ(encode_event(*decoded), bytes);
  }
}

TEST(EventCodec, SurvivesDamage) {
  for (const movement::Event& event : sample_events()) {
    testing::survives_damage(
        encode_event(event), [](ByteView bytes) { return decode_event(bytes); },
        [](const movement::Event& decoded) { return encode_event(decoded); });
  }
}

TEST(EventCodec, KeepsAnEventOfOneScanSmall) {
  movement::Movement movement = sample_movement();
  movement.companions.clear();
  movement.group.reset();
  movement.local_verdict.reset();
  movement.declared = {};  // a post of most lines declares nothing
  EXPECT_LE(encode_event(event_of(movement)).size(), 210u);
}

Error error_of(const std::string& bytes) {
  const auto decoded = decode_event(as_bytes(bytes));
  EXPECT_FALSE(decoded);
  return decoded ? Error{} : decoded.error();
}

TEST(EventCodec, RefusesAnotherSchemaVersion) {
  std::string bytes = encode_event(event_of(sample_movement()));
  ASSERT_EQ(bytes[1], '\x01');
  bytes[1] = '\x02';
  EXPECT_EQ(error_of(bytes).code, ErrorCode::kUnsupported);
}

TEST(EventCodec, RefusesAnUnknownFieldAtAnyDepth) {
  const std::string unknown_field("\x98\x3e\x01", 3);  // field 995, varint 1
  EXPECT_NE(error_of(encode_event(event_of(sample_movement())) + unknown_field).message.find("does not know"),
            std::string::npos);
  const std::string inner(std::string("\x52\x03", 2) +
                          unknown_field);  // body correction holding only an unknown field
  movement::Event event = event_of(movement::JournalHeartbeat{1});
  EXPECT_NE(error_of(encode_event(event) + inner).message.find("does not know"), std::string::npos);
}

TEST(EventCodec, NamesTheFieldThatIsWrong) {
  movement::Event event = event_of(sample_movement());
  event.agent.clear();
  EXPECT_EQ(error_of(encode_event(event)).message, "agent: missing");

  event = event_of(sample_movement());
  event.officer = std::string(movement::kMaxNameBytes + 1, 'x');
  EXPECT_EQ(error_of(encode_event(event)).message, "officer: 65 bytes, at most 64 are allowed");

  event = event_of(sample_movement());
  event.officer = "a\nb";
  EXPECT_EQ(error_of(encode_event(event)).message, "officer: holds a control character");

  event = event_of(movement::Closure{"bridge", false, {2000}, {1000}, "", "A"});
  EXPECT_EQ(error_of(encode_event(event)).message, "closure: ends before it begins");

  event = event_of(sample_movement());
  std::get<movement::Movement>(event.body).age_years = 200;
  EXPECT_EQ(error_of(encode_event(event)).message, "age_years: 200, at most 150 is allowed");

  event = event_of(sample_movement());
  std::get<movement::Movement>(event.body).companions.resize(limits::kMaxCompanions + 1);
  EXPECT_EQ(error_of(encode_event(event)).message, "companions: 33, at most 32 are allowed");
}

TEST(EventCodec, RefusesAnEventWithoutBodyAndOneTooLarge) {
  EXPECT_EQ(error_of(std::string("\x08\x01\x12\x01x", 5)).message, "event: has no body");
  EXPECT_EQ(error_of(std::string(limits::kMaxEventBytes + 1, '\0')).code, ErrorCode::kMalformed);
}

Identity sample_identity() {
  return {.document_kind = "passport",
          .document_issuer = "XAA",
          .document_number = "AB1234567",
          .primary_name = "TRAVELLER",
          .secondary_name = "TEST",
          .birth_date = "9001<<",
          .expiry_date = "300101",
          .nationality = "XAA",
          .sex = movement::Sex::kMale};
}

TEST(IdentityCodec, RoundTripsAndSurvivesDamage) {
  const std::string bytes = encode_identity(sample_identity());
  const auto decoded = decode_identity(as_bytes(bytes));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, sample_identity());
  testing::survives_damage(
      bytes, [](ByteView view) { return decode_identity(view); },
      [](const Identity& identity) { return encode_identity(identity); });
}

TEST(IdentityCodec, RefusesOneWithoutNumber) {
  Identity identity = sample_identity();
  identity.document_number.clear();
  EXPECT_FALSE(decode_identity(as_bytes(encode_identity(identity))));
}

}  // namespace
}  // namespace crossline::wire
