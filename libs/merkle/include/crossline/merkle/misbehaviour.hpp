// Two signed heads of one log that do not fit, as a small file that proves it with nothing but the log's
// public key (docs/formats/misbehaviour.md).
#pragma once

#include "crossline/merkle/note.hpp"
#include "crossline/merkle/proof.hpp"
#include "crossline/merkle/tree_head.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::merkle {

// What one of the two heads says about the leaf at Misbehaviour::index.
struct LeafClaim {
  Hash leaf;
  std::vector<Hash> path;  // inclusion proof, from the leaf's sibling up
  friend bool operator==(const LeafClaim&, const LeafClaim&) = default;
};

// What the tree of the second head says about its own beginning.
struct PrefixClaim {
  Hash root;                // of as many leaves as the first head has
  std::vector<Hash> proof;  // of consistency, between that root and the second head
  friend bool operator==(const PrefixClaim&, const PrefixClaim&) = default;
};

// Heads of one size with different roots prove it as they are. Heads of different sizes do with `index`, a
// place that both trees have, and what each says stands there; or with `prefix`, when the first is the
// smaller one, by the tree of the second alone. Without both they prove nothing yet: the log may still show
// that the one grew into the other.
struct Misbehaviour {
  static constexpr std::size_t kMaxBytes = 64 * 1024;

  std::array<SignedNote, 2> heads;
  std::optional<LeafIndex> index;
  std::array<LeafClaim, 2> claims;                   // when there is an index
  std::optional<PrefixClaim> prefix = std::nullopt;  // when there is none

  // Reads only what to_string writes; kMalformed, saying what, for anything else.
  static Result<Misbehaviour> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
};

struct MisbehaviourFinding {
  std::string origin;  // of both heads: whose misbehaviour it is
  std::array<TreeHead, 2> heads;
  bool proven = false;  // false: both are signed, and nothing says yet that they do not fit
};

// Verifies with the keys of the logs, each of type kEd25519 and named by its log's origin. kBadSignature: a
// head is not signed with the key of its origin, or that key is not known. kInvalidArgument: the heads are of
// two logs, or they fit (the same size and root, the same leaf, or the same root of the beginning).
// verify_inclusion's or verify_consistency's error when a path does not lead to its head.
Result<MisbehaviourFinding> check_misbehaviour(const Misbehaviour& misbehaviour,
                                               std::span<const NoteVerifierKey> logs);

// A head signed by `log`, as a note.
[[nodiscard]] SignedNote note_of(const TreeHead& head, const crypto::Signature& signature,
                                 const NoteVerifierKey& log);

// Looks for the first leaf in which the two trees differ and proves it under both heads. The readers hold the
// trees of the heads. kInvalidArgument when the smaller tree is the beginning of the larger.
Result<Misbehaviour> prove_misbehaviour(std::array<SignedNote, 2> heads, std::array<TreeSize, 2> sizes,
                                        std::array<const HashReader*, 2> trees);
// The same with the tree of the larger head alone, which need not say where the two differ. Requires heads of
// two sizes. kInvalidArgument when that tree begins with the smaller head, or this one is of no leaf.
Result<Misbehaviour> prove_by_larger_tree(std::array<SignedNote, 2> heads, const HashReader& larger);

}  // namespace crossline::merkle
