// A scanned slip: nobody but its post makes one that verifies, and what verifies says what the post signed.
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/slip.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/sample_events.hpp"

namespace crossline::fuzz::wire_slip {
namespace {

constexpr std::uint64_t kEvents = 12;  // of the journal, the slip's last

const crypto::Signer& post() {
  static const crypto::Signer signer = crypto::Signer::from_seed(Bytes(32, 4)).value();
  return signer;
}

const wire::Slip& issued() {
  static const wire::Slip slip = [] {
    merkle::CompactRange journal;
    for (std::uint64_t i = 0; i + 1 < kEvents; ++i)
      journal.append(merkle::leaf_hash(as_bytes("event " + std::to_string(i))));
    movement::Event event = testing::event_of(testing::sample_movement());
    event.journal_index = JournalIndex(kEvents - 1);
    wire::Slip made;
    made.line = "river-line";
    made.event = wire::encode_event(event);
    made.path.assign(journal.hashes().rbegin(), journal.hashes().rend());
    journal.append(merkle::leaf_hash(as_bytes(made.event)));
    made.head_signature = merkle::sign_tree_head(merkle::journal_origin(made.line, event.agent),
                                                 {journal.size(), journal.root()}, post());
    return made;
  }();
  return slip;
}

}  // namespace

std::vector<std::string> seeds() {
  return {wire::slip_text(wire::encode_slip(issued()).value())};
}

bool takes(std::string_view input) {
  const auto bytes = wire::slip_bytes(input);
  if (!bytes) return false;
  const auto slip = wire::decode_slip(as_bytes(*bytes));
  if (!slip) return false;
  CROSSLINE_ASSERT(wire::encode_slip(*slip).value() == *bytes);
  const auto proof = wire::open_slip(*slip);
  const auto key = crypto::Verifier::make(post().public_key()).value();
  if (!proof || !wire::verify_slip(*slip, *proof, key)) return false;
  CROSSLINE_ASSERT(*slip == issued());
  return true;
}

}  // namespace crossline::fuzz::wire_slip
