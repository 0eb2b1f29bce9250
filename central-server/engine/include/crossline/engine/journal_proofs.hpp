// Proofs that an event stands in its agent's journal, made from the ledger's store and nothing else.
#pragma once

#include "crossline/merkle/proof.hpp"
#include "crossline/server/ports.hpp"

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::server {

// That an event is leaf `index` of its agent's journal: with `hashes` it leads to the root of the journal's
// first `size` events, and that head the agent signed.
struct JournalProof {
  std::string agent;
  JournalIndex index;
  TreeSize size;                // the journal's after the submission that brought the event
  crypto::Signature signature;  // of the head of this size, with the origin of the journal
  std::vector<merkle::Hash> hashes;
};

// In memory: of every journal that was asked about the roots of its full blocks of 256 events, 64 bytes for
// each. Thread-safe; one call works at a time. Calls block on the store, which outlives it.
class JournalProofs {
 public:
  // How many events one call hashes for roots that are kept, give or take a block: half a second of work.
  static constexpr std::uint64_t kMaxHashedEvents = 32'768;

  explicit JournalProofs(LedgerStore& ledger, std::uint64_t max_hashed_events = kMaxHashedEvents)
      : ledger_(ledger), max_hashed_events_(max_hashed_events) {}

  // Of the event in that ledger entry. kNotFound when there is no such entry; kUnavailable while a long
  // journal is being hashed: each call takes it further; kCorruptData when the ledger lacks a part of the
  // journal.
  Result<JournalProof> prove(LedgerIndex entry);

 private:
  class Reader;

  // The leaves [first, first + count) of the journal.
  Result<std::vector<merkle::Hash>> leaves(std::string_view agent, JournalIndex first,
                                           std::uint64_t count) const;
  // Adds what `tree` lacks of the roots of the journal's first `blocks` blocks.
  Result<void> complete(std::string_view agent, std::uint64_t blocks, merkle::MemoryTree& tree) const;

  LedgerStore& ledger_;
  const std::uint64_t max_hashed_events_;
  std::mutex mutex_;
  std::map<std::string, merkle::MemoryTree, std::less<>>
      blocks_;  // by agent; a leaf is the root of a full block
};

}  // namespace crossline::server
