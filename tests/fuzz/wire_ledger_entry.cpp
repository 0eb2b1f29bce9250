// A ledger entry's bytes are refused, or say what they say again.
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/sample_events.hpp"

namespace crossline::fuzz::wire_ledger_entry {

std::vector<std::string> seeds() {
  wire::LedgerEntry entry;
  entry.event = wire::encode_event(testing::event_of(testing::sample_movement()));
  entry.agent = "bridge-a-1";
  entry.received_at = {1'790'000'000'400};
  entry.occurred_at = {1'790'000'000'123};
  const std::string office = wire::encode_ledger_entry(entry);
  entry.verdict = movement::Verdict::kRefer;
  entry.articles = {"3(1)", "8(1)"};
  entry.state = wire::StateAfter{.status = movement::Status::kBetween,
                                 .since = {1'790'000'000'123},
                                 .since_index = LedgerIndex(7),
                                 .since_checkpoint = "bridge"};
  entry.previous = LedgerIndex(3);
  entry.head_signature = crypto::Signature{};
  entry.conflict = true;
  return {office, wire::encode_ledger_entry(entry)};
}

bool takes(std::string_view input) {
  return round_trips(input, wire::decode_ledger_entry, wire::encode_ledger_entry);
}

}  // namespace crossline::fuzz::wire_ledger_entry
