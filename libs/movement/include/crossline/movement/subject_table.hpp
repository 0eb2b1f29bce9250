// Where the states of all persons are kept.
#pragma once

#include "crossline/movement/state.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace crossline::movement {

// States by pseudonym, in the order in which the persons were first seen; nobody is taken out. Most persons
// are not in the processor's cache when they come again, so what counts is how many places of memory a
// look-up reads: one slot tells whether somebody is there, and where.
//
//   slots_    . | tag 7a.. place 2 | . | . | tag c3.. place 1 | .      a tag's first bits say where to begin
//   entries_  (pseudonym, state) (pseudonym, state)                    place 1, 2
class SubjectTable {
 public:
  using Entry = std::pair<const SubjectId, SubjectState>;

  // The person's state, a new one when there was none. Valid as long as the table.
  SubjectState& operator[](const SubjectId& subject);
  // Null when there is none.
  [[nodiscard]] const SubjectState* find(const SubjectId& subject) const;

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t place = 0;  // one more than the position in entries_; 0: free
  };
  // The slot of the person, or the free one where it belongs.
  [[nodiscard]] std::size_t slot_of(const SubjectId& subject, std::uint32_t tag) const;
  [[nodiscard]] std::size_t first_slot(std::uint32_t tag) const;
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(kFirstSlots);  // a power of two, at most half of them taken
  std::deque<Entry> entries_;

  static constexpr std::size_t kFirstSlots = 16;
};

}  // namespace crossline::movement
