#include "crossline/agent/journal.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <utility>

namespace crossline::agent {
namespace {

constexpr std::size_t kReadBackForPath = 1'000;  // events read at once

}  // namespace

Journal::Journal(std::string_view line, std::string agent, crypto::Signer signer, JournalStore& store)
    : agent_(std::move(agent)),
      origin_(merkle::journal_origin(line, agent_)),
      signer_(std::move(signer)),
      store_(&store) {}

Result<Journal> Journal::open(std::string_view line, std::string agent, crypto::Signer signer,
                              JournalStore& store) {
  Journal journal(line, std::move(agent), std::move(signer), store);
  CROSSLINE_CHECK_OK(journal.recover());
  return journal;
}

Result<void> Journal::recover() {
  CROSSLINE_TRY(JournalTail tail, store_->load());
  std::optional<wire::SignedHead> head;
  const std::uint64_t size = tail.range.size().value();
  if (size > 0) {
    CROSSLINE_TRY(const auto last, store_->read(JournalIndex(size - 1), 1));
    if (last.size() != 1) return fail(ErrorCode::kCorruptData, "journal: event {} is missing", size - 1);
    head = wire::SignedHead{{tail.range.size(), tail.range.root()}, last.front().head_signature};
    CROSSLINE_TRY(const auto verifier, crypto::Verifier::make(signer_.public_key()));
    if (!merkle::verify_tree_head(origin_, head->head, head->signature, verifier)) {
      return fail(
          ErrorCode::kCorruptData,
          "journal: the head of size {} is not signed by this agent's key; the journal belongs to another "
          "agent or line, or was changed",
          size);
    }
  }
  if (tail.acknowledged > tail.range.size())
    return fail(ErrorCode::kCorruptData, "journal: {} events acknowledged of {}", tail.acknowledged.value(),
                size);
  // A disk that takes this takes events again.
  if (halted_) CROSSLINE_CHECK_OK(store_->acknowledge(JournalIndex(tail.acknowledged.value()), {}));
  range_ = std::move(tail.range);
  head_ = head;
  acknowledged_ = JournalIndex(tail.acknowledged.value());
  halted_.reset();
  recent_.clear();
  return {};
}

Result<JournalIndex> Journal::append(std::vector<Draft> drafts) {
  CROSSLINE_ASSERT(!drafts.empty());
  if (halted_) return std::unexpected(*halted_);
  const JournalIndex first(range_.size().value());
  merkle::CompactRange range = range_;
  std::vector<merkle::CompactRange> before;
  std::vector<JournalRecord> records;
  records.reserve(drafts.size());
  std::optional<wire::SignedHead> head;
  for (Draft& draft : drafts) {
    draft.event.agent = agent_;
    draft.event.journal_index = JournalIndex(range.size().value());
    std::string bytes = wire::encode_event(draft.event);
    before.push_back(range);
    range.append(merkle::leaf_hash(as_bytes(bytes)));
    const merkle::TreeHead next{range.size(), range.root()};
    head = wire::SignedHead{next, merkle::sign_tree_head(origin_, next, signer_)};
    records.push_back({std::move(bytes), head->signature, std::move(draft.identity), std::nullopt});
  }
  if (auto stored = store_->append(records, range); !stored) {
    halted_ = stored.error();
    return std::unexpected(std::move(stored).error());
  }
  range_ = std::move(range);
  head_ = head;
  recent_.insert(recent_.end(), before.begin(), before.end());
  while (recent_.size() > kRecentPaths) recent_.pop_front();
  return first;
}

Result<void> Journal::acknowledge(JournalIndex first, std::span<const LedgerIndex> places) {
  const JournalIndex end(first.value() + places.size());
  CROSSLINE_ASSERT(end.value() <= range_.size().value());
  CROSSLINE_CHECK_OK(store_->acknowledge(first, places));
  acknowledged_ = std::max(acknowledged_, end);
  return {};
}

Result<std::vector<JournalRecord>> Journal::read(JournalIndex first, std::size_t count) const {
  // A failed append may have left more in the store: until recover() takes it in, it is not part of the
  // journal.
  if (first.value() >= range_.size().value()) return std::vector<JournalRecord>{};
  return store_->read(first, std::min<std::size_t>(count, range_.size().value() - first.value()));
}

Result<std::vector<merkle::Hash>> Journal::path_of(JournalIndex index) const {
  const std::uint64_t size = range_.size().value();
  if (index.value() >= size) return fail(ErrorCode::kNotFound, "the journal has no event {}", index.value());
  merkle::CompactRange before;
  const std::uint64_t back = size - index.value();
  if (back <= recent_.size()) {
    before = recent_[recent_.size() - back];
  } else {
    while (before.size().value() < index.value()) {
      const std::uint64_t at = before.size().value();
      CROSSLINE_TRY(const auto records,
                    read(JournalIndex(at), std::min<std::uint64_t>(kReadBackForPath, index.value() - at)));
      if (records.empty()) return fail(ErrorCode::kCorruptData, "journal: event {} is missing", at);
      for (const JournalRecord& record : records) before.append(merkle::leaf_hash(as_bytes(record.event)));
    }
  }
  std::vector<merkle::Hash> path(before.hashes().begin(), before.hashes().end());
  std::ranges::reverse(path);
  return path;
}

Result<bool> Journal::is_news(const crypto::SubjectId& subject, std::string_view identity) const {
  CROSSLINE_TRY(const auto recorded, store_->identity_of(subject));
  return recorded != crypto::sha256(as_bytes(identity));
}

}  // namespace crossline::agent
