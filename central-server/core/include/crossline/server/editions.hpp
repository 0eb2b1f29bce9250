// Every edition that ever counted, by hash.
#pragma once

#include "crossline/adoption/chain.hpp"
#include "crossline/procedure/edition_book.hpp"
#include "crossline/server/ports.hpp"

#include <string>
#include <unordered_map>

namespace crossline::server {

// When an edition was adopted.
struct AdoptedEdition {
  crypto::Hash hash;
  LedgerIndex entry;
  UtcMillis at;
  friend bool operator==(const AdoptedEdition&, const AdoptedEdition&) = default;
};

// An adopted edition as agents are given it.
struct EditionBytes {
  std::string sealed;
  std::string envelope;  // empty when nobody signed
};
// kCorruptData when the store does not have it.
Result<EditionBytes> edition_bytes(LedgerStore& ledger, const crypto::Hash& hash);

// The chain that the adopted editions make, each verified again out of the store with these keys. The error
// is that of the first that does not hold, or has no envelope.
Result<adoption::Chain> adopted_chain(adoption::KeySet keys, const procedure::EditionBook& adopted,
                                      LedgerStore& ledger);

// Loads editions from the ledger's store and keeps them: there are a handful. One thread at a time.
class Editions {
 public:
  explicit Editions(LedgerStore& ledger) : ledger_(&ledger) {}
  // kCorruptData when the store does not have it or what it has does not load. The pointer stays valid.
  Result<const procedure::Edition*> find(const crypto::Hash& hash);

 private:
  LedgerStore* ledger_;
  std::unordered_map<crypto::Hash, procedure::Edition> loaded_;
};

}  // namespace crossline::server
