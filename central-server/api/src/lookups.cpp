#include "lookups.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/server/batch.hpp"
#include "crossline/server/office.hpp"

#include <algorithm>

namespace crossline::api {
namespace {

std::unexpected<Problem> missing() {
  return refuse(403, "lookup_required", "this needs your own look-up of this person, at most 8 hours old");
}

bool is_own_lookup(const Services& services, const accounts::Principal& caller, const SubjectId& subject,
                   const server::HistoryRecord& record) {
  const auto* lookup = std::get_if<movement::Lookup>(&record.event.body);
  return lookup != nullptr && record.event.agent == server::kOfficeAgent &&
         record.event.officer == caller.account && lookup->subject == subject &&
         services.clock.now().ms - record.entry.received_at.ms < accounts::kSessionLimitMs;
}

}  // namespace

Answer<void> check_lookup(const Services& services, const accounts::Principal& caller,
                          const SubjectId& subject, LedgerIndex index) {
  const auto record = services.queries.record(index);
  if (!record && record.error().code == ErrorCode::kNotFound) return missing();
  if (!record) return std::unexpected(problem_of(record.error()));
  if (!is_own_lookup(services, caller, subject, *record)) return missing();
  return {};
}

Answer<void> check_may_read(const Services& services, const accounts::Principal& caller, LedgerIndex index) {
  if (accounts::may(caller.role, accounts::Permission::kReadEntries)) return {};
  CROSSLINE_ANSWER_TRY(const auto record, services.queries.record(index));
  const auto subject = server::subject_of(record.event);
  if (!subject) return missing();
  CROSSLINE_ANSWER_TRY(const PersonsNow persons, services.queries.persons({&*subject, 1}));
  const auto& newest = persons.reports.at(0).last_entry;
  if (!newest) return missing();
  CROSSLINE_ANSWER_TRY(const auto page, services.queries.history(*subject, *newest, limits::kMaxPageRows));
  const bool looked_up = std::ranges::any_of(page.records, [&](const server::HistoryRecord& one) {
    return is_own_lookup(services, caller, *subject, one);
  });
  if (!looked_up) return missing();
  return {};
}

}  // namespace crossline::api
