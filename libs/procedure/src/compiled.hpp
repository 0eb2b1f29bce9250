// The compiled form of an edition: names become symbols, sets become bit masks, so that one predicate costs
// a few nanoseconds and a decision touches no string.
#pragma once

#include "crossline/procedure/edition.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
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

// Over which time amounts and crossings add up.
enum class Period : std::uint8_t { kCrossing, kDay, kWeek, kMonth };

// One predicate, ready to run: what its operand says, as numbers.
struct Test {
  PredicateKind kind{};
  bool flag = false;
  bool checkpoint_hours = false;  // for hours: those of the movement's checkpoint too
  RelationSet relations;
  std::uint16_t hours_count = 0;  // for hours: how many of CompiledProcedure::hours_named, from `first`
  std::uint32_t first = 0;        // in hours_named, or the first word of its symbols in `masks`
  std::int64_t number = 0;        // the number, or the enumerators, lists or permits of a set as bits
  std::int64_t second = 0;        // the other number of a table
  Period period = Period::kCrossing;
  std::uint16_t declared =
      kNoIndex;  // position of the quota, kind of goods, declared fact or window of a stay
  std::vector<std::uint16_t> several;               // positions of the seasons or kinds of goods of a set
  const std::vector<std::string>* words = nullptr;  // that a declared fact may have, of an enumeration
};

// `count` elements of one of CompiledProcedure's vectors, from `first`.
struct Slice {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  [[nodiscard]] std::uint32_t end() const { return first + count; }
};

// What a clause gives on its own, before relief.
struct Outcome {
  Verdict verdict = Verdict::kAllow;
  bool reported = false;         // see ClauseResult
  bool can_be_relieved = false;  // a demand that counts against the person
};

// One clause of the procedure, in article order.
struct CompiledClause {
  ArticleIndex article = 0;
  ClauseKind kind = ClauseKind::kAdmit;
  std::array<std::array<Outcome, 3>, 3> outcome{};  // by Truth: whether it applies, then whether it holds
  Slice conditions;                                 // of CompiledProcedure::conditions
};

struct CompiledArticle {
  Slice scope;        // its applies_to: of CompiledProcedure::conditions
  Slice clauses;      // of CompiledProcedure::clauses
  Slice exempted_by;  // the clauses that exempt from it: of CompiledProcedure::exempting
};

// Which movements a quota counts; without one of these, all.
struct QuotaScope {
  std::optional<std::uint32_t> checkpoints;  // the first word of a mask
  std::optional<std::uint32_t> categories;
  std::optional<std::int64_t> directions;  // enumerators as bits
};

struct CompiledProcedure {
  Procedure procedure;
  crypto::Hash hash;
  std::vector<std::string> languages;
  Symbols symbols;
  std::vector<Test> tests;  // for each predicate of the procedure
  // All of them once, those of one kind together: run in this order, the processor knows what comes next.
  std::vector<PredicateIndex> by_kind;
  std::vector<CompiledClause> clauses;    // of all articles
  std::vector<CompiledArticle> articles;  // for each article of the procedure
  std::vector<std::uint32_t> exempting;   // positions of clauses, for each article in article order
  std::vector<Slice> duty_clauses;        // for each duty of the procedure, of `imposing`
  std::vector<std::uint32_t> imposing;    // positions of the clauses that impose a duty
  std::array<std::vector<std::int64_t>, 2> windows;  // by side: over which days of presence are counted
  std::array<bool, 2> counts_absence{};              // by side
  std::vector<QuotaScope> quotas;                    // for each quota of the procedure
  std::vector<PredicateIndex> conditions;
  std::vector<std::uint64_t> masks;  // sets of symbols, `mask_words` words each
  std::size_t mask_words = 0;
  std::vector<std::uint16_t> hours_named;  // positions in procedure.hours
  std::vector<std::uint16_t> hours_of;  // by symbol of a checkpoint: position in procedure.hours, or kNoIndex

  CompiledProcedure(Procedure source, crypto::Hash digest);
  [[nodiscard]] bool in_mask(std::uint32_t mask, Symbol symbol) const {
    return symbol != kNoSymbol && (masks[mask + symbol / 64] >> (symbol % 64) & 1) != 0;
  }
  [[nodiscard]] std::span<const PredicateIndex> all_of(Slice conjunction) const {
    return part(conditions, conjunction);
  }
  template <class T>
  [[nodiscard]] static std::span<const T> part(const std::vector<T>& of, Slice slice) {
    return std::span(of).subspan(slice.first, slice.count);
  }
};

}  // namespace crossline::procedure
