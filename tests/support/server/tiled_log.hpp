// The public log of a ledger in memory, on the real tiles.
#pragma once

#include "crossline/api/public_log.hpp"
#include "crossline/engine/journal_proofs.hpp"
#include "crossline/engine/ledger_tiles.hpp"
#include "tests/support/server/memory_tile_store.hpp"
#include "tests/support/server/server_core.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crossline::testing {

// That of ServerCore.
inline merkle::NoteVerifierKey ledger_key() {
  return merkle::NoteVerifierKey::make(merkle::ledger_origin(kLine), merkle::NoteKeyType::kEd25519,
                                       signer_of(1).public_key());
}

// One thread at a time. Nothing is published before publish().
class TiledLog final : public api::PublicLog {
 public:
  TiledLog(server::LedgerStore& ledger, merkle::NoteVerifierKey key)
      : ledger_(ledger), key_(std::move(key)) {}

  // The newest head of the store; with `settled`, as cosigned by witness-a and witness-b, unverified.
  void publish(bool settled = false) {
    const auto snapshot = ledger_.load().value();
    const auto& [head, signature] = snapshot.head.value();
    tiles_.advance(head).value();
    api::PublishedHead published{
        head,
        {merkle::tree_head_text(key_.name, head), {{key_.name, key_.key_id, to_bytes(signature.bytes)}}},
        {}};
    if (settled) {
      published.cosigners = {{"witness-a", 1'790'000'000}, {"witness-b", 1'790'000'001}};
      state_.has_witnesses = true;
      state_.settled = published;
    }
    state_.newest = std::move(published);
  }

  [[nodiscard]] api::LogState state() const override { return state_; }
  Result<Bytes> tile(const merkle::TilePath& path) override { return tiles_.tile(path); }
  Result<std::string> entry(LedgerIndex index) override {
    auto entries = ledger_.read(index, 1).value();
    if (entries.empty()) return fail(ErrorCode::kNotFound, "no entry");
    return entries.front();
  }
  Result<std::string> edition(const crypto::Hash& hash) override {
    auto sealed = ledger_.edition(hash).value();
    if (!sealed) return fail(ErrorCode::kNotFound, "no edition");
    return *std::move(sealed);
  }
  Result<std::string> edition_envelope(const crypto::Hash& hash) override {
    auto envelope = ledger_.edition_envelope(hash).value();
    if (!envelope) return fail(ErrorCode::kNotFound, "no envelope");
    return *std::move(envelope);
  }
  Result<std::vector<merkle::Hash>> inclusion(LedgerIndex index, TreeSize size) override {
    return merkle::inclusion_proof(tiles_, merkle::LeafIndex(index.value()), size);
  }
  Result<std::vector<merkle::Hash>> consistency(TreeSize old_size, TreeSize new_size) override {
    return merkle::consistency_proof(tiles_, old_size, new_size);
  }
  Result<api::JournalProof> journal_proof(LedgerIndex index) override {
    CROSSLINE_TRY(auto proof, journals_.prove(index));
    return api::JournalProof{proof.agent, proof.index, proof.size, proof.signature, proof.hashes};
  }

 private:
  server::LedgerStore& ledger_;
  merkle::NoteVerifierKey key_;
  MemoryTileStore store_;
  server::JournalProofs journals_{ledger_};
  server::LedgerTiles tiles_{ledger_, store_};
  api::LogState state_;
};

}  // namespace crossline::testing
