// Strong integer types: an index, a count and a size never mix by accident.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace crossline {

// Wraps an integer under a tag. Construct explicitly, read with value().
template <class Tag, class Rep = std::uint64_t>
class Strong {
 public:
  using rep = Rep;
  constexpr Strong() = default;
  constexpr explicit Strong(Rep value) : value_(value) {}
  [[nodiscard]] constexpr Rep value() const { return value_; }
  // The position one after this one.
  [[nodiscard]] constexpr Strong next() const { return Strong(value_ + 1); }
  friend constexpr auto operator<=>(Strong, Strong) = default;

 private:
  Rep value_ = 0;
};

using JournalIndex = Strong<struct JournalIndexTag>;  // position of an event in its agent's journal, from 0
using LedgerIndex = Strong<struct LedgerIndexTag>;    // position of an entry in the ledger, from 0
using TreeSize = Strong<struct TreeSizeTag>;          // number of leaves of a Merkle tree

}  // namespace crossline

template <class Tag, class Rep>
struct std::hash<crossline::Strong<Tag, Rep>> {
  std::size_t operator()(crossline::Strong<Tag, Rep> strong) const noexcept {
    return std::hash<Rep>{}(strong.value());
  }
};
