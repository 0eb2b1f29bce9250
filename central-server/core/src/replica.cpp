#include "crossline/server/replica.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace crossline::server {
namespace {

constexpr std::size_t kChangeBytes = 64;     // a change is smaller; names and goods come on top
constexpr std::size_t kReadEntries = 1'000;  // of the ledger at once, on behalf of one agent that is behind

std::size_t names_of(const movement::RecordChange& change) {
  struct Bytes {
    std::size_t operator()(const movement::Passage& passage) const {
      std::size_t bytes = passage.post.checkpoint.size();
      for (const movement::DeclaredGoods& goods : passage.goods)
        bytes += kChangeBytes + goods.kind.size() + goods.unit.size();
      return bytes;
    }
    std::size_t operator()(const movement::TakenBack&) const { return 0; }
    std::size_t operator()(const movement::Listing& listing) const { return listing.list.size(); }
    std::size_t operator()(const movement::StatusWord&) const { return 0; }
    std::size_t operator()(const movement::PermitWord& word) const {
      return word.kind.size() + word.party.size();
    }
    std::size_t operator()(const movement::OverrideWord& word) const {
      return word.article.size() + word.role.size();
    }
    std::size_t operator()(const movement::NoticeWord& word) const { return word.party.size(); }
  };
  return std::visit(Bytes{}, change.what);
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

Result<void> ReplicaBuilder::add(const wire::LedgerEntry& entry, const movement::Event& event,
                                 const std::optional<movement::Post>& post, std::int32_t day) {
  auto change = movement::change_of(event, post ? &*post : nullptr, entry.occurred_at, day, update_.to);
  if (change) {
    bytes_ += kChangeBytes + names_of(*change);
    update_.changes.push_back(*std::move(change));
  }
  if (const auto* closure = std::get_if<movement::Closure>(&event.body)) {
    update_.closures.push_back(*closure);
    bytes_ += kChangeBytes + closure->checkpoint.size() + closure->reason.size();
  }
  if (const auto* lease = std::get_if<movement::QuotaLease>(&event.body); lease && !entry.conflict) {
    update_.leases.push_back(*lease);
    bytes_ += kChangeBytes + lease->quota.size() + lease->agent.size() + lease->reason.size();
  }
  const auto* adopted = std::get_if<movement::EditionAdopted>(&event.body);
  if (adopted != nullptr) {
    close_chunk();  // an edition may fill a frame by itself
    CROSSLINE_TRY(EditionBytes edition, editions_(adopted->hash));
    put_edition(std::move(edition), update_);
  }
  update_.to = update_.to.next();
  const std::size_t deltas = update_.changes.size() + update_.closures.size() + update_.leases.size();
  if (adopted != nullptr || deltas >= limits::kMaxReplicaDeltas || bytes_ >= limits::kMaxReplicaBytes)
    close_chunk();
  return {};
}

void ReplicaBuilder::close_chunk() {
  if (update_.to == update_.from) return;
  chunks_.push_back({update_.from, update_.to, std::make_shared<const Bytes>(encode(update_))});
  const LedgerIndex next = update_.to;
  update_ = {};
  update_.from = next;
  update_.to = next;
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
      CROSSLINE_CHECK_OK(builder.add(recorded.entry, recorded.event, recorded.post, recorded.day));
    }
  }
  return builder.take();
}

Result<std::optional<ReplicaChunk>> ReplicaReader::read(LedgerIndex from, LedgerIndex end) {
  if (from >= end) return std::nullopt;
  const std::size_t count = std::min<std::uint64_t>(kReadEntries, end.value() - from.value());
  CROSSLINE_TRY(const auto entries, ledger_->read(from, count));
  ReplicaBuilder builder(from, editions_of(*ledger_));
  LedgerIndex index = from;
  for (const std::string& bytes : entries) {
    CROSSLINE_TRY(const auto entry, wire::decode_ledger_entry(as_bytes(bytes)));
    CROSSLINE_TRY(const auto event, wire::decode_event(as_bytes(entry.event)));
    std::optional<movement::Post> post;
    std::int32_t day = 0;
    if (movement::changes_record(event)) {
      CROSSLINE_TRY(post, post_of(entry.agent));
      CROSSLINE_TRY(day, day_of(entry, index));
    }
    if (const auto* body = std::get_if<movement::EditionAdopted>(&event.body)) edition_ = body->hash;
    CROSSLINE_CHECK_OK(builder.add(entry, event, post, day));
    index = index.next();
  }
  auto chunks = builder.take();
  if (chunks.empty()) return std::nullopt;
  return std::optional(std::move(chunks.front()));
}

// The ledger's entries do not say it. Agents that appeared since the last look are looked up.
Result<std::optional<movement::Post>> ReplicaReader::post_of(const std::string& agent) {
  if (const auto known = posts_.find(agent); known != posts_.end()) return known->second;
  CROSSLINE_TRY(const LedgerSnapshot snapshot, ledger_->load());
  for (const JournalState& journal : snapshot.journals) posts_.insert_or_assign(journal.agent, journal.post);
  const auto found = posts_.find(agent);
  if (found == posts_.end()) return fail(ErrorCode::kCorruptData, "agent {} has no journal", agent);
  return found->second;
}

// By the clock of the edition that counted for the entry.
Result<std::int32_t> ReplicaReader::day_of(const wire::LedgerEntry& entry, LedgerIndex index) {
  if (entry.edition != crypto::Hash{}) edition_ = entry.edition;
  if (!edition_) CROSSLINE_CHECK_OK(find_edition_before(index));
  if (!edition_) return fail(ErrorCode::kCorruptData, "no edition was adopted before it");
  CROSSLINE_TRY(const procedure::Edition* edition, editions_.find(*edition_));
  return static_cast<std::int32_t>(edition->local_day(entry.occurred_at));
}

Result<void> ReplicaReader::find_edition_before(LedgerIndex index) {
  constexpr std::uint64_t kStride = 64;
  for (std::uint64_t end = index.value(); end > 0 && !edition_;) {
    const std::uint64_t first = end - std::min(end, kStride);
    CROSSLINE_TRY(const auto entries, ledger_->read(LedgerIndex(first), end - first));
    for (const std::string& bytes : entries) {
      CROSSLINE_TRY(const auto entry, wire::decode_ledger_entry(as_bytes(bytes)));
      CROSSLINE_TRY(const auto event, wire::decode_event(as_bytes(entry.event)));
      if (entry.edition != crypto::Hash{}) edition_ = entry.edition;
      if (const auto* body = std::get_if<movement::EditionAdopted>(&event.body)) edition_ = body->hash;
    }
    end = first;
  }
  return {};
}

Bytes edition_frame(LedgerIndex position, EditionBytes edition) {
  wire::ReplicaUpdate update;
  update.from = position;
  update.to = position;
  put_edition(std::move(edition), update);
  return encode(update);
}

}  // namespace crossline::server
