#include "crossline/server/notice_book.hpp"

#include <utility>

namespace crossline::server {

bool NoticeBook::take(const movement::NoticeAct& act, UtcMillis at, LedgerIndex entry) {
  StandingNotice notice{.subject = act.subject, .state = {}, .given = entry, .objected = {}, .ruled = {}};
  movement::SubjectState fold;  // of the notice alone, which is all that its rules look at
  if (const StandingNotice* standing = find(act.subject)) {
    notice = *standing;
    fold.notice = standing->state;
  }
  if (!fold.notice_problem(act.step, act.party).empty()) return false;
  fold.take_notice(act.step, act.party, at);
  if (!fold.notice) {
    remove(act.subject);
    return true;
  }
  notice.state = *fold.notice;
  using movement::NoticeStep;
  switch (act.step) {
    case NoticeStep::kGiven:
      notice.given = entry;
      notice.objected.reset();
      notice.ruled.reset();
      break;
    case NoticeStep::kObjected:
      notice.objected = entry;
      break;
    case NoticeStep::kApproved:
    case NoticeStep::kRejected:
      notice.ruled = entry;
      break;
    case NoticeStep::kWithdrawn:
      break;  // gone by now
  }
  restore(notice);
  return true;
}

void NoticeBook::restore(const StandingNotice& notice) {
  remove(notice.subject);
  by_entry_.insert_or_assign(notice.given, notice);
  given_.insert_or_assign(notice.subject, notice.given);
}

void NoticeBook::remove(const movement::SubjectId& subject) {
  const auto place = given_.find(subject);
  if (place == given_.end()) return;
  by_entry_.erase(place->second);
  given_.erase(place);
}

const StandingNotice* NoticeBook::find(const movement::SubjectId& subject) const {
  const auto place = given_.find(subject);
  return place == given_.end() ? nullptr : &by_entry_.at(place->second);
}

std::vector<StandingNotice> NoticeBook::page(std::optional<LedgerIndex> before, std::size_t limit) const {
  std::vector<StandingNotice> page;
  auto place = before ? by_entry_.upper_bound(*before) : by_entry_.begin();
  for (; place != by_entry_.end() && page.size() < limit; ++place) page.push_back(place->second);
  return page;
}

}  // namespace crossline::server
