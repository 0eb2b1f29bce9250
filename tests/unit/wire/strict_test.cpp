// Which fields are known is read from the bytes; protobuf's own reflection is the reference.
#include "strict.hpp"

#include "crossline/v1/event.pb.h"
#include "crossline/v1/ledger.pb.h"
#include "crossline/v1/link.pb.h"
#include "crossline/wire/event_codec.hpp"
#include "tests/support/sample_events.hpp"

#include <random>
#include <string>

#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

namespace crossline::wire {
namespace {

namespace pb = crossline::v1;
using google::protobuf::Message;

bool has_unknown_fields(const Message& message) {
  const auto* reflection = message.GetReflection();
  if (!reflection->GetUnknownFields(message).empty()) return true;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->message_type() == nullptr) continue;
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (has_unknown_fields(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                                  : reflection->GetMessage(message, field)))
        return true;
    }
  }
  return false;
}

// Changes bytes at random and compares wherever the result is still a message.
template <class Type>
std::size_t compare(const std::string& bytes, std::uint32_t seed) {
  std::mt19937 random(seed);
  const MessageShape shape(*Type::descriptor());
  std::size_t parsed = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string altered = bytes;
    for (auto changes = random() % 3; changes > 0 && !altered.empty(); --changes)
      altered[random() % altered.size()] = static_cast<char>(random());
    if (random() % 4 == 0) altered.insert(random() % (altered.size() + 1), 1, static_cast<char>(random()));
    if (random() % 4 == 0) altered.resize(random() % (altered.size() + 1));
    Type message;
    if (!message.ParseFromString(altered)) continue;
    ++parsed;
    EXPECT_EQ(shape.knows(as_bytes(altered)), !has_unknown_fields(message)) << to_hex(as_bytes(altered));
  }
  return parsed;
}

TEST(MessageShape, AgreesWithReflectionOnAlteredMessages) {
  movement::Event event{.agent = "bridge-a-1",
                        .journal_index = JournalIndex(7),
                        .recorded_at = {1'790'000'000'000},
                        .steady_ms = 5,
                        .boot_id = 6,
                        .beacon = {},
                        .officer = "o",
                        .body = testing::sample_movement()};
  const std::string movement = encode_event(event);
  EXPECT_GT(compare<pb::Event>(movement, 1), 1'000U);
  pb::LedgerEntry entry;
  entry.set_event(movement);
  entry.set_agent("bridge-a-1");
  entry.set_verdict(pb::VERDICT_ALLOW);
  entry.add_articles("3(1)");
  entry.mutable_state()->set_since_checkpoint("bridge");
  entry.mutable_state()->set_unmatched(true);
  EXPECT_GT(compare<pb::LedgerEntry>(entry.SerializeAsString(), 2), 1'000U);
  pb::ServerFrame frame;
  pb::ReplicaUpdate& update = *frame.mutable_replica();
  update.set_to(9);
  update.add_changes()->mutable_passage()->set_checkpoint("bridge");
  update.add_changes()->mutable_listing()->set_list("hold");
  EXPECT_GT(compare<pb::ServerFrame>(frame.SerializeAsString(), 3), 1'000U);
}

}  // namespace
}  // namespace crossline::wire
