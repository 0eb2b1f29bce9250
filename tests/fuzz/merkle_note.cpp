// A signed tree head from anywhere: it is refused, or has one spelling; and nobody but the holder of the key
// makes one that verifies.
#include "crossline/merkle/tree_head.hpp"
#include "tests/fuzz/targets.hpp"

#include <array>

namespace crossline::fuzz::merkle_note {
namespace {

constexpr std::string_view kOrigin = "river-line/ledger";

const crypto::Signer& log() {
  static const crypto::Signer signer = crypto::Signer::from_seed(Bytes(32, 5)).value();
  return signer;
}

std::string signed_text() {
  merkle::TreeHead head;
  head.size = TreeSize(1'000);
  head.root.bytes.fill(7);
  return merkle::tree_head_text(kOrigin, head);
}

}  // namespace

std::vector<std::string> seeds() {
  merkle::SignedNote note{signed_text(), {merkle::sign_note(signed_text(), kOrigin, log())}};
  const std::string alone = note.to_string();
  note.signatures.push_back(merkle::cosign_note(signed_text(), "witness-a", log(), 1'790'000'000));
  return {alone, note.to_string()};
}

bool takes(std::string_view input) {
  if (!has_one_spelling(input, merkle::SignedNote::parse)) return false;
  const merkle::SignedNote note = merkle::SignedNote::parse(input).value();
  if (const auto read = merkle::parse_tree_head(note.text))
    CROSSLINE_ASSERT(note.text.starts_with(merkle::tree_head_text(read->origin, read->head)));
  const std::array keys{
      merkle::NoteVerifierKey::make(std::string(kOrigin), merkle::NoteKeyType::kEd25519, log().public_key()),
      merkle::NoteVerifierKey::make("witness-a", merkle::NoteKeyType::kCosignatureV1, log().public_key())};
  const auto vouched = merkle::verify_note(note, keys);
  if (!vouched) return false;
  CROSSLINE_ASSERT(!vouched->vouchers.empty() && note.text == signed_text());
  return true;
}

}  // namespace crossline::fuzz::merkle_note
