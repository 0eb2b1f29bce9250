#include "crossline/wire/ledger_codec.hpp"

#include "crossline/wire/event_codec.hpp"
#include "tests/support/decoding.hpp"
#include "tests/support/sample_events.hpp"

#include <gtest/gtest.h>

namespace crossline::wire {
namespace {

LedgerEntry sample_entry() {
  LedgerEntry entry;
  entry.event = encode_event(testing::event_of(testing::sample_movement()));
  entry.agent = "bridge-a-1";
  entry.received_at = {1'790'000'001'000};
  entry.occurred_at = {1'790'000'000'123};
  entry.verdict = movement::Verdict::kRefer;
  entry.articles = {"4(3)"};
  entry.edition.bytes.fill(9);
  entry.state = StateAfter{.status = movement::Status::kBetween,
                           .came_from = movement::Side::kB,
                           .since = {1'790'000'000'123},
                           .since_index = LedgerIndex(77),
                           .since_checkpoint = "bridge",
                           .unmatched = false};
  entry.previous = LedgerIndex(0);
  entry.head_signature = crypto::Signature{};
  entry.head_signature->bytes.fill(3);
  entry.conflict = true;
  return entry;
}

TEST(LedgerCodec, RoundTripsAFullAndABareEntry) {
  for (LedgerEntry entry : {sample_entry(), LedgerEntry{.event = "x",
                                                        .agent = "office",
                                                        .received_at = {1},
                                                        .occurred_at = {1},
                                                        .verdict = {},
                                                        .articles = {},
                                                        .edition = {},
                                                        .state = {},
                                                        .previous = {},
                                                        .head_signature = {},
                                                        .conflict = false}}) {
    const auto decoded = decode_ledger_entry(as_bytes(encode_ledger_entry(entry)));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(*decoded, entry);
  }
}

TEST(LedgerCodec, TellsAPreviousEntryZeroFromNone) {
  LedgerEntry entry = sample_entry();
  entry.previous.reset();
  EXPECT_EQ(decode_ledger_entry(as_bytes(encode_ledger_entry(entry)))->previous, std::nullopt);
}

TEST(LedgerCodec, SurvivesDamage) {
  testing::survives_damage(
      encode_ledger_entry(sample_entry()), [](ByteView bytes) { return decode_ledger_entry(bytes); },
      [](const LedgerEntry& entry) { return encode_ledger_entry(entry); });
}

TEST(LedgerCodec, RefusesAnEntryWithoutEvent) {
  LedgerEntry entry = sample_entry();
  entry.event.clear();
  EXPECT_FALSE(decode_ledger_entry(as_bytes(encode_ledger_entry(entry))));
}

}  // namespace
}  // namespace crossline::wire
