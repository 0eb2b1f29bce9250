#include "crossline/agent/own_movements.hpp"

#include "crossline/base/assert.hpp"

#include <algorithm>

namespace crossline::agent {
namespace {

bool is_passage(const OwnMovement& movement) {
  return movement.outcome == movement::Outcome::kPassed && !movement.corrected;
}

}  // namespace

std::deque<OwnMovement>::iterator OwnMovements::at_or_after(JournalIndex index) {
  return std::lower_bound(
      movements_.begin(), movements_.end(), index,
      [](const OwnMovement& movement, JournalIndex wanted) { return movement.index < wanted; });
}

void OwnMovements::add(OwnMovement movement) {
  CROSSLINE_ASSERT(movements_.empty() || movements_.back().index < movement.index);
  movements_.push_back(movement);
}

void OwnMovements::place(JournalIndex first, std::span<const LedgerIndex> places) {
  const std::uint64_t end = first.value() + places.size();
  for (auto movement = at_or_after(first); movement != movements_.end() && movement->index.value() < end;
       ++movement)
    movement->placed = places[movement->index.value() - first.value()];
}

void OwnMovements::correct(JournalIndex index) {
  const auto found = at_or_after(index);
  if (found != movements_.end() && found->index == index) found->corrected = true;
}

void OwnMovements::forget(UtcMillis before, LedgerIndex position) {
  std::erase_if(movements_, [&](const OwnMovement& movement) {
    return movement.at < before && movement.placed && *movement.placed < position;
  });
}

const OwnMovement* OwnMovements::find(JournalIndex index) const {
  const auto found = std::lower_bound(
      movements_.begin(), movements_.end(), index,
      [](const OwnMovement& movement, JournalIndex wanted) { return movement.index < wanted; });
  return found != movements_.end() && found->index == index ? &*found : nullptr;
}

const OwnMovement* OwnMovements::last_passage(const crypto::SubjectId& subject, movement::Direction direction,
                                              UtcMillis since) const {
  const auto found = std::find_if(movements_.rbegin(), movements_.rend(), [&](const OwnMovement& movement) {
    return movement.subject == subject && is_passage(movement);
  });
  // Somebody who came back in between is not scanned twice.
  if (found == movements_.rend() || found->direction != direction || found->at < since) return nullptr;
  return &*found;
}

std::vector<OwnMovement> OwnMovements::ahead_of(LedgerIndex position,
                                                const crypto::SubjectId& subject) const {
  std::vector<OwnMovement> ahead;
  std::copy_if(movements_.begin(), movements_.end(), std::back_inserter(ahead),
               [&](const OwnMovement& movement) {
                 const bool in_replica = movement.placed && *movement.placed < position;
                 return movement.subject == subject && is_passage(movement) && !in_replica;
               });
  return ahead;
}

bool OwnMovements::has_unsent(const crypto::SubjectId& subject) const {
  return std::ranges::any_of(movements_, [&](const OwnMovement& movement) {
    return movement.subject == subject && !movement.placed;
  });
}

}  // namespace crossline::agent
