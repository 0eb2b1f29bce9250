// A LedgerStore in memory that keeps the port's promises, and breaks them on request.
#pragma once

#include "crossline/base/assert.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/server/ports.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "tests/support/server/disk_faults.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace crossline::testing {

class MemoryLedgerStore final : public server::LedgerStore {
 public:
  DiskFaults faults;

  // The process dies: what was not synced is gone. The store may then be loaded again.
  void crash() {
    const std::lock_guard lock(mutex_);
    writes_.resize(synced_);
    state_ = {};
    for (const Write& write : writes_) apply(write);
  }
  [[nodiscard]] std::uint64_t size() const {
    const std::lock_guard lock(mutex_);
    return state_.entries.size();
  }

  Result<server::LedgerSnapshot> load() override {
    const std::lock_guard lock(mutex_);
    server::LedgerSnapshot snapshot;
    snapshot.range = state_.range;
    if (!state_.heads.empty()) snapshot.head = state_.heads.rbegin()->second;
    for (const auto& [agent, journal] : state_.journals) snapshot.journals.push_back(journal);
    snapshot.suspended.assign(state_.suspended.begin(), state_.suspended.end());
    return snapshot;
  }

  Result<void> append(const server::Commit& commit) override {
    const std::lock_guard lock(mutex_);
    CROSSLINE_ASSERT(commit.first.value() == state_.entries.size());
    return write(commit);
  }

  Result<std::optional<wire::SignedHead>> head() override {
    const std::lock_guard lock(mutex_);
    if (state_.heads.empty()) return std::nullopt;
    return std::optional(state_.heads.rbegin()->second);
  }
  Result<std::vector<std::string>> read(LedgerIndex first, std::size_t count) override {
    const std::lock_guard lock(mutex_);
    const std::size_t begin = std::min<std::size_t>(first.value(), state_.entries.size());
    const std::size_t end = std::min(begin + count, state_.entries.size());
    return std::vector<std::string>(std::next(state_.entries.begin(), static_cast<std::ptrdiff_t>(begin)),
                                    std::next(state_.entries.begin(), static_cast<std::ptrdiff_t>(end)));
  }

  Result<wire::SignedHead> head_of(LedgerIndex index) override {
    const std::lock_guard lock(mutex_);
    const auto found = state_.heads.upper_bound(index.value());
    if (found == state_.heads.end())
      return fail(ErrorCode::kNotFound, "the ledger has no entry {}", index.value());
    return found->second;
  }

  Result<std::optional<server::Run>> find(std::string_view agent, JournalIndex index) override {
    const std::lock_guard lock(mutex_);
    const auto runs = state_.runs.find(agent);
    if (runs == state_.runs.end()) return std::nullopt;
    auto run = runs->second.upper_bound(index.value());
    if (run == runs->second.begin()) return std::nullopt;
    --run;
    if (index.value() >= run->first + run->second.count) return std::nullopt;
    return std::optional(run->second);
  }

  Result<void> put_edition(std::string_view sealed, std::string_view envelope) override {
    const std::lock_guard lock(mutex_);
    return write(Edition{std::string(sealed), std::string(envelope)});
  }
  Result<std::optional<std::string>> edition(const crypto::Hash& hash) override {
    const std::lock_guard lock(mutex_);
    const auto found = state_.editions.find(hash);
    return found == state_.editions.end() ? std::nullopt : std::optional(found->second.sealed);
  }
  Result<std::optional<std::string>> edition_envelope(const crypto::Hash& hash) override {
    const std::lock_guard lock(mutex_);
    const auto found = state_.editions.find(hash);
    if (found == state_.editions.end() || found->second.envelope.empty()) return std::nullopt;
    return std::optional(found->second.envelope);
  }
  Result<std::vector<crypto::Hash>> edition_hashes() override {
    const std::lock_guard lock(mutex_);
    std::vector<crypto::Hash> hashes;
    for (const auto& [hash, sealed] : state_.editions) hashes.push_back(hash);
    std::ranges::sort(hashes);
    return hashes;
  }

