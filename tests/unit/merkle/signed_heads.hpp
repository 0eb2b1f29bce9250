// A log, two witnesses and a policy of both, with keys that are the same in every run.
#pragma once

#include "crossline/merkle/policy.hpp"

#include <string>

namespace crossline::merkle {

inline crypto::Signer test_signer(std::uint8_t seed) {
  return crypto::Signer::from_seed(Bytes(32, seed)).value();
}

struct SignedHeads {
  std::string origin = "river-line/ledger";
  crypto::Signer log = test_signer(1);
  crypto::Signer a = test_signer(2);
  crypto::Signer b = test_signer(3);

  [[nodiscard]] std::string log_key() const {
    return NoteVerifierKey::make(origin, NoteKeyType::kEd25519, log.public_key()).to_string();
  }
  [[nodiscard]] static std::string witness_key(const std::string& name, const crypto::Signer& signer) {
    return NoteVerifierKey::make(name, NoteKeyType::kCosignatureV1, signer.public_key()).to_string();
  }
  [[nodiscard]] std::string policy_text() const {
    return "# both parties\nlog " + log_key() + " https://ledger.example\n\nwitness A " +
           witness_key("witness-a", a) + "\n\twitness  B " + witness_key("witness-b", b) +
           " https://b.example\ngroup both all A B\nquorum both\n";
  }
  [[nodiscard]] SignedNote head(const TreeHead& head) const {
    SignedNote note{.text = tree_head_text(origin, head), .signatures = {}};
    note.signatures.push_back(sign_note(note.text, origin, log));
    return note;
  }
  [[nodiscard]] SignedNote settled_head(const TreeHead& tree_head) const {
    SignedNote note = head(tree_head);
    note.signatures.push_back(cosign_note(note.text, "witness-a", a, 1'700'000'000));
    note.signatures.push_back(cosign_note(note.text, "witness-b", b, 1'700'000'001));
    return note;
  }
};

}  // namespace crossline::merkle
