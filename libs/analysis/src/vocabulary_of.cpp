#include "vocabulary_of.hpp"

#include "crossline/analysis/analysis.hpp"
#include "crossline/base/assert.hpp"
#include "crossline/procedure/other_names.hpp"

#include <algorithm>

namespace crossline::analysis {
namespace {

using procedure::PredicateKind;

void add(std::vector<std::string>& names, std::string_view name) {
  if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
}
void add_all(std::vector<std::string>& names, const std::vector<std::string>& more) {
  for (const std::string& name : more) add(names, name);
}
template <class T>
void add_declared(std::vector<std::string>& names, const std::vector<T>& declared) {
  for (const T& one : declared) add(names, one.name);
}

// A name that is not taken.
void add_other(std::vector<std::string>& names, std::string name) {
  while (std::ranges::find(names, name) != names.end()) name += "x";
  names.push_back(std::move(name));
}

}  // namespace

int position_of(const std::vector<std::string>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  CROSSLINE_ASSERT(found != names.end());
  return static_cast<int>(found - names.begin());
}

procedure::Timeline timeline_of(const procedure::Predicate& date_between) {
  const auto& dates = std::get<procedure::Table>(date_between.operand);
  return procedure::Timeline({dates.number("from", 0), dates.number("until", 0)});
}

Vocabulary::Vocabulary(std::span<const procedure::Edition* const> editions) {
  document_kinds.emplace_back("passport");
  for (const procedure::Edition* edition : editions) {
    const procedure::Procedure& all = edition->procedure();
    add_declared(categories, all.categories);
    add_declared(checkpoints, all.checkpoints);
    add_declared(lists, all.lists);
    add_declared(permits, all.permits);
    add_declared(quotas, all.quotas);
    add_declared(goods, all.goods);
    for (const auto& kind : all.declared) {
      const Declared one{kind.name, kind.type, kind.values};
      if (std::ranges::find(declared, one) == declared.end()) declared.push_back(one);
    }
    for (const auto& category : all.categories) {
      add_all(document_kinds, category.document_kinds);
      add_all(issuers, category.document_issuers);
      add_all(issuers, category.not_document_issuers);
    }
    for (const auto& hours : all.hours)
      for (const auto& open : hours.open) timelines.add(open);
    for (const auto& season : all.seasons) timelines.add(season.when);
    for (const procedure::Predicate& predicate : all.predicates) {
      used.insert(predicate.kind);
      if (predicate.kind == PredicateKind::kDocumentKind)
        add_all(document_kinds, std::get<procedure::Names>(predicate.operand).values);
      if (predicate.kind == PredicateKind::kDocumentIssuer)
        add_all(issuers, std::get<procedure::Names>(predicate.operand).values);
      if (predicate.kind == PredicateKind::kDateBetween) timelines.add(timeline_of(predicate));
      if (predicate.kind == PredicateKind::kStayOnSideA || predicate.kind == PredicateKind::kStayOnSideB)
        if (const auto window = std::get<procedure::Table>(predicate.operand).number("in_any_days", 1);
            window > 1 && std::ranges::find(windows, window) == windows.end())
          windows.push_back(window);
    }
  }
  std::ranges::sort(windows);
  add_other(categories, "other");
  if (auto kind = procedure::other_document_kind(document_kinds)) document_kinds.push_back(*std::move(kind));
  issuers.push_back(procedure::other_issuer(issuers));
  if (checkpoints.empty()) add_other(checkpoints, "other");
  moments = timelines.within(editions.back()->from(), editions.back()->until(), kMaxMoments);
}

}  // namespace crossline::analysis
