// Every edition that ever counted, by hash.
#pragma once

#include "crossline/procedure/edition.hpp"
#include "crossline/server/ports.hpp"

#include <unordered_map>

namespace crossline::server {

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
