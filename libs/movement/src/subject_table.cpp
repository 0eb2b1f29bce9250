#include "crossline/movement/subject_table.hpp"

#include "crossline/base/assert.hpp"

#include <bit>
#include <functional>
#include <limits>
#include <tuple>
#include <utility>

namespace crossline::movement {
namespace {

// Pseudonyms are spread evenly; made-up ones need not be.
std::uint32_t tag_of_subject(const SubjectId& subject) {
  constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;
  return static_cast<std::uint32_t>((std::hash<SubjectId>{}(subject)*kGolden) >> 32);
}

}  // namespace

std::size_t SubjectTable::first_slot(std::uint32_t tag) const {
  return tag >> (32 - std::countr_zero(slots_.size()));
}

std::size_t SubjectTable::slot_of(const SubjectId& subject, std::uint32_t tag) const {
  std::size_t at = first_slot(tag);
  while (slots_[at].place != 0 && (slots_[at].tag != tag || entries_[slots_[at].place - 1].first != subject))
    at = (at + 1) & (slots_.size() - 1);
  return at;
}

SubjectState& SubjectTable::operator[](const SubjectId& subject) {
  const std::uint32_t tag = tag_of_subject(subject);
  std::size_t at = slot_of(subject, tag);
  if (slots_[at].place != 0) return entries_[slots_[at].place - 1].second;
  if (2 * (entries_.size() + 1) > slots_.size()) {
    grow();
    at = slot_of(subject, tag);
  }
  CROSSLINE_ASSERT(entries_.size() < std::numeric_limits<std::int32_t>::max());
  entries_.emplace_back(std::piecewise_construct, std::tie(subject), std::tuple());
  slots_[at] = {tag, static_cast<std::uint32_t>(entries_.size())};
  return entries_.back().second;
}

const SubjectState* SubjectTable::find(const SubjectId& subject) const {
  const Slot& slot = slots_[slot_of(subject, tag_of_subject(subject))];
  return slot.place == 0 ? nullptr : &entries_[slot.place - 1].second;
}

// Tags are all it takes: no state is looked at.
void SubjectTable::grow() {
  const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
  for (const Slot& slot : before) {
    if (slot.place == 0) continue;
    std::size_t at = first_slot(slot.tag);
    while (slots_[at].place != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

}  // namespace crossline::movement
