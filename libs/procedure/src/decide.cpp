// The meaning of a procedure. Every clause is evaluated, nothing is skipped; the worst outcome wins.
#include "compiled.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/procedure/edition.hpp"
#include "evaluate.hpp"

#include <algorithm>
#include <array>

namespace crossline::procedure {
namespace {

// One decision in the making.
class Deliberation {
 public:
  Deliberation(const CompiledProcedure& compiled, const Facts& facts, UtcMillis instant, Decision& out)
      : compiled_(compiled), facts_(facts), instant_(instant), out_(out) {
    const Resolved resolved(compiled, facts, instant);
    for (std::size_t i = 0; i < compiled.tests.size(); ++i) truths_[i] = resolved.evaluate(compiled.tests[i]);
  }

  void run() {
    out_.edition = compiled_.hash;
    out_.misses.clear();
    out_.cited.clear();
    out_.duties.clear();
    judge_all();
    conclude();
    record_misses();
  }

 private:
  Truth all_of(Conjunction conjunction) const {
    Truth all = Truth::kTrue;
    for (const PredicateIndex index : compiled_.all_of(conjunction)) all = both(all, truths_[index]);
    return all;
  }

  void judge_all() {
    out_.results.resize(compiled_.clauses.size());
    for (std::size_t i = 0; i < compiled_.clauses.size(); ++i) {
      const CompiledClause& clause = compiled_.clauses[i];
      out_.results[i] = judge(clause);
      if (clause.kind == ClauseKind::kAdmit)
        admission_ = std::min(admission_, out_.results[i].outcome);
      else
        demands_ = worst(demands_, out_.results[i].outcome);
    }
  }

  // Unknown applicability counts as not applying for an admission, as applying for everything else.
  ClauseResult judge(const CompiledClause& clause) const {
    const Truth conditions = all_of(clause.conditions);
    ClauseResult result{
        .article = clause.article,
        .kind = clause.kind,
        .applies = all_of(clause.scope),
        .holds = clause.kind == ClauseKind::kProhibit ? negation(conditions) : conditions,
    };
    const bool admits = clause.kind == ClauseKind::kAdmit;
    if (admits ? result.applies != Truth::kTrue : result.applies == Truth::kFalse) {
      result.outcome = admits ? Verdict::kRefuse : Verdict::kAllow;
    } else {
      result.outcome = clause.outcome[static_cast<std::size_t>(result.holds)];
      result.reported = result.holds == Truth::kUnknown && result.outcome == Verdict::kAllow;
    }
    return result;
  }

  void conclude() {
    if (facts_.returning.known && facts_.returning.value) {
      set(Verdict::kAllow, Basis::kReturn);
    } else if (instant_ < compiled_.procedure.from || instant_ >= compiled_.procedure.until) {
      set(Verdict::kRefuse, Basis::kNotInForce);
    } else if (admission_ == Verdict::kRefuse || admission_ > demands_) {
      set(admission_, Basis::kNotAdmitted);
      cite_nearest();
    } else {
      set(worst(admission_, demands_), Basis::kClauses);
      cite_deciding();
    }
  }

  void set(Verdict verdict, Basis basis) {
    out_.verdict = verdict;
    out_.basis = basis;
  }

  void cite(ArticleIndex article) {
    if (out_.cited.empty() || out_.cited.back() != article) out_.cited.push_back(article);
  }

  void cite_deciding() {
    for (const ClauseResult& result : out_.results) {
      const bool admits = result.kind == ClauseKind::kAdmit;
      if (out_.verdict == Verdict::kAllow
              ? admits && result.outcome == Verdict::kAllow
              : result.outcome == out_.verdict && (!admits || admission_ == out_.verdict))
        cite(result.article);
    }
  }

  // How many of its conditions an admitting clause missed.
  std::size_t missed(const CompiledClause& clause) const {
    const auto fails = [this](PredicateIndex index) { return truths_[index] != Truth::kTrue; };
    return static_cast<std::size_t>(std::ranges::count_if(compiled_.all_of(clause.scope), fails) +
                                    std::ranges::count_if(compiled_.all_of(clause.conditions), fails));
  }

  void cite_nearest() {
    std::size_t fewest = SIZE_MAX;
    for (const bool citing : {false, true})
      for (std::size_t i = 0; i < out_.results.size(); ++i) {
        const ClauseResult& result = out_.results[i];
        if (result.kind != ClauseKind::kAdmit || result.outcome != admission_) continue;
        const std::size_t misses = missed(compiled_.clauses[i]);
        if (!citing)
          fewest = std::min(fewest, misses);
        else if (misses == fewest)
          cite(result.article);
      }
  }

  // For each clause that counts against the person, what kept it from holding.
  void record_misses() {
    const bool admitted = admission_ == Verdict::kAllow;
    for (std::size_t i = 0; i < out_.results.size(); ++i) {
      const ClauseResult& result = out_.results[i];
      const bool counts = result.kind == ClauseKind::kAdmit
                              ? !admitted && std::ranges::binary_search(out_.cited, result.article)
                              : result.outcome != Verdict::kAllow || result.reported;
      if (!counts) continue;
      const CompiledClause& clause = compiled_.clauses[i];
      for (const PredicateIndex index : compiled_.all_of(clause.scope))
        if (truths_[index] != Truth::kTrue) record_miss(i, index);
      // What a prohibit found to be the case counts against the person; elsewhere, what is not.
      for (const PredicateIndex index : compiled_.all_of(clause.conditions))
        if (clause.kind == ClauseKind::kProhibit || truths_[index] != Truth::kTrue) record_miss(i, index);
    }
  }

  void record_miss(std::size_t result, PredicateIndex index) {
    out_.misses.push_back({.result = static_cast<std::uint16_t>(result),
                           .predicate = index,
                           .truth = truths_[index],
                           .observed = observe(compiled_.procedure.predicates[index], facts_, instant_)});
  }

  const CompiledProcedure& compiled_;
  const Facts& facts_;
  UtcMillis instant_;
  Decision& out_;
  Verdict admission_ = Verdict::kRefuse;              // the best of all admitting clauses
  Verdict demands_ = Verdict::kAllow;                 // the worst of all others
  std::array<Truth, limits::kMaxPredicates> truths_;  // of each predicate; only as many as there are
};

}  // namespace

void Edition::decide(const Facts& facts, UtcMillis instant, Decision& decision) const {
  Deliberation(*compiled_, facts, instant, decision).run();
}

}  // namespace crossline::procedure
