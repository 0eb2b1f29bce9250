#include "ledger_publisher.hpp"

#include "crossline/runtime/timeout.hpp"

#include <utility>

namespace crossline::server {
namespace {

constexpr std::uint64_t kRetryMs = 5'000;  // after a failure of the disk
// Between two heads that are published: a busy server would otherwise hash and read for each of its commits,
// and nobody needs a head fresher than this.
constexpr std::uint64_t kGatherMs = 20;

}  // namespace

LedgerPublisher::LedgerPublisher(runtime::Executor executor, LedgerTiles& tiles, LedgerStore& ledger,
                                 merkle::NoteVerifierKey key, runtime::LogFn log)
    : tiles_(tiles),
      ledger_(ledger),
      journals_(ledger),
      key_(std::move(key)),
      log_(std::move(log)),
      wake_up_(std::move(executor)),
      hashing_("tiles", 1, 1) {}

void LedgerPublisher::note(const wire::SignedHead& head) {
  {
    const std::lock_guard lock(mutex_);
    committed_ = head;
  }
  wake_up_.notify();
}

std::optional<wire::SignedHead> LedgerPublisher::unpublished() const {
  const std::lock_guard lock(mutex_);
  if (!committed_ || (state_.newest && state_.newest->head == committed_->head)) return std::nullopt;
  return committed_;
}

runtime::Task<> LedgerPublisher::run(std::function<void()> published) {
  for (;;) {
    const auto head = unpublished();
    if (!head) {
      co_await wake_up_.wait();
      continue;
    }
    auto hash = [this, target = head->head] { return tiles_.advance(target); };
    const auto hashed = co_await hashing_.run(hash);
    if (hashed) {
      publish(*head);
      published();
      co_await runtime::sleep_for(kGatherMs);
    } else {
      log_("the ledger's tiles are not published: " + hashed.error().to_string());
      co_await runtime::sleep_for(kRetryMs);
    }
  }
}

void LedgerPublisher::publish(const wire::SignedHead& head) {
  api::PublishedHead published{head.head,
                               {merkle::tree_head_text(key_.name, head.head),
                                {{key_.name, key_.key_id, to_bytes(head.signature.bytes)}}},
                               {}};
  const std::lock_guard lock(mutex_);
  state_.newest = std::move(published);
}

void LedgerPublisher::settle(api::PublishedHead head) {
  const std::lock_guard lock(mutex_);
  if (state_.settled && head.head.size < state_.settled->head.size) return;
  if (state_.newest && state_.newest->head == head.head) state_.newest = head;
  state_.settled = std::move(head);
}

void LedgerPublisher::expect_witnesses() {
  const std::lock_guard lock(mutex_);
  state_.has_witnesses = true;
}

api::LogState LedgerPublisher::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

Result<bool> LedgerPublisher::has_been(const merkle::TreeHead& head) {
  if (head.size.value() == 0) return head.root == merkle::empty_root();
  const auto own = ledger_.head_of(LedgerIndex(head.size.value() - 1));
  if (own) return own->head == head;
  if (own.error().code == ErrorCode::kNotFound) return false;
  return std::unexpected(own.error());
}

Result<Bytes> LedgerPublisher::tile(const merkle::TilePath& path) {
  return tiles_.tile(path);
}

Result<std::string> LedgerPublisher::entry(LedgerIndex index) {
  CROSSLINE_TRY(auto entries, ledger_.read(index, 1));
  if (entries.empty()) return fail(ErrorCode::kNotFound, "the ledger has no entry {}", index.value());
  return std::move(entries.front());
}

Result<std::string> LedgerPublisher::edition(const crypto::Hash& hash) {
  CROSSLINE_TRY(auto sealed, ledger_.edition(hash));
  if (!sealed) return fail(ErrorCode::kNotFound, "the ledger has no edition {}", hash.hex());
  return *std::move(sealed);
}

Result<std::string> LedgerPublisher::edition_envelope(const crypto::Hash& hash) {
  CROSSLINE_TRY(auto envelope, ledger_.edition_envelope(hash));
  if (!envelope) return fail(ErrorCode::kNotFound, "nobody signed an edition {}", hash.hex());
  return *std::move(envelope);
}

Result<std::vector<merkle::Hash>> LedgerPublisher::inclusion(LedgerIndex index, TreeSize size) {
  return merkle::inclusion_proof(tiles_, merkle::LeafIndex(index.value()), size);
}

Result<std::vector<merkle::Hash>> LedgerPublisher::consistency(TreeSize old_size, TreeSize new_size) {
  return merkle::consistency_proof(tiles_, old_size, new_size);
}

Result<api::JournalProof> LedgerPublisher::journal_proof(LedgerIndex index) {
  CROSSLINE_TRY(JournalProof proof, journals_.prove(index));
  return api::JournalProof{std::move(proof.agent), proof.index, proof.size, proof.signature,
                           std::move(proof.hashes)};
}

}  // namespace crossline::server
