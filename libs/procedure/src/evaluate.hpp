// One predicate over the facts.
#pragma once

#include "compiled.hpp"

namespace crossline::procedure {

// The facts of one decision with their names looked up.
class Resolved {
 public:
  Resolved(const CompiledProcedure& compiled, const Facts& facts, UtcMillis instant);
  [[nodiscard]] Truth evaluate(const Test& test) const;

 private:
  [[nodiscard]] Truth in_mask(std::uint32_t mask, const Fact<Symbol>& name) const;
  [[nodiscard]] Truth within_hours(const Test& test) const;
  [[nodiscard]] Truth on_any_list(std::int64_t wanted) const;
  [[nodiscard]] Truth within_season(const Test& test) const;
  [[nodiscard]] Truth stayed(const Fact<std::span<const Stay>>& stays, const Test& test) const;
  [[nodiscard]] Truth absent(const Test& test) const;
  [[nodiscard]] Truth quota(const Test& test) const;
  [[nodiscard]] Truth holds_permit(std::int64_t wanted) const;
  [[nodiscard]] Truth goods_at_most(const Test& test) const;
  [[nodiscard]] Truth goods_forbidden(const Test& test) const;
  [[nodiscard]] Truth declared(const Test& test) const;
  void resolve_lists();
  void resolve_permits();

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
};

// The fact that a predicate looks at.
[[nodiscard]] Observation observe(const CompiledProcedure& compiled, PredicateIndex predicate,
                                  const Facts& facts, UtcMillis instant);

}  // namespace crossline::procedure
