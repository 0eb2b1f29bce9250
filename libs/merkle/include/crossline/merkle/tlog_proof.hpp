// A receipt that verifies offline (C2SP tlog-proof): where an entry stands, the way to the root, and the tree
// head with its cosignatures.
#pragma once

#include "crossline/merkle/policy.hpp"
#include "crossline/merkle/proof.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::merkle {

struct TlogProof {
  std::optional<Bytes> extra;  // vouched for by nobody
  LeafIndex index{};
  std::vector<Hash> hashes;  // from the leaf's sibling up
  SignedNote head;

  // Reads only what to_string writes. kMalformed, saying what; more than limits::kMaxProofHashes hashes or
  // limits::kMaxNoteBytes in all are refused.
  static Result<TlogProof> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
};

// Whether `leaf` stands at the proof's index under a tree head that `policy` accepts, quorum included.
// kBadSignature when the signatures or the quorum are missing; verify_inclusion's error when the hashes do
// not fit. The caller compares the finding's origin with the one it expects when the policy lists several
// logs.
Result<PolicyFinding> verify_tlog_proof(const TlogProof& proof, const Hash& leaf, const Policy& policy);

}  // namespace crossline::merkle
