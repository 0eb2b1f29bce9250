// What agents are told of the ledger, so that they can decide alone.
#pragma once

#include "crossline/server/batch.hpp"
#include "crossline/server/editions.hpp"
#include "crossline/wire/link.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace crossline::server {

// A piece of the ledger as an encoded ReplicaUpdate frame, made once and shared by all connections.
struct ReplicaChunk {
  LedgerIndex from;
  LedgerIndex to;
  std::shared_ptr<const Bytes> frame;
};

// Gathers what entries mean for a replica into updates of at most limits::kMaxReplicaDeltas changes and
// limits::kMaxReplicaBytes. One thread at a time.
class ReplicaBuilder {
 public:
  // `editions` gives the bytes of an adopted edition. `from` is the first entry to come.
  using EditionSource = std::function<Result<EditionBytes>(const crypto::Hash& hash)>;
  ReplicaBuilder(LedgerIndex from, EditionSource editions);

  // The next entry, which occurred on `day` of the procedure's clock. An error is that of `editions`.
  Result<void> add(const wire::LedgerEntry& entry, const movement::Event& event,
                   const std::optional<movement::Post>& post, std::int32_t day);
  // Everything added since the last call; no empty chunk.
  [[nodiscard]] std::vector<ReplicaChunk> take();

 private:
  void close_chunk();

  EditionSource editions_;
  wire::ReplicaUpdate update_;
  std::size_t bytes_ = 0;  // of the changes, roughly
  std::vector<ReplicaChunk> chunks_;
};

// The pieces that cover commits which follow each other; at least one.
Result<std::vector<ReplicaChunk>> replica_chunks(std::span<const std::shared_ptr<const Committed>> commits,
                                                 LedgerStore& ledger);
// Reads pieces back from the ledger for somebody who is behind. Blocks on the store; one thread at a time.
class ReplicaReader {
 public:
  explicit ReplicaReader(LedgerStore& ledger) : ledger_(&ledger), editions_(ledger) {}
  // One piece from `from` on, not beyond `end`; nothing there.
  Result<std::optional<ReplicaChunk>> read(LedgerIndex from, LedgerIndex end);

 private:
  Result<std::optional<movement::Post>> post_of(const std::string& agent);
  Result<std::int32_t> day_of(const wire::LedgerEntry& entry, LedgerIndex index);
  Result<void> find_edition_before(LedgerIndex index);

  LedgerStore* ledger_;
  Editions editions_;
  std::map<std::string, std::optional<movement::Post>, std::less<>> posts_;
  std::optional<crypto::Hash> edition_;  // that counted for the last entry
};

// An edition for an agent that does not have it: an update that covers nothing, at `position`.
[[nodiscard]] Bytes edition_frame(LedgerIndex position, EditionBytes edition);

}  // namespace crossline::server
