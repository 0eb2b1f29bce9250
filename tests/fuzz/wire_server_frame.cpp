// What a server, or whoever claims to be it, sends to a post.
#include "crossline/wire/link.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/sample_changes.hpp"
#include "tests/support/sample_events.hpp"

namespace crossline::fuzz::wire_server_frame {

std::vector<std::string> seeds() {
  wire::ReplicaUpdate update;
  update.from = LedgerIndex(1);
  update.to = LedgerIndex(5);
  update.changes = {testing::listing_of(testing::subject(1), "hold")};
  update.changes.front().key = {{10}, 7};
  update.closures = {{"valley", false, {1}, {2}, "fog", "A"}};
  update.leases = {{"patients", "bridge-a-1", 20'000, 12, "A", "the clinic", 3}};
  update.edition = "sealed";
  std::vector<std::string> all;
  for (const wire::ServerFrame& frame : std::initializer_list<wire::ServerFrame>{
           wire::Welcome{.next_index = JournalIndex(4),
                         .clock = {88},
                         .ledger = {},
                         .edition = crypto::Hash{},
                         .proofs = {{crypto::Hash{}}, {crypto::Hash{}, crypto::Hash{}}}},
           wire::Answer{JournalIndex(3),
                        {{movement::Verdict::kAllow, {"3(1)"}, LedgerIndex(0), false}},
                        {{TreeSize(1), {}}, {}}},
           wire::ConsultAnswer{17, movement::Verdict::kRefer, {"8(1)"}, movement::Status::kBetween, 3},
           update, wire::LedgerDispute{{{TreeSize(9), {}}, {}}},
           wire::Heartbeat{.unsent = 0,
                           .clock = {9},
                           .oldest_unsent_ms = 0,
                           .ledger_reply = wire::LedgerReply{{TreeSize(8), TreeSize(4)},
                                                             {{TreeSize(9), {}}, {}},
                                                             {{crypto::Hash{}}, {}}}},
           wire::LinkError{"forked", "two histories", false}})
    all.push_back(wire::encode_server_frame(frame));
  return all;
}

bool takes(std::string_view input) {
  return round_trips(input, wire::decode_server_frame, wire::encode_server_frame);
}

}  // namespace crossline::fuzz::wire_server_frame
