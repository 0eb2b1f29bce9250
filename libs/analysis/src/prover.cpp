#include "prover.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace crossline::analysis {

Truth3 both(const Truth3& a, const Truth3& b) {
  return {a.t && b.t, a.f || b.f};
}
Truth3 either(const Truth3& a, const Truth3& b) {
  return {a.t || b.t, a.f && b.f};
}
Truth3 negation(const Truth3& a) {
  return {a.f, a.t};
}

Expr any(z3::context& context, const std::vector<Expr>& some) {
  if (some.empty()) return context.bool_val(false);
  if (some.size() == 1) return some.front();
  z3::expr_vector vector(context);
  for (const Expr& one : some) vector.push_back(one);
  return z3::mk_or(vector);
}
Expr all(z3::context& context, const std::vector<Expr>& some) {
  if (some.empty()) return context.bool_val(true);
  if (some.size() == 1) return some.front();
  z3::expr_vector vector(context);
  for (const Expr& one : some) vector.push_back(one);
  return z3::mk_and(vector);
}

// The plain solver: it keeps what it learnt from one question to the next.
Prover::Prover(const Budget& budget, const Watch& watch)
    : watch_(watch), questions_left_(budget.questions), solver_(context_, z3::solver::simple()) {
  z3::params params(context_);
  params.set("rlimit", budget.steps_per_question);
  params.set("random_seed", 0u);
  solver_.set(params);
}

Expr Prover::literal(const Expr& statement) {
  const Expr name = context_.bool_const(fmt::format("q{}", literals_++).c_str());
  solver_.add(z3::implies(name, statement));
  return name;
}

Expr Prover::literal_once(const Expr& preference) {
  for (const auto& [statement, name] : preferred_)
    if (z3::eq(statement, preference)) return name;
  return preferred_.emplace_back(preference, literal(preference)).second;
}

z3::check_result Prover::check(const std::vector<Expr>& assumptions) {
  z3::expr_vector vector(context_);
  for (const Expr& one : assumptions) vector.push_back(one);
  return solver_.check(vector);
}

Answer Prover::ask(const Expr& question) {
  of_ = std::max(of_, done_ + 1);
  const auto result = questions_left_ > 0 ? check({literal(question)}) : z3::unknown;
  if (questions_left_ > 0) --questions_left_;
  if (watch_) watch_(++done_, of_);
  if (result == z3::unknown) {
    ++not_proven_;
    return Answer::kUnanswered;
  }
  ++proofs_;
  return result == z3::sat ? Answer::kPossible : Answer::kImpossible;
}

z3::model Prover::example(const Expr& question, const std::vector<Expr>& preferences) {
  const Expr asked = literal(question);
  std::vector<Expr> kept;
  for (const Expr& preference : preferences) kept.push_back(literal_once(preference));
  while (true) {
    std::vector<Expr> assumptions = kept;
    assumptions.push_back(asked);
    const auto result = check(assumptions);
    if (result == z3::sat) return solver_.get_model();
    // Of the preferences that conflict, the last one goes; when none is named, the last of all.
    std::size_t dropped = kept.size();
    if (result == z3::unsat) {
      const z3::expr_vector core = solver_.unsat_core();
      for (std::size_t i = kept.size(); i-- > 0 && dropped == kept.size();)
        for (unsigned j = 0; j < core.size(); ++j)
          if (z3::eq(core[j], kept[i])) dropped = i;
    }
    if (kept.empty()) throw z3::exception("an example is gone that was there");
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(dropped == kept.size() ? dropped - 1 : dropped));
  }
}

}  // namespace crossline::analysis
