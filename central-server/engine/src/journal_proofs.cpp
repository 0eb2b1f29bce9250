#include "crossline/engine/journal_proofs.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/ledger_codec.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace crossline::server {
namespace {

using merkle::Hash;

constexpr unsigned kBlockLevel = 8;
constexpr std::uint64_t kBlock = std::uint64_t{1} << kBlockLevel;  // events

merkle::MemoryTree tree_of(const std::vector<Hash>& leaves) {
  merkle::MemoryTree tree;
  for (const Hash& leaf : leaves) tree.append(leaf);
  return tree;
}

std::unexpected<Error> lacks(std::string_view agent, std::uint64_t index) {
  return fail(ErrorCode::kCorruptData, "the ledger lacks event {} of agent {}'s journal", index, agent);
}

// Entries of the journal from `first` on that stand one after the other in the ledger: at least one, at most
// `count`.
Result<std::vector<wire::LedgerEntry>> read_stretch(LedgerStore& ledger, std::string_view agent,
                                                    std::uint64_t first, std::uint64_t count) {
  CROSSLINE_TRY(const std::optional<Run> run, ledger.find(agent, JournalIndex(first)));
  if (!run) return lacks(agent, first);
  const std::uint64_t skipped = first - run->first.value();
  const std::uint64_t wanted = std::min(count, run->count - skipped);
  CROSSLINE_TRY(const auto entries, ledger.read(LedgerIndex(run->at.value() + skipped), wanted));
  if (entries.size() != wanted) return lacks(agent, first + entries.size());
  std::vector<wire::LedgerEntry> stretch;
  stretch.reserve(entries.size());
  for (const std::string& bytes : entries) {
    CROSSLINE_TRY(wire::LedgerEntry entry, wire::decode_ledger_entry(as_bytes(bytes)));
    if (entry.agent != agent) return lacks(agent, first + stretch.size());
    stretch.push_back(std::move(entry));
  }
  return stretch;
}

// The first head at or after the event that its agent signed: of the submission that brought it.
struct SignedSize {
  std::uint64_t size = 0;
  crypto::Signature signature;
};
Result<SignedSize> signed_size_after(LedgerStore& ledger, std::string_view agent, std::uint64_t index) {
  const std::uint64_t end = index + limits::kMaxEventsPerSubmission;
  for (std::uint64_t next = index; next < end;) {
    CROSSLINE_TRY(const auto stretch, read_stretch(ledger, agent, next, std::min(kBlock, end - next)));
    for (const wire::LedgerEntry& entry : stretch) {
      ++next;
      if (entry.head_signature) return SignedSize{next, *entry.head_signature};
    }
  }
  return fail(ErrorCode::kCorruptData, "no head of agent {}'s journal covers its event {}", agent, index);
}

}  // namespace

// Whole blocks from memory, the insides of a block from the ledger.
class JournalProofs::Reader final : public merkle::HashReader {
 public:
  Reader(const JournalProofs& proofs, std::string_view agent, const merkle::MemoryTree& blocks,
         std::uint64_t size)
      : proofs_(proofs), agent_(agent), blocks_(blocks), size_(size) {}

  Result<Hash> subtree(unsigned level, std::uint64_t index) const override {
    if (level >= kBlockLevel) return blocks_.subtree(level - kBlockLevel, index);
    const std::uint64_t block = index >> (kBlockLevel - level);
    auto open = open_.find(block);
    if (open == open_.end()) {
      const std::uint64_t first = block * kBlock;
      CROSSLINE_TRY(const auto leaves,
                    proofs_.leaves(agent_, JournalIndex(first), std::min(kBlock, size_ - first)));
      open = open_.emplace(block, tree_of(leaves)).first;
    }
    return open->second.subtree(level, index - (block << (kBlockLevel - level)));
  }

 private:
  const JournalProofs& proofs_;
  const std::string_view agent_;
  const merkle::MemoryTree& blocks_;
  const std::uint64_t size_;
  mutable std::map<std::uint64_t, merkle::MemoryTree> open_;  // that of the event and the last one
};

Result<std::vector<Hash>> JournalProofs::leaves(std::string_view agent, JournalIndex first,
                                                std::uint64_t count) const {
  std::vector<Hash> leaves;
  leaves.reserve(count);
  while (leaves.size() < count) {
    CROSSLINE_TRY(const auto stretch,
                  read_stretch(ledger_, agent, first.value() + leaves.size(), count - leaves.size()));
    for (const wire::LedgerEntry& entry : stretch) leaves.push_back(merkle::leaf_hash(as_bytes(entry.event)));
  }
  return leaves;
}

Result<void> JournalProofs::complete(std::string_view agent, std::uint64_t blocks,
                                     merkle::MemoryTree& tree) const {
  for (std::uint64_t hashed = 0; tree.size().value() < blocks; hashed += kBlock) {
    if (hashed >= max_hashed_events_)
      return fail(ErrorCode::kUnavailable, "the journal of agent {} is being hashed", agent);
    CROSSLINE_TRY(const auto block, leaves(agent, JournalIndex(tree.size().value() * kBlock), kBlock));
    tree.append(tree_of(block).root());
  }
  return {};
}

Result<JournalProof> JournalProofs::prove(LedgerIndex entry) {
  CROSSLINE_TRY(const auto bytes, ledger_.read(entry, 1));
  if (bytes.empty()) return fail(ErrorCode::kNotFound, "the ledger has no entry {}", entry.value());
  CROSSLINE_TRY(const wire::LedgerEntry read, wire::decode_ledger_entry(as_bytes(bytes.front())));
  CROSSLINE_TRY(const movement::Event event, wire::decode_event(as_bytes(read.event)));
  const std::uint64_t index = event.journal_index.value();
  CROSSLINE_TRY(const SignedSize head, signed_size_after(ledger_, read.agent, index));

  const std::lock_guard lock(mutex_);
  merkle::MemoryTree& blocks = blocks_[read.agent];
  CROSSLINE_CHECK_OK(complete(read.agent, head.size / kBlock, blocks));
  const Reader reader(*this, read.agent, blocks, head.size);
  CROSSLINE_TRY(auto hashes, merkle::inclusion_proof(reader, merkle::LeafIndex(index), TreeSize(head.size)));
  return JournalProof{read.agent, event.journal_index, TreeSize(head.size), head.signature,
                      std::move(hashes)};
}

}  // namespace crossline::server
