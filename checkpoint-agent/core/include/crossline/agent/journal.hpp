// The agent's own log: what is in it happened, and nothing that happened is left out of it.
#pragma once

#include "crossline/agent/ports.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/wire/link.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::agent {

// Serialises each event once, hashes it, signs the head after it and stores all of it before append()
// returns. After a failed write it takes nothing more until recover() has read back what the disk really
// holds. One thread at a time.
class Journal {
 public:
  // Reads the tail and checks it against its own last signature: kCorruptData when they do not fit.
  static Result<Journal> open(std::string_view line, std::string agent, crypto::Signer signer,
                              JournalStore& store);

  struct Draft {
    movement::Event event;  // its agent and journal index are filled in here
    std::optional<IdentityBeside> identity;
  };
  // All drafts in one transaction; the index of the first. On failure nothing counts as recorded and the
  // journal is halted.
  Result<JournalIndex> append(std::vector<Draft> drafts);

  // Why nothing can be recorded, if so.
  [[nodiscard]] const std::optional<Error>& halted() const { return halted_; }
  // Stops recording for a reason that the disk does not know, such as another history under this agent's key.
  void halt(Error why) { halted_ = std::move(why); }
  // Reads the tail from disk again. What a failed append left behind is then part of the journal, or never
  // was.
  Result<void> recover();

  [[nodiscard]] TreeSize size() const { return range_.size(); }
  // The signed head; nothing while the journal is empty.
  [[nodiscard]] const std::optional<wire::SignedHead>& head() const { return head_; }
  // Everything before this index is known to be in the ledger.
  [[nodiscard]] JournalIndex acknowledged() const { return acknowledged_; }
  [[nodiscard]] std::uint64_t unsent() const { return range_.size().value() - acknowledged_.value(); }

  // The ledger has events `first`.. at these places. Requires first + places <= size().
  Result<void> acknowledge(JournalIndex first, std::span<const LedgerIndex> places);

  [[nodiscard]] Result<std::vector<JournalRecord>> read(JournalIndex first, std::size_t count) const;
  // The roots of the perfect subtrees before event `index`, the smallest first: its way to the head whose
  // last leaf it is. At hand for the last kRecentPaths events, otherwise the journal is read from its
  // beginning. kNotFound beyond the end.
  [[nodiscard]] Result<std::vector<merkle::Hash>> path_of(JournalIndex index) const;
  static constexpr std::size_t kRecentPaths = 128;

  // True when `identity` is not what was last recorded of its subject, so that it has to travel.
  [[nodiscard]] Result<bool> is_news(const crypto::SubjectId& subject, std::string_view identity) const;

 private:
  Journal(std::string_view line, std::string agent, crypto::Signer signer, JournalStore& store);

  std::string agent_;
  std::string origin_;
  crypto::Signer signer_;
  JournalStore* store_;
  merkle::CompactRange range_;
  std::optional<wire::SignedHead> head_;
  JournalIndex acknowledged_;
  std::optional<Error> halted_;
  std::deque<merkle::CompactRange> recent_;  // before each of the last events, the newest last
};

}  // namespace crossline::agent
