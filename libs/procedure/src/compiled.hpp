// The compiled form of an edition: names become symbols, sets become bit masks, so that one predicate costs
// a few nanoseconds and a decision touches no string.
#pragma once

#include "crossline/procedure/edition.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace crossline::procedure {

using Symbol = std::uint16_t;
inline constexpr Symbol kNoSymbol = 0xFFFF;  // a name that the edition never mentions

// The names that occur in the edition's predicates and declarations, sorted; a symbol is a position.
// The views point into the Procedure.
class Symbols {
 public:
  Symbols() = default;
  explicit Symbols(std::vector<std::string_view> names);
  [[nodiscard]] Symbol find(std::string_view name) const;
  [[nodiscard]] std::size_t size() const { return names_.size(); }

 private:
  std::vector<std::string_view> names_;
};

// One predicate, ready to run.
struct Test {
  PredicateKind kind{};
  PredicateIndex predicate = kNoIndex;  // where it comes from
  bool flag = false;
  RelationSet relations;
  std::int64_t number = 0;
  std::uint32_t mask = 0;                // first word of its symbols in CompiledProcedure::masks
  std::vector<std::uint16_t> timelines;  // for hours: positions in procedure.hours
  bool checkpoint_hours = false;         // for hours: those of the movement's checkpoint too
};

struct CompiledProcedure {
  Procedure procedure;
  crypto::Hash hash;
  std::vector<std::string> languages;
  Symbols symbols;
  std::vector<Test> tests;           // for each predicate of the procedure
  std::vector<std::uint64_t> masks;  // sets of symbols, `mask_words` words each
  std::size_t mask_words = 0;
  std::vector<std::uint16_t> hours_of;  // by symbol of a checkpoint: position in procedure.hours, or kNoIndex

  CompiledProcedure(Procedure source, crypto::Hash digest);
  [[nodiscard]] bool in_mask(std::uint32_t mask, Symbol symbol) const {
    return symbol != kNoSymbol && (masks[mask + symbol / 64] >> (symbol % 64) & 1) != 0;
  }
};

}  // namespace crossline::procedure