  Result<void> add_evidence(const server::ForkEvidence& evidence) override {
    const std::lock_guard lock(mutex_);
    return write(evidence);
  }
  Result<std::vector<server::ForkEvidence>> evidence() override {
    const std::lock_guard lock(mutex_);
    return state_.evidence;
  }
  Result<void> lift_suspension(std::string_view agent) override {
    const std::lock_guard lock(mutex_);
    if (!state_.suspended.contains(std::string(agent))) {
      return fail(ErrorCode::kNotFound, "agent {} is not suspended", agent);
    }
    return write(Lift{std::string(agent)});
  }

 private:
  struct Edition {
    std::string sealed;
    std::string envelope;
  };
  struct Lift {
    std::string agent;
  };
  using Write = std::variant<server::Commit, Edition, server::ForkEvidence, Lift>;
  struct State {
    std::vector<std::string> entries;
    std::map<std::uint64_t, wire::SignedHead> heads;  // by size
    merkle::CompactRange range;
    std::map<std::string, server::JournalState> journals;
    std::map<std::string, std::map<std::uint64_t, server::Run>, std::less<>> runs;
    std::map<crypto::Hash, Edition> editions;
    std::vector<server::ForkEvidence> evidence;
    std::set<std::string> suspended;
  };

  Result<void> write(Write what) {
    const auto fault = faults.take();
    if (fault && *fault != WriteFault::kFailsAndIsKept) return DiskFaults::error_of(*fault);
    apply(what);
    writes_.push_back(std::move(what));
    if (faults.syncs()) synced_ = writes_.size();
    if (fault) return DiskFaults::error_of(*fault);
    return {};
  }

  void apply(const Write& what) {
    std::visit([this](const auto& one) { apply_one(one); }, what);
  }
  void apply_one(const server::Commit& commit) {
    state_.entries.insert(state_.entries.end(), commit.entries.begin(), commit.entries.end());
    state_.range = commit.range;
    state_.heads[commit.range.size().value()] = {{commit.range.size(), commit.range.root()},
                                                 commit.head_signature};
    for (const auto& [agent, post] : commit.grown)
      state_.journals.try_emplace(agent, server::JournalState{agent, post, {}, {}});
    add_journals(commit);
  }
  void add_journals(const server::Commit& commit) {
    server::Run* last = nullptr;
    for (std::size_t i = 0; i < commit.entries.size(); ++i) {
      const auto entry = wire::decode_ledger_entry(as_bytes(commit.entries[i]));
      CROSSLINE_ASSERT(entry.has_value());
      server::JournalState& journal = state_.journals.at(entry->agent);
      journal.range.append(merkle::leaf_hash(as_bytes(entry->event)));
      if (entry->head_signature) journal.head_signature = *entry->head_signature;
      auto& runs = state_.runs[entry->agent];
      if (last != nullptr && last->agent == entry->agent) {
        last->count += 1;
        continue;
      }
      const std::uint64_t first = runs.empty() ? 0 : runs.rbegin()->first + runs.rbegin()->second.count;
      last = &runs[first];
      *last = {entry->agent, JournalIndex(first), LedgerIndex(commit.first.value() + i), 1};
    }
  }
  void apply_one(const Edition& edition) {
    Edition& kept = state_.editions[crypto::sha256(as_bytes(edition.sealed))];
    kept.sealed = edition.sealed;
    if (kept.envelope.empty()) kept.envelope = edition.envelope;
  }
  void apply_one(const server::ForkEvidence& found) {
    state_.evidence.push_back(found);
    state_.suspended.insert(found.agent);
  }
  void apply_one(const Lift& lift) { state_.suspended.erase(lift.agent); }

  mutable std::mutex mutex_;
  State state_;
  std::vector<Write> writes_;
  std::size_t synced_ = 0;
};

}  // namespace crossline::testing
