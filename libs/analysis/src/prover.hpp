// One conversation with the solver: a growing set of statements that hold, and bounded questions about them.
#pragma once

#include "crossline/analysis/finding.hpp"

#include <optional>
#include <vector>

#include <z3++.h>

namespace crossline::analysis {

using Expr = z3::expr;

// Kleene's truth as two formulas; neither: unknown.
struct Truth3 {
  Expr t;
  Expr f;
  [[nodiscard]] Expr unknown() const { return !t && !f; }
};
[[nodiscard]] Truth3 both(const Truth3& a, const Truth3& b);
[[nodiscard]] Truth3 either(const Truth3& a, const Truth3& b);
[[nodiscard]] Truth3 negation(const Truth3& a);
[[nodiscard]] Expr any(z3::context& context, const std::vector<Expr>& some);
[[nodiscard]] Expr all(z3::context& context, const std::vector<Expr>& some);

enum class Answer : std::uint8_t { kPossible, kImpossible, kUnanswered };

// Not copyable; everything made from `context` must not outlive it. May throw z3::exception, which the
// library's entry points catch.
class Prover {
 public:
  explicit Prover(const Budget& budget, const Watch& watch);
  Prover(const Prover&) = delete;
  Prover& operator=(const Prover&) = delete;

  z3::context& context() { return context_; }
  // From now on only what satisfies this is possible.
  void assume(const Expr& statement) { solver_.add(statement); }

  // Whether something satisfies the question; counts as a proof, or as not proven.
  Answer ask(const Expr& question);
  // After kPossible: an example that satisfies as many of `preferences` as a greedy search finds, the first
  // ones foremost.
  z3::model example(const Expr& question, const std::vector<Expr>& preferences);

  void expect(std::size_t more) { of_ += more; }
  [[nodiscard]] std::size_t proofs() const { return proofs_; }
  [[nodiscard]] std::size_t not_proven() const { return not_proven_; }

 private:
  Expr literal(const Expr& statement);
  Expr literal_once(const Expr& preference);
  z3::check_result check(const std::vector<Expr>& assumptions);

  const Watch& watch_;
  std::size_t questions_left_;
  z3::context context_;
  z3::solver solver_;
  std::size_t literals_ = 0;
  std::vector<std::pair<Expr, Expr>> preferred_;  // statement and its literal
  std::size_t proofs_ = 0;
  std::size_t not_proven_ = 0;
  std::size_t done_ = 0;
  std::size_t of_ = 0;
};

}  // namespace crossline::analysis
