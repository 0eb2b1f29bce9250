// The compiled form of an edition: names become symbols, sets become bit masks, so that one predicate costs
// a few nanoseconds and a decision touches no string.
#pragma once

#include "crossline/procedure/edition.hpp"

#include <array>
#include <cstdint>
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
  std::uint16_t declared = kNoIndex;   // position of the quota, the kind of goods or the declared fact
  std::vector<std::uint16_t> several;  // positions of the seasons or kinds of goods of a set
  const Table* table = nullptr;  // of a predicate that is none of the above: notices, convoys, declared facts
};

// A conjunction: `count` positions of tests, from `first` in CompiledProcedure::conditions.
struct Conjunction {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

// One clause of the procedure, in article order.
struct CompiledClause {
  ArticleIndex article = 0;
  ClauseKind kind = ClauseKind::kAdmit;
  std::array<Verdict, 3> outcome{};  // by Truth: what the clause gives when it applies
  Conjunction scope;                 // the article's applies_to
  Conjunction conditions;
};

// An exemption: the clause that grants it, the article that it lifts.
struct Exemption {
  std::uint32_t clause = 0;
  ArticleIndex lifts = 0;
};

struct CompiledProcedure {
  Procedure procedure;
  crypto::Hash hash;
  std::vector<std::string> languages;
  Symbols symbols;
  std::vector<Test> tests;                // for each predicate of the procedure
  std::vector<CompiledClause> clauses;    // of all articles
  std::vector<std::uint32_t> clauses_of;  // by article: where its clauses begin; one more at the end
  std::vector<Exemption> exemptions;      // in article order
  std::vector<std::vector<std::uint16_t>> duties_of;  // by article: positions in procedure.duties
  std::vector<PredicateIndex> conditions;
  std::vector<std::uint64_t> masks;  // sets of symbols, `mask_words` words each
  std::size_t mask_words = 0;
  std::vector<std::uint16_t> hours_named;  // positions in procedure.hours
  std::vector<std::uint16_t> hours_of;  // by symbol of a checkpoint: position in procedure.hours, or kNoIndex

  CompiledProcedure(Procedure source, crypto::Hash digest);
  [[nodiscard]] bool in_mask(std::uint32_t mask, Symbol symbol) const {
    return symbol != kNoSymbol && (masks[mask + symbol / 64] >> (symbol % 64) & 1) != 0;
  }
  [[nodiscard]] std::span<const PredicateIndex> all_of(Conjunction conjunction) const {
    return std::span(conditions).subspan(conjunction.first, conjunction.count);
  }
};

}  // namespace crossline::procedure
