#include "crossline/procedure/describe.hpp"

#include "phrases.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace crossline::procedure {
namespace {

// By ClauseKind: what a clause says without and with conditions.
struct Pattern {
  std::string_view bare;
  std::string_view with_conditions;
};
constexpr std::array<Pattern, 5> kClausesEnglish{{
    {"admitted", "admitted when {}"},
    {"required: nothing more", "required: {}"},
    {"prohibited", "prohibited when {}"},
    {"exempt from nothing", "exempt from: {}"},
    {"to be recorded before the release", "to be recorded before the release: {}"},
}};
constexpr std::array<Pattern, 5> kClausesRussian{{
    {"пропускается", "пропускается, когда {}"},
    {"больше ничего не требуется", "требуется: {}"},
    {"запрещено", "запрещено, когда {}"},
    {"ни от чего не освобождается", "освобождается от: {}"},
    {"записать до пропуска", "записать до пропуска: {}"},
}};

std::string joined(const Edition& edition, const std::vector<PredicateIndex>& predicates,
                   const Phrases& phrases) {
  std::string text;
  for (const PredicateIndex index : predicates) {
    if (!text.empty()) text += phrases.conjunction();
    text += phrases.condition(edition.predicates().at(index));
  }
  return text;
}

// What a clause names rather than tests: the articles that an exemption lifts, the duties in their agreed
// words.
std::string named(const Edition& edition, const Clause& clause, std::string_view language) {
  std::string text;
  for (const std::string& name : clause.names) {
    if (!text.empty()) text += "; ";
    const auto& duties = edition.procedure().duties;
    const auto duty = std::ranges::find(duties, name, &Duty::name);
    text += clause.kind == ClauseKind::kDuty && duty != duties.end() ? duty->text.in(language)
                                                                     : std::string_view(name);
  }
  return text;
}

// By Verdict.
constexpr std::array<std::string_view, 3> kOutcomesEnglish{"let pass and report it",
                                                           "refer to the duty officer", "do not let pass"};
constexpr std::array<std::string_view, 3> kOutcomesRussian{"пропустить и сообщить",
                                                           "передать дежурному офицеру", "не пропускать"};

std::string_view outcome(Verdict verdict, bool russian) {
  return (russian ? kOutcomesRussian : kOutcomesEnglish).at(std::to_underlying(verdict));
}
std::string_view outcome(IfUnknown if_unknown, bool russian) {
  // IfUnknown is in the order of Verdict.
  return outcome(static_cast<Verdict>(std::to_underlying(if_unknown)), russian);
}

bool has(const Article& article, std::initializer_list<ClauseKind> kinds) {
  return std::ranges::any_of(article.clauses, [&](const Clause& clause) {
    return std::ranges::find(kinds, clause.kind) != kinds.end();
  });
}

std::string override_in_words(const OverrideTerms& terms, bool russian) {
  const std::string roles = fmt::format("{}", fmt::join(terms.roles, ", "));
  return fmt::format(
      fmt::runtime(russian
                       ? "Отменить для одного перехода могут (подписей: {}; роли: {}), на {} мин."
                       : "It may be overridden for one movement by {} signing (roles: {}), for {} minutes."),
      terms.persons, roles, terms.valid_minutes);
}

}  // namespace

std::vector<std::string> describe_marks(const Edition&, const Article& article, std::string_view language) {
  const bool russian = language_from(language) == Language::kRussian;
  std::vector<std::string> out;
  const auto say = [&](std::string_view english, std::string_view other) {
    out.emplace_back(russian ? other : english);
  };
  if (has(article, {ClauseKind::kRequire, ClauseKind::kProhibit}))
    out.push_back(fmt::format(fmt::runtime(russian ? "Иначе: {}." : "Otherwise: {}."),
                              outcome(article.otherwise, russian)));
  if (has(article, {ClauseKind::kAdmit, ClauseKind::kRequire, ClauseKind::kProhibit}))
    out.push_back(fmt::format(fmt::runtime(russian ? "Если это не известно: {}." : "If it is not known: {}."),
                              outcome(article.if_unknown, russian)));
  if (article.override_terms) out.push_back(override_in_words(*article.override_terms, russian));
  if (article.absolute) say("Absolute: nothing lifts it.", "Безусловно: ничто не отменяет.");
  if (article.survives_expiry)
    say("It still counts after this edition has ended.", "Действует и после окончания этой редакции.");
  return out;
}

std::string in_words(const Edition& edition, PredicateKind kind, std::string_view name,
                     std::string_view language) {
  return Phrases(edition.procedure(), language).word(kind, name);
}

std::string describe(const Edition& edition, const Article& article, const Clause& clause,
                     std::string_view language) {
  const Phrases phrases(edition.procedure(), language);
  const bool russian = language_from(language) == Language::kRussian;
  const Pattern& pattern = (russian ? kClausesRussian : kClausesEnglish).at(std::to_underlying(clause.kind));
  std::string text;
  if (!article.applies_to.empty()) {
    text = fmt::format(fmt::runtime(russian ? "если {}: " : "if {}: "),
                       joined(edition, article.applies_to, phrases));
  }
  const std::string conditions =
      clause.names.empty() ? joined(edition, clause.conditions, phrases) : named(edition, clause, language);
  text += conditions.empty() ? std::string(pattern.bare)
                             : fmt::format(fmt::runtime(pattern.with_conditions), conditions);
  return text.ends_with('.') ? text : text + ".";
}

}  // namespace crossline::procedure
