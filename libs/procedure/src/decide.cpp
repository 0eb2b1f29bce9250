// The meaning of a procedure. Every clause is evaluated, nothing is skipped; the worst outcome wins.
#include "compiled.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/override.hpp"
#include "evaluate.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace crossline::procedure {
namespace {

constexpr std::uint32_t kNotYet = UINT32_MAX;

// One decision in the making.
class Deliberation {
 public:
  Deliberation(const CompiledProcedure& compiled, const Facts& facts, UtcMillis instant, Decision& out)
      : compiled_(compiled),
        facts_(facts),
        instant_(instant),
        out_(out),
        resolved_(compiled, facts, instant) {
    for (const PredicateIndex i : compiled.by_kind) truths_[i] = resolved_.evaluate(compiled.tests[i]);
  }

  void run() {
    out_.edition = compiled_.hash;
    out_.misses.clear();
    out_.cited.clear();
    out_.duties.clear();
    judge_all();
    conclude();
    std::fill_n(miss_of_.begin(), compiled_.tests.size(), kNotYet);
    record_misses();
  }

 private:
  Truth all_of(Slice conjunction) const {
    Truth all = Truth::kTrue;
    for (const PredicateIndex index : compiled_.all_of(conjunction)) all = both(all, truths_[index]);
    return all;
  }

  void judge_all() {
    out_.results.resize(compiled_.clauses.size());
    for (std::size_t i = 0; i < compiled_.articles.size(); ++i) judge(static_cast<ArticleIndex>(i));
    expired_ = instant_ >= compiled_.procedure.until;
    if (expired_) expire();
    for (const ArticleIndex article : std::span(failing_).first(failing_count_)) exempt(article);
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

  void judge(ArticleIndex index) {
    const CompiledArticle& article = compiled_.articles[index];
    const auto clauses = compiled_.part(compiled_.clauses, article.clauses);
    const Truth applies = all_of(article.scope);
    ClauseResult* result = out_.results.data() + article.clauses.first;
    bool fails = false;
    for (const CompiledClause& clause : clauses) {
      const Truth conditions = all_of(clause.conditions);
      const Truth holds = clause.kind == ClauseKind::kProhibit ? negation(conditions) : conditions;
      const Outcome& outcome = clause.outcome[std::to_underlying(applies)][std::to_underlying(holds)];
      fails |= outcome.can_be_relieved;
      *result++ = {.article = index,
                   .kind = clause.kind,
                   .applies = applies,
                   .holds = holds,
                   .outcome = outcome.verdict,
                   .reported = outcome.reported};
    }
    if (fails) failing_[failing_count_++] = index;
  }

  // After the end only what survives it counts.
  void expire() {
    for (ClauseResult& result : out_.results)
      if (!compiled_.procedure.articles[result.article].survives_expiry) result.relief = Relief::kExpired;
  }

  // The failed demands of an article, which alone can be relieved.
  template <class Relieve>
  void relieve(ArticleIndex article, Relieve relieve) {
    const Slice clauses = compiled_.articles[article].clauses;
    for (ClauseResult& result : std::span(out_.results).subspan(clauses.first, clauses.count)) {
      const bool demand = result.kind == ClauseKind::kRequire || result.kind == ClauseKind::kProhibit;
      if (demand && result.relief == Relief::kNone && (result.outcome != Verdict::kAllow || result.reported))
        relieve(result);
    }
  }

  // By the first article that does, of those that may.
  void exempt(ArticleIndex article) {
    for (const std::uint32_t clause :
         compiled_.part(compiled_.exempting, compiled_.articles[article].exempted_by)) {
      const ClauseResult& grant = out_.results[clause];
      if (grant.applies != Truth::kTrue || grant.relief != Relief::kNone) continue;
      return relieve(article, [&grant](ClauseResult& result) {
        result.relief = Relief::kExempted;
        result.relieved_by = grant.article;
      });
    }
  }

  void override_by(const Override& act) {
    const auto& articles = compiled_.procedure.articles;
    const auto article = std::ranges::find(articles, act.article, &Article::id);
    if (article == articles.end() || !article->override_terms) return;
    if (in_effect(act, *article->override_terms, instant_))
      relieve(static_cast<ArticleIndex>(article - articles.begin()),
              [](ClauseResult& result) { result.relief = Relief::kOverridden; });
  }

  void collect_duties() {
    const auto imposes = [this](std::uint32_t clause) {
      const ClauseResult& result = out_.results[clause];
      return result.applies != Truth::kFalse && result.relief == Relief::kNone;
    };
    for (std::size_t i = 0; i < compiled_.duty_clauses.size(); ++i)
      if (std::ranges::any_of(compiled_.part(compiled_.imposing, compiled_.duty_clauses[i]), imposes))
        out_.duties.push_back(static_cast<std::uint16_t>(i));
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
    return static_cast<std::size_t>(
        std::ranges::count_if(compiled_.all_of(compiled_.articles[clause.article].scope), fails) +
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
      for (const PredicateIndex index : compiled_.all_of(compiled_.articles[clause.article].scope))
        if (truths_[index] != Truth::kTrue) record_miss(i, index);
      // What a prohibit found to be the case counts against the person; elsewhere, what is not.
      for (const PredicateIndex index : compiled_.all_of(clause.conditions))
        if (clause.kind == ClauseKind::kProhibit || truths_[index] != Truth::kTrue) record_miss(i, index);
    }
  }

  // A predicate is observed once, however many clauses it keeps from holding.
  void record_miss(std::size_t result, PredicateIndex index) {
    const std::uint32_t before =
        std::exchange(miss_of_[index], static_cast<std::uint32_t>(out_.misses.size()));
    out_.misses.push_back(
        {.result = static_cast<std::uint16_t>(result),
         .predicate = index,
         .truth = truths_[index],
         .observed = before == kNotYet ? resolved_.observe(index) : out_.misses[before].observed});
  }

  const CompiledProcedure& compiled_;
  const Facts& facts_;
  UtcMillis instant_;
  Decision& out_;
  const Resolved resolved_;
  bool expired_ = false;
  Verdict admission_ = Verdict::kRefuse;  // the best of all admitting clauses
  Verdict demands_ = Verdict::kAllow;     // the worst of all others
  // Of each predicate; only as many as there are.
  std::array<Truth, limits::kMaxPredicates> truths_;
  std::array<std::uint32_t, limits::kMaxPredicates> miss_of_;  // where in the misses it was observed

  std::array<ArticleIndex, limits::kMaxArticles> failing_;  // articles with a demand that may be relieved
  std::size_t failing_count_ = 0;
};

}  // namespace

void Edition::decide(const Facts& facts, UtcMillis instant, Decision& decision) const {
  Deliberation(*compiled_, facts, instant, decision).run();
}

}  // namespace crossline::procedure
