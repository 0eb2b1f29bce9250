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
  [[nodiscard]] Truth within_hours(const Test& test) const;
  [[nodiscard]] Truth on_any_list(std::int64_t wanted) const;
  void resolve_lists();

  const CompiledProcedure& compiled_;
  const Facts& facts_;
  UtcMillis instant_;
  Fact<Symbol> category_;
  Fact<Symbol> checkpoint_;
  Fact<Symbol> document_kind_;
  Fact<Symbol> document_issuer_;
  std::uint64_t on_lists_ = 0;       // bits of the declared lists that the person is on
  std::uint64_t unknown_lists_ = 0;  // and of those of which nothing is known
};

// The fact that a predicate of this kind looks at.
[[nodiscard]] Observation observe(const Predicate& predicate, const Facts& facts, UtcMillis instant);

}  // namespace crossline::procedure
