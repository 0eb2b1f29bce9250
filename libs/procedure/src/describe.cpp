#include "crossline/procedure/describe.hpp"

#include "phrases.hpp"

#include <algorithm>
#include <array>
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
constexpr std::array<Pattern, 5> kEnglish{{
    {"admitted", "admitted when {}"},
    {"required: nothing more", "required: {}"},
    {"prohibited", "prohibited when {}"},
    {"exempt from nothing", "exempt from: {}"},
    {"to be recorded before the release", "to be recorded before the release: {}"},
}};
constexpr std::array<Pattern, 5> kRussian{{
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

}  // namespace

std::string describe(const Edition& edition, const Article& article, const Clause& clause,
                     std::string_view language) {
  const Phrases phrases(edition.procedure(), language);
  const bool russian = language_from(language) == Language::kRussian;
  const Pattern& pattern = (russian ? kRussian : kEnglish).at(std::to_underlying(clause.kind));
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
