// The pass over the plain form, against the parser that takes every form.
#include "plain.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/movement/record_limits.hpp"
#include "crossline/wire/event_codec.hpp"
#include "tests/support/sample_events.hpp"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace crossline::wire {
namespace {

using testing::event_of;
using testing::sample_movement;

movement::Event bare_event() {
  movement::Movement bare;
  bare.subject = testing::subject(3);
  movement::Event event = event_of(bare);
  event.beacon = {};
  event.officer.clear();
  return event;
}

movement::Event foreign_event() {
  movement::Movement movement = sample_movement();
  movement.articles.clear();
  movement.declared.goods.emplace();
  movement.declared.facts = {{"since", INT64_MAX / 2, ""}, {"until", INT64_MIN / 2, ""}};
  movement.document_valid_days = INT32_MIN;
  movement.edition = UINT32_MAX;
  movement::Event event = event_of(movement);
  event.officer = "\u043e\u0444\u0438\u0446\u0435\u0440";  // two bytes a letter
  event.boot_id = UINT64_MAX;
  return event;
}

LedgerEntry full_entry() {
  return {.event = encode_event(event_of(sample_movement())),
          .agent = "bridge-a-1",
          .received_at = {1'790'000'001'000},
          .occurred_at = {1'790'000'000'123},
          .verdict = movement::Verdict::kRefer,
          .articles = {"4(3)", "5"},
          .edition = crypto::Hash{},
          .state = StateAfter{.status = movement::Status::kBetween,
                              .came_from = movement::Side::kB,
                              .since = {1'790'000'000'123},
                              .since_index = LedgerIndex(77),
                              .since_checkpoint = "bridge",
                              .unmatched = true},
          .previous = LedgerIndex(0),
          .head_signature = crypto::Signature{},
          .conflict = true};
}

LedgerEntry bare_entry() {
  return {.event = "x",
          .agent = "office",
          .received_at = {1},
          .occurred_at = {},
          .verdict = {},
          .articles = {},
          .edition = {},
          .state = StateAfter{},
          .previous = {},
          .head_signature = {},
          .conflict = false};
}

TEST(PlainForm, IsWhatTheEncodersWrite) {
  for (const movement::Event& event : {event_of(sample_movement()), bare_event(), foreign_event()}) {
    movement::Event read;
    ASSERT_TRUE(read_plain_event(as_bytes(encode_event(event)), read));
    EXPECT_EQ(read, event);
  }
  for (const LedgerEntry& entry : {full_entry(), bare_entry()}) {
    LedgerEntry read;
    ASSERT_TRUE(read_plain_entry(as_bytes(encode_ledger_entry(entry)), read));
    EXPECT_EQ(read, entry);
  }
}

// `read` accepts nothing that `parse` refuses, and reads nothing otherwise. Returns how many altered inputs
// it accepted.
template <class Value>
std::size_t compare(const std::string& bytes, bool (*read)(ByteView, Value&),
                    Result<Value> (*parse)(ByteView), Result<Value> (*decode)(ByteView), std::uint32_t seed) {
  std::mt19937 random(seed);
  std::size_t accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string altered = bytes;
    for (auto changes = random() % 3; changes > 0; --changes)
      altered[random() % altered.size()] = static_cast<char>(random());
    if (random() % 4 == 0) altered.insert(random() % (altered.size() + 1), 1, static_cast<char>(random()));
    if (random() % 4 == 0) altered.erase(random() % altered.size(), random() % 4);
    if (random() % 8 == 0) altered += altered.substr(random() % altered.size(), random() % 20);
    Value value;
    const bool is_plain = read(as_bytes(altered), value);
    const auto parsed = parse(as_bytes(altered));
    const auto decoded = decode(as_bytes(altered));
    EXPECT_EQ(decoded.has_value(), parsed.has_value()) << to_hex(as_bytes(altered));
    if (decoded && parsed) {
      EXPECT_EQ(*decoded, *parsed) << to_hex(as_bytes(altered));
    } else if (!decoded && !parsed) {
      EXPECT_EQ(decoded.error(), parsed.error());
    }
    if (!is_plain) continue;
    ++accepted;
    EXPECT_TRUE(parsed && *parsed == value) << to_hex(as_bytes(altered));
  }
  return accepted;
}

TEST(PlainForm, IsReadAsTheParserReadsIt) {
  for (const movement::Event& event : {event_of(sample_movement()), bare_event(), foreign_event()})
    EXPECT_GT(compare(encode_event(event), read_plain_event, parse_event, decode_event, 1), 2'000U);
  for (const LedgerEntry& entry : {full_entry(), bare_entry()})
    EXPECT_GT(compare(encode_ledger_entry(entry), read_plain_entry, parse_entry, decode_ledger_entry, 2),
              2'000U);
}

// Every bound, on it and one beyond.
TEST(PlainForm, HasTheBoundsOfTheParser) {
  const auto check = [](bool fits, auto change) {
    movement::Event event = event_of(sample_movement());
    change(event, std::get<movement::Movement>(event.body));
    const std::string bytes = encode_event(event);
    movement::Event read;
    EXPECT_EQ(read_plain_event(as_bytes(bytes), read), fits);
    EXPECT_EQ(parse_event(as_bytes(bytes)).has_value(), fits);
  };
  using movement::Event;
  using movement::Movement;
  for (const std::size_t more : {0U, 1U}) {
    const bool fits = more == 0;
    const std::string name(movement::kMaxNameBytes + more, 'x');
    check(fits, [&](Event& event, Movement&) { event.agent = name; });
    check(fits, [&](Event& event, Movement&) { event.officer = name; });
    check(fits, [&](Event&, Movement& movement) { movement.category = name; });
    check(fits, [&](Event&, Movement& movement) { movement.articles = {name}; });
    check(fits, [&](Event&, Movement& movement) { movement.declared.goods->front().unit = name; });
    check(fits, [&](Event&, Movement& movement) {
      movement.articles.assign(limits::kMaxArticlesPerVerdict + more, "5");
    });
    check(fits,
          [&](Event&, Movement& movement) { movement.companions.resize(limits::kMaxCompanions + more); });
    check(fits, [&](Event&, Movement& movement) {
      movement.declared.goods->assign(limits::kMaxGoods + more, {"cash", "EUR", 1});
    });
    check(fits, [&](Event&, Movement& movement) {
      movement.declared.facts.assign(limits::kMaxDeclaredFacts + more, {"manifest", 1, ""});
    });
    check(fits, [&](Event&, Movement& movement) {
      movement.declared.goods->front().amount = movement::kMaxGoodsAmount + static_cast<std::int64_t>(more);
    });
    check(fits,
          [&](Event&, Movement& movement) { movement.age_years = static_cast<std::uint16_t>(150 + more); });
  }
  check(false, [](Event& event, Movement&) { event.agent.clear(); });
  check(false, [](Event& event, Movement&) { event.officer = "a\nb"; });
  check(false, [](Event& event, Movement&) { event.officer = "\xc0\xaf"; });
  check(false, [](Event&, Movement& movement) { movement.articles = {""}; });
}

// Other forms are as good, and read by the parser: the last value of a field that stands twice counts.
TEST(PlainForm, IsNotTheOnlyOne) {
  const std::string bytes = encode_event(event_of(sample_movement())) + std::string("\x12\x01y", 3);
  movement::Event read;
  EXPECT_FALSE(read_plain_event(as_bytes(bytes), read));
  const auto decoded = decode_event(as_bytes(bytes));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->agent, "y");
}

}  // namespace
}  // namespace crossline::wire
