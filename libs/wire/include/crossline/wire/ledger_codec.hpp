// Ledger entries as bytes (proto/crossline/v1/ledger.proto, docs/formats/ledger.md).
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/movement/state.hpp"

#include <optional>
#include <string>
#include <vector>

namespace crossline::wire {

// A subject's state as an entry shows it.
struct StateAfter {
  movement::Status status = movement::Status::kUnknown;
  movement::Side came_from = movement::Side::kA;  // while between
  UtcMillis since;
  LedgerIndex since_index;
  std::string since_checkpoint;
  bool unmatched = false;
  friend bool operator==(const StateAfter&, const StateAfter&) = default;
};

// One leaf of the ledger: the agent's own bytes and what the server made of them.
struct LedgerEntry {
  std::string event;  // the agent's bytes, never re-serialised
  std::string agent;
  UtcMillis received_at;                     // the server's clock, never decreasing
  UtcMillis occurred_at;                     // the time the fold used
  std::optional<movement::Verdict> verdict;  // the server's, for movements
  std::vector<std::string> articles;
  crypto::Hash edition;                 // of the edition the verdict was made with
  std::optional<StateAfter> state;      // when the event concerns a subject
  std::optional<LedgerIndex> previous;  // the subject's previous entry: a person's history is a chain
  std::optional<crypto::Signature> head_signature;  // on the last event of a submission
  bool conflict = false;                            // the server's verdict differs from what was done
  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

[[nodiscard]] std::string encode_ledger_entry(const LedgerEntry& entry);
// kMalformed, naming the field. The event inside is not decoded.
Result<LedgerEntry> decode_ledger_entry(ByteView bytes);

}  // namespace crossline::wire
