// The meaning of a procedure. Every clause is evaluated, nothing is skipped; the worst outcome wins.
#include "compiled.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/procedure/edition.hpp"
#include "evaluate.hpp"

#include <algorithm>
#include <array>

namespace crossline::procedure {
namespace {

Verdict verdict_of(IfUnknown if_unknown) {
  switch (if_unknown) {
    case IfUnknown::kAllowAndReport:
      return Verdict::kAllow;
    case IfUnknown::kRefer:
      return Verdict::kRefer;
    case IfUnknown::kRefuse:
      return Verdict::kRefuse;
  }
  return Verdict::kRefuse;
}

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
    out_.results.clear();
    out_.misses.clear();
    out_.cited.clear();
    out_.duties.clear();
    const auto& articles = compiled_.procedure.articles;
    for (std::size_t i = 0; i < articles.size(); ++i) judge(articles[i], static_cast<ArticleIndex>(i));
    conclude();
    record_misses();
  }

 private:
  Truth all_of(const std::vector<PredicateIndex>& conditions) const {
    Truth all = Truth::kTrue;
    for (const PredicateIndex index : conditions) all = both(all, truths_[index]);
    return all;
  }

  void judge(const Article& article, ArticleIndex index) {
    const Truth applies = all_of(article.applies_to);
    for (const Clause& clause : article.clauses) {
      ClauseResult result{.article = index, .kind = clause.kind, .applies = applies};
      const Truth conditions = all_of(clause.conditions);
      if (clause.kind == ClauseKind::kAdmit)
        judge_admission(article, conditions, result);
      else
        judge_demand(article, clause.kind == ClauseKind::kProhibit ? negation(conditions) : conditions,
                     result);
      out_.results.push_back(result);
    }
  }

  // Unknown applicability counts as not applying.
  void judge_admission(const Article& article, Truth conditions, ClauseResult& result) {
    result.holds = conditions;
    if (result.applies != Truth::kTrue || conditions == Truth::kFalse) {
      result.outcome = Verdict::kRefuse;
    } else if (conditions == Truth::kUnknown) {
      result.outcome = verdict_of(article.if_unknown);
      result.reported = result.outcome == Verdict::kAllow;
    }
    admission_ = std::min(admission_, result.outcome);
  }

  // Unknown applicability counts as applying.
  void judge_demand(const Article& article, Truth holds, ClauseResult& result) {
    result.holds = holds;
    if (result.applies == Truth::kFalse) return;
    if (holds == Truth::kFalse) {
      result.outcome = article.otherwise;
    } else if (holds == Truth::kUnknown) {
      result.outcome = verdict_of(article.if_unknown);
      result.reported = result.outcome == Verdict::kAllow;
    }
    demands_ = worst(demands_, result.outcome);
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
  std::size_t missed(const ClauseResult& result) const {
    std::size_t count = 0;
    for_each_condition(result,
                       [&](PredicateIndex index) { count += truths_[index] != Truth::kTrue ? 1 : 0; });
    return count;
  }

  void cite_nearest() {
    std::size_t fewest = SIZE_MAX;
    for (const ClauseResult& result : out_.results)
      if (result.kind == ClauseKind::kAdmit && result.outcome == admission_)
        fewest = std::min(fewest, missed(result));
    for (const ClauseResult& result : out_.results)
      if (result.kind == ClauseKind::kAdmit && result.outcome == admission_ && missed(result) == fewest)
        cite(result.article);
  }

  template <class Visit>
  void for_each_condition(const ClauseResult& result, Visit visit) const {
    const Article& article = compiled_.procedure.articles[result.article];
    for (const PredicateIndex index : article.applies_to) visit(index);
    for (const Clause& clause : article.clauses)
      if (clause.kind == result.kind)
        for (const PredicateIndex index : clause.conditions) visit(index);
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
      const Article& article = compiled_.procedure.articles[result.article];
      for (const PredicateIndex index : article.applies_to)
        if (truths_[index] != Truth::kTrue) record_miss(i, index);
      for (const Clause& clause : article.clauses) {
        if (clause.kind != result.kind) continue;
        // What a prohibit found to be the case counts against the person; elsewhere, what is not.
        for (const PredicateIndex index : clause.conditions)
          if (clause.kind == ClauseKind::kProhibit || truths_[index] != Truth::kTrue) record_miss(i, index);
      }
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
