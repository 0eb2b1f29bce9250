// Publishes what the sequencer has committed: tiles first, then the head.
#pragma once

#include "crossline/api/public_log.hpp"
#include "crossline/engine/journal_proofs.hpp"
#include "crossline/engine/ledger_tiles.hpp"
#include "crossline/runtime/blocking_pool.hpp"
#include "crossline/runtime/channel.hpp"
#include "crossline/runtime/task.hpp"

#include <functional>
#include <mutex>
#include <optional>

namespace crossline::server {

// Thread-safe. Follows the ledger through its own store, on its own thread: commits never wait for it.
class LedgerPublisher final : public api::PublicLog {
 public:
  // `executor` runs run(); `key` is the ledger's. The rest outlives it.
  LedgerPublisher(runtime::Executor executor, LedgerTiles& tiles, LedgerStore& ledger,
                  merkle::NoteVerifierKey key, runtime::LogFn log);

  // What has been committed last. Does not block.
  void note(const wire::SignedHead& head);
  // Publishes until cancelled. Calls `published` after each head.
  [[nodiscard]] runtime::Task<> run(std::function<void()> published);
  // A head that the quorum has cosigned; ignored unless it is larger than the settled one.
  void settle(api::PublishedHead head);
  void expect_witnesses();
  // Whether some commit of this ledger had exactly this head, on the disk as well as now. Reads the disk.
  Result<bool> has_been(const merkle::TreeHead& head);

  [[nodiscard]] api::LogState state() const override;
  Result<Bytes> tile(const merkle::TilePath& path) override;
  Result<std::string> entry(LedgerIndex index) override;
  Result<std::string> edition(const crypto::Hash& hash) override;
  Result<std::string> edition_envelope(const crypto::Hash& hash) override;
  Result<std::vector<merkle::Hash>> inclusion(LedgerIndex index, TreeSize size) override;
  Result<std::vector<merkle::Hash>> consistency(TreeSize old_size, TreeSize new_size) override;
  Result<api::JournalProof> journal_proof(LedgerIndex index) override;

 private:
  [[nodiscard]] std::optional<wire::SignedHead> unpublished() const;
  void publish(const wire::SignedHead& head);

  LedgerTiles& tiles_;
  LedgerStore& ledger_;
  JournalProofs journals_;
  const merkle::NoteVerifierKey key_;
  const runtime::LogFn log_;
  runtime::WakeUp wake_up_;
  mutable std::mutex mutex_;
  std::optional<wire::SignedHead> committed_;
  api::LogState state_;
  runtime::BlockingPool hashing_;  // last: its jobs end first
};

}  // namespace crossline::server
