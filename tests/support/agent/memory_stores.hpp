// The agent's stores in memory, with a disk's vices: what was not synced may be lost in a crash, the latest
// first, and a write may fail with its data kept or lost. They outlive the Station that uses them, as a disk
// does.
#pragma once

#include "crossline/agent/ports.hpp"
#include "crossline/base/assert.hpp"
#include "crossline/crypto/sha256.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossline::testing {

class MemoryJournalStore final : public agent::JournalStore {
 public:
  Result<agent::JournalTail> load() override { return tail_; }

  Result<void> append(std::span<const agent::JournalRecord> records,
                      const merkle::CompactRange& range_after) override {
    CROSSLINE_ASSERT(range_after.size().value() == records_.size() + records.size());
    const std::optional<Failure> failure = std::exchange(failure_, std::nullopt);
    if (failure && !failure->kept) return std::unexpected(failure->error);
    for (const agent::JournalRecord& record : records) {
      records_.push_back(record);
      if (record.identity)
        identities_[record.identity->subject] = crypto::sha256(as_bytes(record.identity->identity));
    }
    tail_.range = range_after;
    unsynced_.clear();  // one log holds all writes: syncing one syncs those before it
    if (failure) return std::unexpected(failure->error);
    return {};
  }

  Result<std::vector<agent::JournalRecord>> read(JournalIndex first, std::size_t count) override {
    const std::size_t begin = std::min<std::size_t>(first.value(), records_.size());
    const std::size_t end = begin + std::min(count, records_.size() - begin);
    return std::vector(records_.begin() + static_cast<std::ptrdiff_t>(begin),
                       records_.begin() + static_cast<std::ptrdiff_t>(end));
  }

  Result<void> acknowledge(JournalIndex first, std::span<const LedgerIndex> places) override {
    if (full_) return fail(ErrorCode::kStorageFull, "no space left");
    CROSSLINE_ASSERT(first.value() + places.size() <= records_.size());
    Undo undo{first, {}, tail_.acknowledged};
    for (std::size_t i = 0; i < places.size(); ++i)
      undo.placed.push_back(std::exchange(records_[first.value() + i].placed, places[i]));
    tail_.acknowledged = std::max(tail_.acknowledged, TreeSize(first.value() + places.size()));
    unsynced_.push_back(std::move(undo));
    return {};
  }

  Result<std::optional<crypto::Hash>> identity_of(const crypto::SubjectId& subject) override {
    const auto found = identities_.find(subject);
    return found == identities_.end() ? std::nullopt : std::optional(found->second);
  }

  // The next append() fails; `kept` says whether its records are there all the same.
  void fail_next_append(ErrorCode code, bool kept) { failure_ = Failure{{code, "injected"}, kept}; }
  // While true, the disk takes nothing.
  void set_full(bool full) {
    full_ = full;
    failure_ =
        full ? std::optional(Failure{{ErrorCode::kStorageFull, "no space left"}, false}) : std::nullopt;
  }
  // Power is lost: of the writes that were not synced only the first `kept` remain.
  void crash(std::size_t kept = 0) {
    while (unsynced_.size() > kept) {
      const Undo& undo = unsynced_.back();
      for (std::size_t i = 0; i < undo.placed.size(); ++i)
        records_[undo.first.value() + i].placed = undo.placed[i];
      tail_.acknowledged = undo.acknowledged;
      unsynced_.pop_back();
    }
    unsynced_.clear();
  }
  [[nodiscard]] std::size_t unsynced() const { return unsynced_.size(); }
  [[nodiscard]] const std::vector<agent::JournalRecord>& records() const { return records_; }

 private:
  struct Failure {
    Error error;
    bool kept;
  };
  struct Undo {
    JournalIndex first;
    std::vector<std::optional<LedgerIndex>> placed;
    TreeSize acknowledged;
  };
  std::vector<agent::JournalRecord> records_;
  std::map<crypto::SubjectId, crypto::Hash> identities_;
  agent::JournalTail tail_;
  std::deque<Undo> unsynced_;
  std::optional<Failure> failure_;
  bool full_ = false;
};

class MemoryReplicaStore final : public agent::ReplicaStore {
 public:
  Result<agent::ReplicaSummary> load() override { return live_.summary; }

  Result<std::optional<std::string>> find(const crypto::SubjectId& subject) override {
    if (unreadable_.contains(subject)) return fail(ErrorCode::kCorruptData, "disk image is malformed");
    const auto found = live_.persons.find(subject);
    return found == live_.persons.end() ? std::nullopt : std::optional(found->second);
  }

  Result<void> put(const agent::ReplicaPiece& piece) override {
    return write([piece](State& state) {
      for (const auto& person : piece.persons) state.persons.insert_or_assign(person.subject, person.state);
      state.summary.closures.insert(state.summary.closures.end(), piece.closures.begin(),
                                    piece.closures.end());
      state.summary.leases.insert(state.summary.leases.end(), piece.leases.begin(), piece.leases.end());
      state.summary.position = piece.to;
    });
  }
  Result<void> put_current_at(UtcMillis at) override {
    return write([at](State& state) { state.summary.current_at = at; });
  }
  Result<void> put_seen_head(const wire::SignedHead& head, UtcMillis seen_at) override {
    return write([head, seen_at](State& state) {
      state.summary.seen_head = head;
      state.summary.ledger_seen_at = seen_at;
    });
  }
  Result<void> put_proven_head(const wire::SignedHead& head) override {
    return write([head](State& state) { state.summary.proven_head = head; });
  }
  Result<void> put_edition(const agent::KeptEdition& edition) override {
    CROSSLINE_CHECK_OK(write([edition](State& state) {
      auto& kept = state.summary.editions;
      std::erase_if(kept, [&](const auto& one) { return one.number == edition.number; });
      kept.insert(std::ranges::upper_bound(kept, edition.number, {}, &agent::KeptEdition::number), edition);
    }));
    sync();
    return {};
  }

  void set_full(bool full) { full_ = full; }
  // The disk is damaged where the person's record lies.
  void damage(const crypto::SubjectId& subject) { unreadable_.insert(subject); }
  void mend() { unreadable_.clear(); }
  // Power is lost: of the writes that were not synced only the first `kept` remain.
  void crash(std::size_t kept = 0) {
    unsynced_.resize(std::min(kept, unsynced_.size()));
    for (const Write& write : unsynced_) write(durable_);
    unsynced_.clear();
    live_ = durable_;
  }
  [[nodiscard]] std::size_t unsynced() const { return unsynced_.size(); }

 private:
  struct State {
    agent::ReplicaSummary summary;
    std::map<crypto::SubjectId, std::string> persons;
  };
  using Write = std::function<void(State&)>;
  static constexpr std::size_t kMaxUnsynced = 256;  // a real disk does not wait for ever either

  Result<void> write(Write write) {
    if (full_) return fail(ErrorCode::kStorageFull, "no space left");
    write(live_);
    unsynced_.push_back(std::move(write));
    if (unsynced_.size() > kMaxUnsynced) sync();
    return {};
  }
  void sync() {
    for (const Write& write : unsynced_) write(durable_);
    unsynced_.clear();
  }

  State durable_;
  State live_;
  std::vector<Write> unsynced_;
  std::set<crypto::SubjectId> unreadable_;
  bool full_ = false;
};

}  // namespace crossline::testing
