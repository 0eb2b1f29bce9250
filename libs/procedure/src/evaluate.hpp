// The predicates over the facts.
#pragma once

#include "compiled.hpp"
#include "vocabulary.hpp"

#include <array>
#include <optional>

namespace crossline::procedure {

// The facts of one decision with their names looked up and their days counted: what several predicates ask is
// found out once. Borrows the procedure and the facts.
class Resolved {
 public:
  Resolved(const CompiledProcedure& compiled, const Facts& facts, UtcMillis instant);
  [[nodiscard]] Truth evaluate(const Test& test) const;
  // The fact that a predicate looks at.
  [[nodiscard]] Observation observe(PredicateIndex predicate) const;

 private:
  [[nodiscard]] Truth in_mask(std::uint32_t mask, const Fact<Symbol>& name) const;
  [[nodiscard]] Truth within_hours(const Test& test) const;
  [[nodiscard]] Truth on_any_list(std::int64_t wanted) const;
  [[nodiscard]] Truth within_season(const Test& test) const;
  [[nodiscard]] Truth stayed(Side side, const Test& test) const;
  [[nodiscard]] Truth absent(const Test& test) const;
  [[nodiscard]] Truth quota(const Test& test) const;
  [[nodiscard]] Truth holds_permit(std::int64_t wanted) const;
  [[nodiscard]] Truth goods_at_most(const Test& test) const;
  [[nodiscard]] Truth goods_forbidden(const Test& test) const;
  [[nodiscard]] Truth declared(const Test& test) const;
  void resolve_lists();
  void resolve_permits();
  void count_days();
  [[nodiscard]] const Fact<std::span<const Stay>>& stays_on(Side side) const {
    return side == Side::kA ? facts_.stays_on_a : facts_.stays_on_b;
  }

  const CompiledProcedure& compiled_;
  const Facts& facts_;
  UtcMillis instant_;
  Fact<Symbol> category_;
  Fact<Symbol> checkpoint_;
  Fact<Symbol> document_kind_;
  Fact<Symbol> document_issuer_;
  std::uint64_t on_lists_ = 0;       // bits of the declared lists that the person is on
  std::uint64_t unknown_lists_ = 0;  // and of those of which nothing is known, or only what is too old
  std::uint64_t permits_ = 0;        // bits of the declared kinds of which the person holds a valid one
  // By side, where the stays are known. Used days: for each of the procedure's windows, no more.
  std::array<std::array<std::int64_t, kMaxWindowDays>, 2> used_days_;
  std::array<std::optional<std::int64_t>, 2> days_absent_;  // where the procedure asks
};

}  // namespace crossline::procedure
