// What a post sends to the server, before it is known who sent it.
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/link.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/sample_events.hpp"

namespace crossline::fuzz::wire_agent_frame {

std::vector<std::string> seeds() {
  const wire::Submit submit{.first_index = JournalIndex(41),
                            .events = {wire::encode_event(testing::event_of(testing::sample_movement()))},
                            .identities = {{0, {}, "identity"}},
                            .head_signature = {}};
  std::vector<std::string> all;
  for (const wire::AgentFrame& frame : std::initializer_list<wire::AgentFrame>{
           wire::Hello{.agent = "bridge-a-1",
                       .journal = {},
                       .replica_position = LedgerIndex(5),
                       .ledger = {TreeSize(4), {}},
                       .edition = crypto::Hash{},
                       .ledger_proven = TreeSize(2)},
           submit, wire::Consult{17, testing::asked_movement(), {1000}}, wire::Heartbeat{3, {99}, 4500},
           wire::Heartbeat{.unsent = 0,
                           .clock = {99},
                           .oldest_unsent_ms = 0,
                           .ledger_question = wire::LedgerQuestion{TreeSize(8), TreeSize(4)}}})
    all.push_back(wire::encode_agent_frame(frame));
  return all;
}

bool takes(std::string_view input) {
  return round_trips(input, wire::decode_agent_frame, wire::encode_agent_frame);
}

}  // namespace crossline::fuzz::wire_agent_frame
