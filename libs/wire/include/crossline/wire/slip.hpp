// The slip: what a traveller carries to prove a passage (docs/formats/slip.md). One event of a journal, its
// way to the root, and the signature of the head whose last leaf it is.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/movement/event.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::wire {

// Capital letters and digits only: QR's alphanumeric mode, and no reader or keyboard layout spoils it.
inline constexpr std::string_view kSlipPrefix = "SLIP1";
inline constexpr std::size_t kMaxSlipTextBytes = 1'451;  // a QR of version 25, level M, alphanumeric
inline constexpr std::size_t kMaxSlipBytes = 900;

struct Slip {
  std::string line;
  crypto::Signature head_signature;  // of the journal's head of size journal index + 1
  // Roots of the perfect subtrees before the event, the smallest (rightmost) first: one for each one-bit of
  // its journal index.
  std::vector<merkle::Hash> path;
  std::string event;  // the bytes that were signed
  friend bool operator==(const Slip&, const Slip&) = default;
};

// kInvalidArgument when it does not fit kMaxSlipBytes.
Result<std::string> encode_slip(const Slip& slip);  // bytes
Result<Slip> decode_slip(ByteView bytes);           // kMalformed, saying what; the event is not decoded
// As text, with the prefix. Requires bytes of encode_slip.
[[nodiscard]] std::string slip_text(std::string_view bytes);
// The bytes in the text; white space round it is left out. kMalformed, saying what.
Result<std::string> slip_bytes(std::string_view text);

// What a slip proves once it is verified.
struct SlipProof {
  movement::Event event;
  merkle::Hash leaf;
  merkle::TreeHead head;  // the journal's, signed by the event's agent
};
// The event and the head that the slip's path leads to. kMalformed: the event does not decode, or the path is
// not as long as its journal index asks. The signature is not looked at.
Result<SlipProof> open_slip(const Slip& slip);
// kBadSignature unless the head is signed with this journal's key.
Result<void> verify_slip(const Slip& slip, const SlipProof& proof, const crypto::Verifier& journal_key);

// What people read out when a record is contested: "bridge-a-1/42/7F3A", the agent, the journal index and the
// first 16 bits of the event's leaf hash.
[[nodiscard]] std::string slip_reference(std::string_view agent, JournalIndex index,
                                         const merkle::Hash& leaf);
struct SlipReference {
  std::string agent;
  JournalIndex index;
  std::array<std::uint8_t, 2> check{};  // of the leaf hash
};
// Of what somebody typed; capital and small letters are alike in the last part. kMalformed.
Result<SlipReference> slip_reference_from(std::string_view text);
// The reference names the event with this leaf.
[[nodiscard]] bool fits(const SlipReference& reference, const merkle::Hash& leaf);

}  // namespace crossline::wire
