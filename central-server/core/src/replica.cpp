#include "crossline/server/replica.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/server/history.hpp"
#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <variant>

namespace crossline::server {
namespace {

constexpr std::size_t kStatusBytes = 64;     // a status delta is smaller; names come on top
constexpr std::size_t kReadEntries = 1'000;  // of the ledger at once, on behalf of one agent that is behind

// Only these can change where somebody is; attempts and look-ups leave the state as it was.
bool may_change_status(const movement::Event& event) {
  if (const auto* movement = std::get_if<movement::Movement>(&event.body)) {
    return movement->outcome == movement::Outcome::kPassed;
  }
  return std::holds_alternative<movement::Correction>(event.body) ||
         std::holds_alternative<movement::Resolution>(event.body);
}

Bytes encode(const wire::ReplicaUpdate& update) {
  return to_bytes(as_bytes(wire::encode_server_frame(update)));
}

ReplicaBuilder::EditionSource editions_of(LedgerStore& ledger) {
  return [&ledger](const crypto::Hash& hash) { return edition_bytes(ledger, hash); };
}

// With its signatures when it has any: who verifies needs nothing else.
void put_edition(EditionBytes edition, wire::ReplicaUpdate& update) {
  if (edition.envelope.empty()) {
    update.edition = std::move(edition.sealed);
  } else {
    update.edition_envelope = std::move(edition.envelope);
  }
}

}  // namespace

ReplicaBuilder::ReplicaBuilder(LedgerIndex from, EditionSource editions) : editions_(std::move(editions)) {
  update_.from = from;
  update_.to = from;
}

Result<void> ReplicaBuilder::add(const wire::LedgerEntry& entry, const movement::Event& event) {
  if (entry.state && may_change_status(event)) add_status(*subject_of(event), *entry.state);
  if (const auto* change = std::get_if<movement::ListChange>(&event.body)) {
    update_.lists.push_back({change->list, change->subject, change->removed});
    bytes_ += kStatusBytes + change->list.size();
  }
  if (const auto* closure = std::get_if<movement::Closure>(&event.body)) {
    update_.closures.push_back(*closure);
    bytes_ += kStatusBytes + closure->checkpoint.size() + closure->reason.size();
  }
  const auto* adopted = std::get_if<movement::EditionAdopted>(&event.body);
  if (adopted != nullptr) {
    close_chunk();  // an edition may fill a frame by itself
    CROSSLINE_TRY(EditionBytes edition, editions_(adopted->hash));
    put_edition(std::move(edition), update_);
  }
  update_.to = update_.to.next();
  const std::size_t deltas = update_.statuses.size() + update_.lists.size() + update_.closures.size();
  if (adopted != nullptr || deltas >= limits::kMaxReplicaDeltas || bytes_ >= limits::kMaxReplicaBytes)
    close_chunk();
  return {};
}

void ReplicaBuilder::add_status(const movement::SubjectId& subject, const wire::StateAfter& state) {
  wire::StatusDelta delta{subject, state.status, state.came_from, state.since, state.since_checkpoint};
  const auto [place, is_new] = places_.try_emplace(subject, update_.statuses.size());
  if (is_new) {
    bytes_ += kStatusBytes + delta.checkpoint.size();
    update_.statuses.push_back(std::move(delta));
  } else {
    update_.statuses[place->second] = std::move(delta);
  }
}

void ReplicaBuilder::close_chunk() {
  if (update_.to == update_.from) return;
  chunks_.push_back({update_.from, update_.to, std::make_shared<const Bytes>(encode(update_))});
  const LedgerIndex next = update_.to;
  update_ = {};
  update_.from = next;
  update_.to = next;
  places_.clear();
  bytes_ = 0;
}

std::vector<ReplicaChunk> ReplicaBuilder::take() {
  close_chunk();
  return std::exchange(chunks_, {});
}

Result<std::vector<ReplicaChunk>> replica_chunks(std::span<const std::shared_ptr<const Committed>> commits,
                                                 LedgerStore& ledger) {
  ReplicaBuilder builder(commits.front()->first(), editions_of(ledger));
  for (const auto& committed : commits) {
    for (const Recorded& recorded : committed->entries()) {
      CROSSLINE_CHECK_OK(builder.add(recorded.entry, recorded.event));
    }
  }
  return builder.take();
}

Result<std::optional<ReplicaChunk>> replica_chunk(LedgerStore& ledger, LedgerIndex from, LedgerIndex end) {
  if (from >= end) return std::nullopt;
  const std::size_t count = std::min<std::uint64_t>(kReadEntries, end.value() - from.value());
  CROSSLINE_TRY(const auto entries, ledger.read(from, count));
  ReplicaBuilder builder(from, editions_of(ledger));
  for (const std::string& bytes : entries) {
    CROSSLINE_TRY(const auto entry, wire::decode_ledger_entry(as_bytes(bytes)));
    CROSSLINE_TRY(const auto event, wire::decode_event(as_bytes(entry.event)));
    CROSSLINE_CHECK_OK(builder.add(entry, event));
  }
  auto chunks = builder.take();
  if (chunks.empty()) return std::nullopt;
  return std::optional(std::move(chunks.front()));
}

Bytes edition_frame(LedgerIndex position, EditionBytes edition) {
  wire::ReplicaUpdate update;
  update.from = position;
  update.to = position;
  put_edition(std::move(edition), update);
  return encode(update);
}

}  // namespace crossline::server
