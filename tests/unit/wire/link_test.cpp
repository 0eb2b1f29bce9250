#include "crossline/wire/link.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/wire/event_codec.hpp"
#include "tests/support/decoding.hpp"
#include "tests/support/sample_events.hpp"

#include <gtest/gtest.h>

namespace crossline::wire {
namespace {

SignedHead sample_head() {
  SignedHead head;
  head.head.size = TreeSize(9);
  head.head.root.bytes.fill(1);
  head.signature.bytes.fill(2);
  return head;
}

crypto::Hash sample_hash() {
  crypto::Hash hash;
  hash.bytes.fill(6);
  return hash;
}

std::vector<AgentFrame> agent_frames() {
  crypto::Opening opening{};
  opening.fill(8);
  return {Hello{.agent = "bridge-a-1",
                .journal = sample_head(),
                .replica_position = LedgerIndex(5),
                .ledger = {TreeSize(4), sample_hash()},
                .edition = sample_hash(),
                .ledger_proven = TreeSize(3)},
          Hello{.agent = "bridge-a-1", .journal = {}, .replica_position = {}, .ledger = {}, .edition = {}},
          Hello{.agent = "bridge-a-1",
                .journal = {},
                .replica_position = {},
                .ledger = {},
                .edition = sample_hash(),
                .editions = EditionReport{sample_hash(), sample_hash(), std::nullopt}},
          Submit{JournalIndex(3), {"one", "two"}, {{1, opening, "identity"}}, sample_head().signature},
          Consult{17, testing::asked_movement(), {1000}},
          Heartbeat{3, {99}, 4500},
          Heartbeat{3,
                    {99},
                    0,
                    EditionReport{sample_hash(), sample_hash(),
                                  RefusedEdition{sample_hash(), "too_few_signatures"}}},
          Heartbeat{.unsent = 0,
                    .clock = {7},
                    .oldest_unsent_ms = 0,
                    .ledger_question = LedgerQuestion{TreeSize(3), TreeSize(2)}}};
}

// One of each kind.
std::vector<movement::RecordChange> record_changes() {
  const auto change = [](std::uint64_t entry, auto what) {
    return movement::RecordChange{
        testing::subject(1), {{10}, 0xffff'0000'0000'0001}, LedgerIndex(entry), std::move(what)};
  };
  return {change(1, movement::Passage{{"bridge", movement::PostSide::kJoint},
                                      movement::Direction::kBToA,
                                      -3,
                                      {{"cash", "EUR", 400}}}),
          change(2, movement::TakenBack{0x1234'5678'9abc'def0}),
          change(3, movement::Listing{"hold", true}),
          change(4, movement::StatusWord{movement::Side::kB, movement::Side::kA, 20'000}),
          change(4, movement::PermitWord{"humanitarian", "A", false, {1}, {2}}),
          change(4, movement::OverrideWord{"4(3)", "B.shift_lead", 77}),
          change(5, movement::NoticeWord{movement::NoticeStep::kObjected, "B"})};
}

std::vector<ServerFrame> server_frames() {
  return {
      Welcome{
          .next_index = JournalIndex(4), .clock = {88}, .ledger = sample_head(), .edition = sample_hash()},
      Welcome{.next_index = {}, .clock = {88}, .ledger = {}, .edition = {}},
      Welcome{.next_index = {},
              .clock = {88},
              .ledger = {},
              .edition = {},
              .proofs = {{sample_hash(), sample_hash()}, {sample_hash()}}},
      LedgerDispute{.ledger = sample_head()},
      LedgerDispute{
          .ledger = sample_head(), .root = sample_hash(), .consistency = {sample_hash(), sample_hash()}},
      Answer{JournalIndex(3),
             {{movement::Verdict::kAllow, {"3(1)"}, LedgerIndex(0), false}, {{}, {}, LedgerIndex(1), true}},
             sample_head()},
      ConsultAnswer{17, movement::Verdict::kRefer, {"8(1)"}, movement::Status::kBetween, 3},
      ReplicaUpdate{LedgerIndex(1),
                    LedgerIndex(5),
                    record_changes(),
                    {{"valley", false, {1}, {2}, "fog", "A"}},
                    {{"patients", "bridge-a-1", 20'000, 12, "A", "the clinic", 3}},
                    "sealed"},
      ReplicaUpdate{LedgerIndex(1), LedgerIndex(2), {}, {}, {}, "", "{\"payload\":\"\"}"},
      Heartbeat{0, {7}, 0},
      Heartbeat{
          .unsent = 0,
          .clock = {7},
          .oldest_unsent_ms = 0,
          .ledger_reply = LedgerReply{{TreeSize(3), TreeSize(0)}, sample_head(), {{sample_hash()}, {}}}},
      LinkError{"forked", "two histories", false}};
}

TEST(Link, RoundTripsEveryFrame) {
  for (const AgentFrame& frame : agent_frames()) {
    const auto decoded = decode_agent_frame(as_bytes(encode_agent_frame(frame)));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_TRUE(*decoded == frame) << frame.index();
  }
  for (const ServerFrame& frame : server_frames()) {
    const auto decoded = decode_server_frame(as_bytes(encode_server_frame(frame)));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_TRUE(*decoded == frame) << frame.index();
  }
}

TEST(Link, SurvivesDamage) {
  for (const AgentFrame& frame : agent_frames()) {
    testing::survives_damage(
        encode_agent_frame(frame), [](ByteView bytes) { return decode_agent_frame(bytes); },
        [](const AgentFrame& decoded) { return encode_agent_frame(decoded); });
  }
  for (const ServerFrame& frame : server_frames()) {
    testing::survives_damage(
        encode_server_frame(frame), [](ByteView bytes) { return decode_server_frame(bytes); },
        [](const ServerFrame& decoded) { return encode_server_frame(decoded); });
  }
}

TEST(Link, RefusesAnUnknownProtocolVersion) {
  const auto hello = decode_agent_frame(as_bytes(encode_agent_frame(Hello{
      .protocol = 2, .agent = "x", .journal = {}, .replica_position = {}, .ledger = {}, .edition = {}})));
  ASSERT_FALSE(hello);
  EXPECT_EQ(hello.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(hello.error().message, "hello: protocol 2, this build speaks 1");
}

TEST(Link, RefusesASubmissionOutOfBounds) {
  Submit submit{JournalIndex(0), {}, {}, {}};
  EXPECT_FALSE(decode_agent_frame(as_bytes(encode_agent_frame(submit))));
  submit.events.assign(limits::kMaxEventsPerSubmission + 1, "e");
  EXPECT_FALSE(decode_agent_frame(as_bytes(encode_agent_frame(submit))));
  submit.events = {"e"};
  submit.identities = {{1, {}, "identity"}};
  EXPECT_EQ(decode_agent_frame(as_bytes(encode_agent_frame(submit))).error().message,
            "submit: an identity for event 1 of 1");
}

TEST(Link, RefusesAProvenHeadLargerThanTheOneSeen) {
  const Hello hello{.agent = "bridge-a-1",
                    .journal = {},
                    .replica_position = {},
                    .ledger = {TreeSize(4), sample_hash()},
                    .edition = {},
                    .ledger_proven = TreeSize(5)};
  Heartbeat heartbeat;
  heartbeat.ledger_question = LedgerQuestion{TreeSize(4), TreeSize(5)};
  for (const AgentFrame& frame : std::initializer_list<AgentFrame>{hello, heartbeat})
    EXPECT_EQ(decode_agent_frame(as_bytes(encode_agent_frame(frame))).error().code, ErrorCode::kMalformed);
}

TEST(Link, RefusesAProofLongerThanAnyTreeNeeds) {
  const std::vector<crypto::Hash> longer(limits::kMaxProofHashes + 1, sample_hash());
  Heartbeat heartbeat;
  const LedgerReply reply{{TreeSize(3), TreeSize(2)}, sample_head(), {}};
  for (const LedgerProofs& proofs : {LedgerProofs{longer, {}}, LedgerProofs{{}, longer}}) {
    heartbeat.ledger_reply = reply;
    heartbeat.ledger_reply->proofs = proofs;
    EXPECT_EQ(decode_server_frame(as_bytes(encode_server_frame(heartbeat))).error().code,
              ErrorCode::kMalformed);
    const Welcome welcome{
        .next_index = {}, .clock = {}, .ledger = sample_head(), .edition = {}, .proofs = proofs};
    EXPECT_EQ(decode_server_frame(as_bytes(encode_server_frame(welcome))).error().code,
              ErrorCode::kMalformed);
  }
}

TEST(Link, RefusesAnEmptyFrame) {
  EXPECT_EQ(decode_agent_frame({}).error().message, "frame: holds no message");
  EXPECT_EQ(decode_server_frame({}).error().message, "frame: holds no message");
}

}  // namespace
}  // namespace crossline::wire
