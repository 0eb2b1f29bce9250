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
    for (std::size_t i = 0; i < compiled_.clauses.size(); ++i) out_.results[i] = judge(compiled_.clauses[i]);
    expired_ = instant_ >= compiled_.procedure.until;
    if (expired_) expire();
    for (const Exemption& exemption : compiled_.exemptions) exempt(exemption);
    for (const Override& act : facts_.overrides) override_by(act);
    for (const ClauseResult& result : out_.results) {
      if (result.relief != Relief::kNone) continue;
      if (result.kind == ClauseKind::kAdmit)
        admission_ = std::min(admission_, result.outcome);
      else
        demands_ = worst(demands_, result.outcome);
    }
    collect_duties();
  }

  // After the end only what survives it counts.
  void expire() {
    for (ClauseResult& result : out_.results)
      if (!compiled_.procedure.articles[result.article].survives_expiry) result.relief = Relief::kExpired;
  }

  // The failed demands of an article, which alone can be relieved.
  template <class Relieve>
  void relieve(ArticleIndex article, Relieve relieve) {
    for (std::uint32_t i = compiled_.clauses_of[article]; i < compiled_.clauses_of[article + 1]; ++i) {
      ClauseResult& result = out_.results[i];
      const bool demand = result.kind == ClauseKind::kRequire || result.kind == ClauseKind::kProhibit;
      if (demand && result.relief == Relief::kNone && (result.outcome != Verdict::kAllow || result.reported))
        relieve(result);
    }
  }

  void exempt(const Exemption& exemption) {
    const ClauseResult& grant = out_.results[exemption.clause];
    if (grant.applies != Truth::kTrue || grant.relief != Relief::kNone) return;
    relieve(exemption.lifts, [&grant](ClauseResult& result) {
      result.relief = Relief::kExempted;
      result.relieved_by = grant.article;
    });
  }

  void override_by(const Override& act) {
    const auto& articles = compiled_.procedure.articles;
    const auto article = std::ranges::find(articles, act.article, &Article::id);
    if (article == articles.end() || !article->override_terms) return;
    if (in_effect(act, *article->override_terms))
      relieve(static_cast<ArticleIndex>(article - articles.begin()),
              [](ClauseResult& result) { result.relief = Relief::kOverridden; });
  }

  bool in_effect(const Override& act, const OverrideTerms& terms) const {
    constexpr std::int64_t kMinute_ms = 60'000;
    if (instant_ < act.granted_at || instant_ >= act.granted_at.plus(terms.valid_minutes * kMinute_ms))
      return false;
    const auto among = [](const auto& all, std::string_view wanted) {
      return std::ranges::find(all, wanted) != std::ranges::end(all);
    };
    const auto signers =
        std::ranges::count_if(act.signer_roles, [&](auto role) { return among(terms.roles, role); });
    const auto roles =
        std::ranges::count_if(terms.roles, [&](const auto& role) { return among(act.signer_roles, role); });
    const auto all_roles = static_cast<std::int64_t>(terms.roles.size());
    return signers >= terms.persons && roles >= std::min(terms.persons, all_roles);
  }

  void collect_duties() {
    for (const ClauseResult& result : out_.results) {
      if (result.kind != ClauseKind::kDuty || result.applies == Truth::kFalse ||
          result.relief != Relief::kNone)
        continue;
      const auto& duties = compiled_.duties_of[result.article];
      out_.duties.insert(out_.duties.end(), duties.begin(), duties.end());
    }
    std::ranges::sort(out_.duties);
    out_.duties.erase(std::ranges::unique(out_.duties).begin(), out_.duties.end());
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
    if (clause.kind == ClauseKind::kExempt || clause.kind == ClauseKind::kDuty) return result;
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
    } else if (instant_ < compiled_.procedure.from || (expired_ && admission_ == Verdict::kRefuse)) {
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
      if (result.relief != Relief::kNone) continue;
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
        if (result.kind != ClauseKind::kAdmit || result.relief != Relief::kNone ||
            result.outcome != admission_)
          continue;
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
                           .observed = observe(compiled_, index, facts_, instant_)});
  }

  const CompiledProcedure& compiled_;
  const Facts& facts_;
  UtcMillis instant_;
  Decision& out_;
  bool expired_ = false;
  Verdict admission_ = Verdict::kRefuse;              // the best of all admitting clauses
  Verdict demands_ = Verdict::kAllow;                 // the worst of all others
  std::array<Truth, limits::kMaxPredicates> truths_;  // of each predicate; only as many as there are
};

}  // namespace

void Edition::decide(const Facts& facts, UtcMillis instant, Decision& decision) const {
  Deliberation(*compiled_, facts, instant, decision).run();
}

}  // namespace crossline::procedure
