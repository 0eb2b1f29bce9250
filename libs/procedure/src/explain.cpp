#include "crossline/procedure/explain.hpp"

#include "phrases.hpp"

#include <algorithm>

namespace crossline::procedure {
namespace {

// A clause has a reason to be told when its article was cited, when it counts against the person, or when it
// would have and something relieved it.
bool worth_telling(const Decision& decision, const ClauseResult& result) {
  if (result.kind == ClauseKind::kAdmit) return std::ranges::binary_search(decision.cited, result.article);
  return result.outcome != Verdict::kAllow || result.reported;
}

class Explainer {
 public:
  Explainer(const Edition& edition, const Decision& decision, std::string_view language)
      : edition_(edition),
        decision_(decision),
        language_(language),
        phrases_(edition.procedure(), language) {}

  Explanation run() const {
    Explanation out{.verdict = decision_.verdict,
                    .basis = decision_.basis,
                    .headline = phrases_.headline(decision_),
                    .reasons = {}};
    std::vector<Reason> others;
    for (std::size_t i = 0; i < decision_.results.size(); ++i) {
      const ClauseResult& result = decision_.results[i];
      if (!worth_telling(decision_, result)) continue;
      const bool deciding = std::ranges::binary_search(decision_.cited, result.article);
      (deciding ? out.reasons : others).push_back(reason(i));
    }
    std::ranges::move(others, std::back_inserter(out.reasons));
    return out;
  }

 private:
  Reason reason(std::size_t index) const {
    const ClauseResult& result = decision_.results[index];
    const Article& article = edition_.articles()[result.article];
    Reason reason{.article = article.id,
                  .kind = result.kind,
                  .outcome = result.outcome,
                  .relief = result.relief,
                  .text = std::string(article.text.in(language_)),
                  .failing_fact = {},
                  .remedy = {}};
    std::string facts;
    std::string conditions;
    for (const Miss& miss : decision_.misses) {
      if (miss.result != index) continue;
      const Predicate& predicate = edition_.predicates()[miss.predicate];
      // Of a prohibit, what it names is the case and any one of it ceasing is enough; elsewhere all must
      // hold.
      const bool prohibited = result.kind == ClauseKind::kProhibit && !in_scope(article, miss.predicate);
      append(facts, phrases_.observed(predicate, miss.observed), "; ");
      append(conditions, prohibited ? phrases_.opposite(predicate) : phrases_.condition(predicate),
             prohibited ? phrases_.alternative() : phrases_.conjunction());
    }
    reason.failing_fact = std::move(facts);
    if (!conditions.empty()) reason.remedy = phrases_.passes_if(conditions);
    return reason;
  }

  static bool in_scope(const Article& article, PredicateIndex predicate) {
    return std::ranges::find(article.applies_to, predicate) != article.applies_to.end();
  }

  static void append(std::string& to, std::string_view part, std::string_view separator) {
    if (!to.empty()) to += separator;
    to += part;
  }

  const Edition& edition_;
  const Decision& decision_;
  std::string_view language_;
  Phrases phrases_;
};

}  // namespace

std::string Explanation::to_text() const {
  std::string out = headline + "\n";
  for (const Reason& reason : reasons) {
    out += fmt::format("  {} ({}): {}\n", reason.article, name_of(reason.outcome), reason.text);
    if (!reason.failing_fact.empty()) out += fmt::format("      {}\n", reason.failing_fact);
    if (!reason.remedy.empty()) out += fmt::format("      {}\n", reason.remedy);
  }
  return out;
}

Explanation explain(const Edition& edition, const Decision& decision, std::string_view language) {
  return Explainer(edition, decision, language).run();
}

}  // namespace crossline::procedure
