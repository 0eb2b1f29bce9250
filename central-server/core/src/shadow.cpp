#include "crossline/server/shadow.hpp"

#include "crossline/server/batch.hpp"

#include <utility>
#include <variant>

namespace crossline::server {

void Shadow::note(const Recorded& recorded) {
  const auto* movement = std::get_if<movement::Movement>(&recorded.event.body);
  if (movement == nullptr || !recorded.rehearsed || !recorded.post || !recorded.entry.verdict) return;
  const Rehearsed& next = *recorded.rehearsed;
  if (edition_ != next.edition) {
    *this = Shadow();
    edition_ = next.edition;
    since_ = recorded.entry.received_at;
  }
  ++movements_;
  const movement::Verdict now = *recorded.entry.verdict;
  if (now == next.verdict) return;
  const auto kind = static_cast<std::size_t>(next.verdict);
  ++total_[kind];
  const auto& articles = next.verdict > now ? next.articles : recorded.entry.articles;
  for (const std::string& article : articles) {
    const auto place = by_article_.find(article);
    if (place != by_article_.end()) {
      ++place->second[kind];
    } else if (by_article_.size() < kMaxArticles) {
      ++by_article_[article][kind];
    }
  }
  cases_.push_front({.entry = recorded.index,
                     .at = recorded.entry.occurred_at,
                     .subject = movement->subject,
                     .checkpoint = recorded.post->checkpoint,
                     .direction = movement->direction,
                     .category = movement->category,
                     .verdict_now = now,
                     .articles_now = recorded.entry.articles,
                     .verdict_next = next.verdict,
                     .articles_next = next.articles});
  if (cases_.size() > kMaxCases) cases_.pop_back();
}

}  // namespace crossline::server
