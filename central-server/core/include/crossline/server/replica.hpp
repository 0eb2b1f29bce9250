// What agents are told of the ledger, so that they can decide alone.
#pragma once

#include "crossline/server/batch.hpp"
#include "crossline/server/editions.hpp"
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
  // `editions` gives the bytes of an adopted edition. `from` is the first entry to come.
  using EditionSource = std::function<Result<EditionBytes>(const crypto::Hash& hash)>;
  ReplicaBuilder(LedgerIndex from, EditionSource editions);

  // The next entry. An error is that of `editions`.
  Result<void> add(const wire::LedgerEntry& entry, const movement::Event& event);
  // Everything added since the last call; no empty chunk.
  [[nodiscard]] std::vector<ReplicaChunk> take();

 private:
  void close_chunk();
  void add_status(const movement::SubjectId& subject, const wire::StateAfter& state);

  EditionSource editions_;
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

// An edition for an agent that does not have it: an update that covers nothing, at `position`.
[[nodiscard]] Bytes edition_frame(LedgerIndex position, EditionBytes edition);

}  // namespace crossline::server
