#include "rules.hpp"

#include "predicates.hpp"

#include <algorithm>

namespace crossline::analysis {
namespace {

using procedure::Article;
using procedure::Clause;
using procedure::ClauseKind;
using procedure::IfUnknown;
using procedure::PredicateIndex;
using procedure::Verdict;

bool lifts(const Clause& clause, const std::string& article) {
  return clause.kind == ClauseKind::kExempt && std::ranges::find(clause.names, article) != clause.names.end();
}

class RuleMaker {
 public:
  RuleMaker(Prover& prover, Vocabulary& vocabulary, const Situation& situation,
            const procedure::Edition& edition)
      : context_(prover.context()), edition_(edition) {
    for (const procedure::Predicate& predicate : edition.predicates())
      truths_.push_back(truth_of(prover, vocabulary, situation, edition, predicate));
    for (const Article& article : edition.articles()) scopes_.push_back(all_of(article.applies_to));
  }

  Rules make() {
    Rules out{.clauses = {},
              .stops = context_.bool_val(false),
              .refuses = context_.bool_val(false),
              .admission_refuses = context_.bool_val(false),
              .demands_stop = context_.bool_val(false)};
    std::vector<Expr> allows, may_pass, stops, refuses;
    for (std::size_t i = 0; i < edition_.articles().size(); ++i)
      for (const Clause& clause : edition_.articles()[i].clauses) {
        const ClauseRule rule = rule_of(static_cast<procedure::ArticleIndex>(i), clause);
        if (rule.admits()) {
          allows.push_back(!rule.stops);
          may_pass.push_back(!rule.refuses);
        } else if (rule.demands()) {
          stops.push_back(rule.stops && !rule.lifted);
          refuses.push_back(rule.refuses && !rule.lifted);
        }
        out.clauses.push_back(rule);
      }
    out.demands_stop = any(context_, stops);
    out.admission_refuses = !any(context_, may_pass);
    out.stops = !any(context_, allows) || out.demands_stop;
    out.refuses = out.admission_refuses || any(context_, refuses);
    return out;
  }

 private:
  Truth3 all_of(const std::vector<PredicateIndex>& conditions) {
    std::vector<Expr> t, f;
    for (const PredicateIndex index : conditions) {
      t.push_back(truths_[index].t);
      f.push_back(truths_[index].f);
    }
    return {all(context_, t), any(context_, f)};
  }

  ClauseRule rule_of(procedure::ArticleIndex index, const Clause& clause) {
    const Article& article = edition_.articles()[index];
    const Truth3& scope = scopes_[index];
    const Truth3 conditions = all_of(clause.conditions);
    const Expr never = context_.bool_val(false);
    ClauseRule out{index, clause.kind, scope, never, never, never};
    const bool unknown_stops = article.if_unknown != IfUnknown::kAllowAndReport;
    const bool unknown_refuses = article.if_unknown == IfUnknown::kRefuse;
    if (out.admits()) {
      const Expr admits = scope.t && conditions.t;
      const Expr unknown = scope.t && conditions.unknown();
      out.stops = unknown_stops ? !admits : !(admits || unknown);
      out.refuses = unknown_refuses ? !admits : !(admits || unknown);
    } else if (out.demands()) {
      const Truth3 holds = clause.kind == ClauseKind::kProhibit ? negation(conditions) : conditions;
      const Expr fails = !scope.f && holds.f;
      const Expr unknown = !scope.f && holds.unknown();
      out.stops = unknown_stops ? fails || unknown : fails;
      const Expr refuses = article.otherwise == Verdict::kRefuse ? fails : never;
      out.refuses = unknown_refuses ? refuses || unknown : refuses;
      out.lifted = lifted(article.id);
    }
    return out;
  }

  Expr lifted(const std::string& id) {
    std::vector<Expr> some;
    for (std::size_t i = 0; i < edition_.articles().size(); ++i)
      for (const Clause& clause : edition_.articles()[i].clauses)
        if (lifts(clause, id)) some.push_back(scopes_[i].t);
    return any(context_, some);
  }

  z3::context& context_;
  const procedure::Edition& edition_;
  std::vector<Truth3> truths_;
  std::vector<Truth3> scopes_;
};

// For each of `all`, whether any other one is true: from what stands before and behind it.
std::vector<Expr> any_other(z3::context& context, const std::vector<Expr>& all_of_them) {
  const std::size_t count = all_of_them.size();
  std::vector<Expr> behind(count + 1, context.bool_val(false));
  for (std::size_t i = count; i-- > 0;) behind[i] = all_of_them[i] || behind[i + 1];
  std::vector<Expr> out;
  Expr before = context.bool_val(false);
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(before || behind[i + 1]);
    before = before || all_of_them[i];
  }
  return out;
}

}  // namespace

Expr Rules::is(Verdict verdict) const {
  switch (verdict) {
    case Verdict::kAllow:
      return !stops;
    case Verdict::kRefer:
      return stops && !refuses;
    case Verdict::kRefuse:
      break;
  }
  return refuses;
}

Rules make_rules(Prover& prover, Vocabulary& vocabulary, const Situation& situation,
                 const procedure::Edition& edition) {
  return RuleMaker(prover, vocabulary, situation, edition).make();
}

std::vector<Expr> when_they_matter(Prover& prover, const procedure::Edition& edition, const Rules& rules) {
  z3::context& context = prover.context();
  const Expr never = context.bool_val(false);
  // By clause; what is not of the kind is never the case and changes no disjunction.
  std::vector<Expr> allows, may_pass, stops, refuses;
  for (const ClauseRule& rule : rules.clauses) {
    allows.push_back(rule.admits() ? !rule.stops : never);
    may_pass.push_back(rule.admits() ? !rule.refuses : never);
    stops.push_back(rule.demands() ? rule.stops && !rule.lifted : never);
    refuses.push_back(rule.demands() ? rule.refuses && !rule.lifted : never);
  }
  const Expr admission_stops = !any(context, allows);
  const Expr demands_refuse = any(context, refuses);
  const auto other_allows = any_other(context, allows);
  const auto other_passes = any_other(context, may_pass);
  const auto other_stops = any_other(context, stops);
  const auto other_refuses = any_other(context, refuses);
  std::vector<Expr> out;
  for (std::size_t i = 0; i < rules.clauses.size(); ++i) {
    const ClauseRule& rule = rules.clauses[i];
    if (rule.admits()) {
      out.push_back((allows[i] && !other_allows[i] && !rules.demands_stop) ||
                    (may_pass[i] && !other_passes[i] && !demands_refuse));
    } else if (rule.demands()) {
      out.push_back((stops[i] && !other_stops[i] && !admission_stops) ||
                    (refuses[i] && !other_refuses[i] && !rules.admission_refuses));
    } else if (rule.kind == ClauseKind::kExempt) {
      const Article& article = edition.articles()[rule.article];
      std::vector<Expr> lifted;
      for (const ClauseRule& other : rules.clauses)
        for (const Clause& clause : article.clauses)
          if (other.demands() && lifts(clause, edition.articles()[other.article].id))
            lifted.push_back(other.stops);
      out.push_back(rule.applies.t && any(context, lifted));
    } else {
      out.push_back(!rule.applies.f);
    }
  }
  return out;
}

}  // namespace crossline::analysis
