// The notices that stand: who took each step when, and what is due next by when under the edition in force.
#include "crossline/api/operations.hpp"
#include "crossline/api/reading.hpp"
#include "crossline/procedure/notice_terms.hpp"
#include "render.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossline::api {
namespace {

json notice_terms_json(const procedure::NoticeTerms& terms,
                       const std::optional<procedure::Edition>& edition) {
  json articles = json::array();
  for (const std::string& id : terms.articles) {
    json article = {{"id", id}};
    if (const auto* found = find_article(edition, id)) article["text"] = text_json(found->text);
    articles.push_back(std::move(article));
  }
  return {{"articles", std::move(articles)},
          {"hours_before", terms.hours_before},
          {"objection_within", nullable(terms.objection_within)},
          {"decided", terms.decided}};
}

// Which of the parties the fold would take the step from.
json parties_for(movement::NoticeStep step, const movement::NoticeEntry& notice) {
  movement::SubjectState fold;  // of the notice alone, which is all that its rules look at
  fold.notice = notice;
  json parties = json::array();
  for (const std::string_view party : {"A", "B", "G"}) {
    if (fold.notice_problem(step, party).empty()) parties.push_back(party);
  }
  return parties;
}

json outlook_json(const procedure::NoticeTerms& terms, const movement::NoticeEntry& notice, UtcMillis now) {
  const procedure::Notice given{notice.notified_at, notice.objection, notice.objected_at, notice.ruling,
                                notice.ruled_at};
  const procedure::NoticeOutlook outlook = procedure::outlook(terms, given, now);
  json due = json::array();
  if (outlook.may_object) {
    due.push_back({{"step", "objection"},
                   {"by", instant_json(outlook.object_by)},
                   {"parties", parties_for(movement::NoticeStep::kObjected, notice)}});
  }
  if (outlook.needs_ruling) {
    due.push_back({{"step", "ruling"},
                   {"by", instant_json(outlook.hours_end)},
                   {"parties", parties_for(movement::NoticeStep::kApproved, notice)}});
  }
  return {{"stage", procedure::name_of(outlook.stage)},
          {"counts_from", instant_json(outlook.counts_from)},
          {"due", std::move(due)}};
}

// A step that was taken, as the ledger has it.
Answer<json> step_json(const Services& services, LedgerIndex index) {
  CROSSLINE_ANSWER_TRY(const auto record, services.queries.record(index));
  const auto* act = std::get_if<movement::NoticeAct>(&record.event.body);
  if (act == nullptr)
    return std::unexpected(problem_of({ErrorCode::kCorruptData, "a notice without an act of an office"}));
  return json{{"step", movement::name_of(act->step)},
              {"at", instant_json(record.entry.occurred_at)},
              {"party", act->party},
              {"officer", record.event.officer},
              {"reason", act->reason},
              {"ledger_index", index.value()}};
}

Answer<json> notice_json(const Services& services, const server::StandingNotice& notice,
                         std::span<const procedure::NoticeTerms> terms, UtcMillis now) {
  json steps = json::array();
  std::vector<LedgerIndex> entries{notice.given};
  if (notice.objected) entries.push_back(*notice.objected);
  if (notice.ruled) entries.push_back(*notice.ruled);
  std::ranges::sort(entries);  // a ruling may come before the objection
  for (const LedgerIndex entry : entries) {
    CROSSLINE_ANSWER_TRY(json step, step_json(services, entry));
    steps.push_back(std::move(step));
  }
  json outlooks = json::array();
  for (const procedure::NoticeTerms& one : terms) outlooks.push_back(outlook_json(one, notice.state, now));
  return json{
      {"subject", notice.subject.hex()}, {"steps", std::move(steps)}, {"outlooks", std::move(outlooks)}};
}

}  // namespace

Answer<json> get_notices(const Services& services, const Call& call) {
  QueryReader query(call.query);
  const std::size_t limit = query.limit();
  std::optional<LedgerIndex> before;
  if (const auto cursor = query.text("cursor", kMaxCursorBytes)) {
    const auto parts = parse_cursor(*cursor);
    if (parts && parts->first >= 0 && parts->second == 0)
      before = LedgerIndex(static_cast<std::uint64_t>(parts->first));
    if (!before) query.wrong("cursor", "is no cursor of this list");
  }
  if (const auto problem = query.problem()) return std::unexpected(*problem);

  CROSSLINE_ANSWER_TRY(NoticesNow page, services.queries.notices(before, limit + 1));
  const bool more = page.notices.size() > limit;
  if (more) page.notices.resize(limit);
  const UtcMillis now = services.clock.now();
  const auto edition = services.queries.edition();
  const auto terms = edition ? procedure::notice_terms(*edition) : std::vector<procedure::NoticeTerms>();
  json asked = json::array();
  for (const procedure::NoticeTerms& one : terms) asked.push_back(notice_terms_json(one, edition));
  json notices = json::array();
  for (const server::StandingNotice& notice : page.notices) {
    CROSSLINE_ANSWER_TRY(json row, notice_json(services, notice, terms, now));
    notices.push_back(std::move(row));
  }
  const auto next = [&] {
    return cursor_text(static_cast<std::int64_t>(page.notices.back().given.value()), 0);
  };
  return json{{"as_of", as_of_json(services, page.as_of)},
              {"now", instant_json(now)},
              {"total", page.total},
              {"terms", std::move(asked)},
              {"notices", std::move(notices)},
              {"next_cursor", more ? json(next()) : json()}};
}

}  // namespace crossline::api
