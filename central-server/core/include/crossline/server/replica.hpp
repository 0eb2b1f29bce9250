// What agents are told of the ledger, so that they can decide alone.
#pragma once

#include "crossline/server/batch.hpp"
#include "crossline/wire/link.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace crossline::server {

// A piece of the ledger as an encoded ReplicaUpdate frame, made once and shared by all connections.
struct ReplicaChunk {
  LedgerIndex from;
  LedgerIndex to;
  std::shared_ptr<const Bytes> frame;
};

// Gathers what entries mean for a replica into updates of at most limits::kMaxReplicaDeltas changes and
// limits::kMaxReplicaBytes. Within one update only a person's last status counts. One thread at a time.
class ReplicaBuilder {
 public:
  // `sealed_edition` gives the bytes of an adopted edition. `from` is the first entry to come.
  using SealedEdition = std::function<Result<std::string>(const crypto::Hash& hash)>;
  ReplicaBuilder(LedgerIndex from, SealedEdition sealed_edition);

  // The next entry. An error is sealed_edition's.
  Result<void> add(const wire::LedgerEntry& entry, const movement::Event& event);
  // Everything added since the last call; no empty chunk.
  [[nodiscard]] std::vector<ReplicaChunk> take();

 private:
  void close_chunk();
  void add_status(const movement::SubjectId& subject, const wire::StateAfter& state);

  SealedEdition sealed_edition_;
  wire::ReplicaUpdate update_;
  std::unordered_map<movement::SubjectId, std::size_t> places_;  // in update_.statuses
  std::size_t bytes_ = 0;                                        // of the changes, roughly
  std::vector<ReplicaChunk> chunks_;
};

// The pieces that cover commits which follow each other; at least one.
Result<std::vector<ReplicaChunk>> replica_chunks(std::span<const std::shared_ptr<const Committed>> commits,
                                                 LedgerStore& ledger);
// One piece from `from` on, read back from the ledger and not beyond `end`; nothing there. Blocks on the
// store.
Result<std::optional<ReplicaChunk>> replica_chunk(LedgerStore& ledger, LedgerIndex from, LedgerIndex end);

// The edition in force, for an agent that has another: an update that covers nothing, at `position`.
[[nodiscard]] Bytes edition_frame(LedgerIndex position, std::string sealed);

}  // namespace crossline::server
