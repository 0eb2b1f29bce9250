#include "crossline/agent/history.hpp"

#include <algorithm>
#include <utility>

namespace crossline::agent {

void History::add(HistoryEntry entry) {
  entries_.push_back(std::move(entry));
  if (entries_.size() > kMaxEntries) entries_.pop_front();
}

void History::correct(JournalIndex index) {
  const auto found = std::ranges::find(entries_, index, &HistoryEntry::index);
  if (found != entries_.end()) found->corrected = true;
}

const HistoryEntry* History::find(JournalIndex index) const {
  const auto found = std::ranges::find(entries_, index, &HistoryEntry::index);
  return found == entries_.end() ? nullptr : &*found;
}

}  // namespace crossline::agent
