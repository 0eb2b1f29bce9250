// Individuals: look-ups, which stand in the ledger before they are answered, and timelines.
#include "crossline/api/operations.hpp"
#include "crossline/api/reading.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "documents.hpp"
#include "history.hpp"
#include "lookups.hpp"
#include "render.hpp"

#include <algorithm>
#include <array>

namespace crossline::api {
namespace {

constexpr std::array<std::string_view, 7> kPurposes{
    "stranded_person",         "disagreement", "complaint", "correction", "list_review",
    "court_or_police_request", "other"};
constexpr std::uint64_t kMaxIndex = (std::uint64_t{1} << 53) - 1;  // what every JSON reader can hold

}  // namespace

Answer<json> look_up(const Services& services, const Call& call) {
  CROSSLINE_ANSWER_TRY(const json request, parse_json(call.body));
  ObjectReader body(request);
  movement::Lookup lookup;
  lookup.purpose = body.text("purpose", 1, movement::kMaxNameBytes);
  lookup.case_number = body.text("case_number", 1, movement::kMaxNameBytes);
  lookup.role = accounts::name_of(call.caller.role);
  lookup.party = accounts::name_of(call.caller.party);
  if (std::find(kPurposes.begin(), kPurposes.end(), lookup.purpose) == kPurposes.end()) {
    body.wrong("purpose", "is none of those agreed");
  }
  CROSSLINE_ANSWER_TRY(const SubjectId subject, subject_meant(services, body, Ways::kLookUp));

  CROSSLINE_ANSWER_TRY(const PersonsNow before, services.queries.persons({&subject, 1}));
  lookup.subject = subject;
  lookup.found = before.reports.at(0).known;
  CROSSLINE_ANSWER_TRY(const auto receipt, services.office.record(call.caller.account, lookup));

  CROSSLINE_ANSWER_TRY(const PersonsNow after, services.queries.persons({&subject, 1}));
  json answer = {{"ledger_index", receipt.index.value()},
                 {"found", lookup.found},
                 {"subject", nullptr},
                 {"identity", nullptr},
                 {"current", nullptr},
                 {"as_of", as_of_json(services, after.as_of)}};
  if (!lookup.found) return answer;
  CROSSLINE_ANSWER_TRY(const auto identity, services.queries.identity(subject));
  answer["subject"] = subject.hex();
  answer["current"] = subject_status_json(after.reports.at(0));
  if (identity) answer["identity"] = identity_json(*identity);
  return answer;
}

Answer<json> get_timeline(const Services& services, const Call& call) {
  CROSSLINE_ANSWER_TRY(const json request, parse_json(call.body));
  ObjectReader body(request);
  const SubjectId subject = body.subject("subject");
  const LedgerIndex lookup(body.number("lookup_index", 0, kMaxIndex));
  const std::size_t limit = body.has("limit")
                                ? static_cast<std::size_t>(body.number("limit", 1, limits::kMaxPageRows))
                                : kDefaultPageRows;
  std::optional<LedgerIndex> from;
  if (body.has("cursor")) {
    const auto position = parse_u64(body.text("cursor", 1, kMaxCursorBytes));
    if (position) from = LedgerIndex(*position);
    if (!position) body.wrong("cursor", "is no cursor of this list");
  }
  if (const auto problem = body.problem()) return std::unexpected(*problem);
  if (auto allowed = check_lookup(services, call.caller, subject, lookup); !allowed) {
    return std::unexpected(allowed.error());
  }

  CROSSLINE_ANSWER_TRY(const PersonsNow persons, services.queries.persons({&subject, 1}));
  const SubjectReport& person = persons.reports.at(0);
  if (!person.known || !person.last_entry) {
    return refuse(404, "not_found", "nothing is on record about this person");
  }
  CROSSLINE_ANSWER_TRY(TimelinePage page, read_timeline(services, subject, *person.last_entry, from, limit));
  return json{{"as_of", as_of_json(services, persons.as_of)},
              {"subject", subject.hex()},
              {"current", subject_status_json(person)},
              {"records", std::move(page.records)},
              {"next_cursor", page.next ? json(std::to_string(page.next->value())) : json()}};
}

}  // namespace crossline::api
