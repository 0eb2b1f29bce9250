// The ledger as everybody may see it: signed heads, tiles, proofs (docs/formats/tiles.md).
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/merkle/note.hpp"
#include "crossline/merkle/tiles.hpp"
#include "crossline/merkle/tree_head.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace crossline::api {

struct Cosigner {
  std::string name;          // the witness's, of its key
  std::uint64_t time_s = 0;  // when it cosigned, seconds since 1970
  friend bool operator==(const Cosigner&, const Cosigner&) = default;
};

struct PublishedHead {
  merkle::TreeHead head;
  merkle::SignedNote note;  // with the ledger's signature first, then what witnesses have cosigned
  std::vector<Cosigner> cosigners;
};

struct LogState {
  std::optional<PublishedHead> newest;   // nothing until the tiles are ready
  std::optional<PublishedHead> settled;  // the newest that the quorum of witnesses has cosigned
  bool has_witnesses = false;            // false: no policy is configured, and nothing ever settles
};

// That an entry's event stands in its agent's journal: with `hashes` it leads to the root of the journal's
// first `size` events, and that head the agent signed.
struct JournalProof {
  std::string agent;
  JournalIndex index;
  TreeSize size;
  crypto::Signature signature;
  std::vector<merkle::Hash> hashes;
};

// The adapter lives in central-server/app, a fake in tests. Any thread.
class PublicLog {
 public:
  virtual ~PublicLog() = default;

  // Does not block.
  [[nodiscard]] virtual LogState state() const = 0;
  // The bytes at this path; kNotFound when the newest head does not fill it. Blocks.
  [[nodiscard]] virtual Result<Bytes> tile(const merkle::TilePath& path) = 0;
  // The entry's bytes. kNotFound. Blocks.
  [[nodiscard]] virtual Result<std::string> entry(LedgerIndex index) = 0;
  // The sealed bytes of an edition that was ever in force. kNotFound. Blocks.
  [[nodiscard]] virtual Result<std::string> edition(const crypto::Hash& hash) = 0;
  // The envelope with its signatures. kNotFound, also when nobody signed it. Blocks.
  [[nodiscard]] virtual Result<std::string> edition_envelope(const crypto::Hash& hash) = 0;
  // RFC 9162 proofs at sizes up to the newest head's; errors of merkle::inclusion_proof and
  // consistency_proof. Block.
  [[nodiscard]] virtual Result<std::vector<merkle::Hash>> inclusion(LedgerIndex index, TreeSize size) = 0;
  [[nodiscard]] virtual Result<std::vector<merkle::Hash>> consistency(TreeSize old_size,
                                                                      TreeSize new_size) = 0;
  // Of the entry's event. kNotFound; kUnavailable while a long journal is being hashed. Blocks.
  [[nodiscard]] virtual Result<JournalProof> journal_proof(LedgerIndex index) = 0;
};

}  // namespace crossline::api
