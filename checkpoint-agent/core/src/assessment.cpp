#include "crossline/agent/assessment.hpp"

#include "crossline/movement/override_words.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>

namespace crossline::agent {
namespace {

// The reason of an article of which only the server knows the facts.
procedure::Reason reason_without_facts(const std::string& id, movement::Verdict outcome,
                                       const procedure::Edition& edition, std::string_view language) {
  procedure::Reason reason;
  reason.article = id;
  reason.outcome = outcome;
  const auto& articles = edition.articles();
  if (const auto article = std::ranges::find(articles, id, &procedure::Article::id);
      article != articles.end()) {
    reason.text = article->text.in(language);
    if (!article->clauses.empty()) reason.kind = article->clauses.front().kind;
  }
  return reason;
}

// Adds the overridden articles of `decision`; a half of a crossing may have named them already.
void add_set_aside(const procedure::Decision& decision, const procedure::Edition& edition,
                   const movement::Situation& situation, std::vector<SetAside>& to) {
  const std::span<const movement::OverrideEntry> words = situation.subject.overrides;
  for (const procedure::ClauseResult& result : decision.results) {
    if (result.relief != procedure::Relief::kOverridden) continue;
    const procedure::Article& article = edition.articles()[result.article];
    if (std::ranges::find(to, article.id, &SetAside::article) != to.end()) continue;
    SetAside one{.article = article.id, .words = {}};
    for (const std::size_t word : movement::words_in_effect(words, article, situation.key.occurred_at))
      one.words.push_back(words[word]);
    to.push_back(std::move(one));
  }
}

void add_duties(const procedure::Decision& decision, const procedure::Edition& edition,
                std::string_view language, std::vector<std::string>& to) {
  for (const std::uint16_t duty : decision.duties) {
    std::string words(edition.procedure().duties[duty].text.in(language));
    if (std::ranges::find(to, words) == to.end()) to.push_back(std::move(words));
  }
}

}  // namespace

Assessment assess(movement::Decider& decider, const procedure::Edition& edition,
                  const movement::Movement& movement, const movement::Situation& situation,
                  std::string_view language) {
  const auto& verdicts = decider.decide(edition, movement, situation);
  Assessment assessment;
  assessment.verdict = verdicts.verdict;
  assessment.articles = decider.cited(edition);
  assessment.edition = static_cast<std::uint32_t>(edition.number());
  for (const procedure::Decision& decision : verdicts.decisions) {
    add_duties(decision, edition, language, assessment.duties);
    // At a joint post only the half that gave the verdict has something to say.
    if (decision.verdict != verdicts.verdict) continue;
    procedure::Explanation words = procedure::explain(edition, decision, language);
    if (assessment.headline.empty()) assessment.headline = std::move(words.headline);
    std::ranges::move(words.reasons, std::back_inserter(assessment.reasons));
    add_set_aside(decision, edition, situation, assessment.set_aside);
    assessment.returning = assessment.returning || decision.basis == procedure::Basis::kReturn;
  }
  return assessment;
}

Assessment assessment_of(const wire::ConsultAnswer& answer, const procedure::Edition& edition,
                         const Assessment& local, std::string_view language) {
  const bool same_verdict = answer.verdict == local.verdict && answer.edition == local.edition;
  if (same_verdict && answer.articles == local.articles) return local;
  Assessment assessment;
  assessment.verdict = answer.verdict;
  assessment.articles = answer.articles;
  assessment.edition = answer.edition;
  if (same_verdict) assessment.set_aside = local.set_aside;
  if (answer.edition == local.edition) assessment.duties = local.duties;
  for (const std::string& id : answer.articles) {
    const auto known = std::ranges::find(local.reasons, id, &procedure::Reason::article);
    assessment.reasons.push_back(same_verdict && known != local.reasons.end()
                                     ? *known
                                     : reason_without_facts(id, answer.verdict, edition, language));
  }
  return assessment;
}

}  // namespace crossline::agent
