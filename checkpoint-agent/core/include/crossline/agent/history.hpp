// The last movements of the post, as the officer looks back at them.
#pragma once

#include "crossline/agent/traveller.hpp"
#include "crossline/base/strong.hpp"
#include "crossline/base/time.hpp"
#include "crossline/movement/event.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace crossline::agent {

struct HistoryEntry {
  JournalIndex index;
  UtcMillis at;
  movement::Movement movement;
  std::optional<Traveller> traveller;  // only in memory: nothing after a restart
  bool corrected = false;
};

// At most kMaxEntries, the newest last. Holds personal data: never log it. One thread at a time.
class History {
 public:
  static constexpr std::size_t kMaxEntries = 50;

  void add(HistoryEntry entry);
  void correct(JournalIndex index);
  void clear() { entries_.clear(); }
  [[nodiscard]] const std::deque<HistoryEntry>& entries() const { return entries_; }
  [[nodiscard]] const HistoryEntry* find(JournalIndex index) const;

 private:
  std::deque<HistoryEntry> entries_;
};

}  // namespace crossline::agent
