// What the ledger's entries say of the agents' journals. Pure.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/base/result.hpp"
#include "crossline/merkle/tree.hpp"
#include "crossline/server/ports.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace crossline::server {

// How far the ledger has come with one journal.
struct FoldedJournal {
  merkle::CompactRange range;
  crypto::Signature head_signature;  // the last that came, of the head that it covers
  bool changed = false;              // since settle()
};

// The agents' journals after the first range().size() entries of the ledger.
class JournalFold {
 public:
  using Journals = std::map<std::string, FoldedJournal, std::less<>>;

  JournalFold() = default;
  JournalFold(merkle::CompactRange range, Journals journals)
      : range_(std::move(range)), journals_(std::move(journals)) {}

  // The ledger's next entry. kCorruptData, naming it, when it does not decode; the fold is as before.
  Result<void> take(ByteView entry);

  [[nodiscard]] const merkle::CompactRange& range() const { return range_; }  // of the ledger
  [[nodiscard]] const Journals& journals() const { return journals_; }
  // Of the entries since settle(), in their order.
  [[nodiscard]] const std::vector<Run>& runs() const { return runs_; }
  // What was new is kept elsewhere.
  void settle();

 private:
  void extend_run(const std::string& agent, JournalIndex index);

  merkle::CompactRange range_;
  Journals journals_;
  std::vector<Run> runs_;
};

}  // namespace crossline::server
