#include "crossline/procedure/notice_terms.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crossline::procedure {
namespace {

constexpr std::int64_t kNoticeHour_ms = 3'600'000;
constexpr std::array<std::string_view, 4> kStageNames{"given", "objected", "decided", "lapsed"};

NoticeTerms terms_of(const Table& table) {
  NoticeTerms terms;
  terms.hours_before = table.number("hours_before", 0);
  if (table.values.contains("objection_within")) terms.objection_within = table.number("objection_within", 0);
  terms.decided = table.flag("decided", false);
  return terms;
}

// The predicates that an article's clauses test, in their order.
std::vector<PredicateIndex> tested_by(const Article& article) {
  std::vector<PredicateIndex> tested = article.applies_to;
  for (const Clause& clause : article.clauses)
    tested.insert(tested.end(), clause.conditions.begin(), clause.conditions.end());
  return tested;
}

}  // namespace

std::vector<NoticeTerms> notice_terms(const Edition& edition) {
  std::vector<std::pair<PredicateIndex, NoticeTerms>> found;
  for (const Article& article : edition.articles()) {
    for (const PredicateIndex index : tested_by(article)) {
      const Predicate& predicate = edition.predicates()[index];
      if (predicate.kind != PredicateKind::kNotified) continue;
      auto place = std::ranges::find(found, index, [](const auto& one) { return one.first; });
      if (place == found.end())
        place = found.insert(found.end(), {index, terms_of(std::get<Table>(predicate.operand))});
      auto& articles = place->second.articles;
      if (articles.empty() || articles.back() != article.id) articles.push_back(article.id);
    }
  }
  std::vector<NoticeTerms> terms;
  terms.reserve(found.size());
  for (auto& [index, one] : found) terms.push_back(std::move(one));
  return terms;
}

std::string_view name_of(NoticeStage stage) {
  return kStageNames[static_cast<std::size_t>(stage)];
}

NoticeOutlook outlook(const NoticeTerms& terms, const Notice& notice, UtcMillis now) {
  NoticeOutlook outlook;
  outlook.hours_end = notice.notified_at.plus(terms.hours_before * kNoticeHour_ms);
  if (terms.objection_within)
    outlook.object_by = notice.notified_at.plus(*terms.objection_within * kNoticeHour_ms);
  const auto in_time = [&](UtcMillis at) { return !outlook.object_by || at <= *outlook.object_by; };

  const bool raised = notice.objection == Notice::Objection::kRaised;
  const bool objected = raised && in_time(notice.objected_at);
  const bool ruled = notice.ruling != Notice::Ruling::kPending;
  const bool ruling_counts = objected || terms.decided;
  outlook.needs_ruling = ruling_counts && !ruled;
  outlook.may_object = !raised && in_time(now) && !(ruling_counts && ruled);
  outlook.stage = ruling_counts && ruled ? NoticeStage::kDecided
                  : objected             ? NoticeStage::kObjected
                  : outlook.may_object   ? NoticeStage::kGiven
                                         : NoticeStage::kLapsed;
  if (!ruling_counts || notice.ruling == Notice::Ruling::kApproved) outlook.counts_from = outlook.hours_end;
  return outlook;
}

}  // namespace crossline::procedure
