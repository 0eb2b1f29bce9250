// The state of the line: posts, who is between them, open cases, closures, the ledger's head.
#include "crossline/api/operations.hpp"
#include "crossline/api/reading.hpp"
#include "crossline/base/limits.hpp"
#include "render.hpp"
#include "small_cells.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace crossline::api {
namespace {

json post_json(const PostNow& post) {
  return {{"checkpoint", post.post.checkpoint},
          {"side", movement::name_of(post.post.side)},
          {"agent", post.agent},
          {"party", post.party},
          {"connected", post.connected},
          {"since", instant_json(post.since)},
          {"last_seen", instant_json(post.last_seen)},
          {"suspended", post.suspended},
          {"journal_size", post.journal_size},
          {"unsent", nullable(post.unsent)},
          {"oldest_unsent_ms", nullable(post.oldest_unsent_ms)},
          {"edition", nullable(post.edition)}};
}

json status_counts_json(const LineNow& line, accounts::Role role) {
  using enum movement::Status;
  const auto count = [&](movement::Status status) { return line.status_counts[std::to_underlying(status)]; };
  const std::array counts{count(kSideA), count(kSideB), count(kBetween), count(kDisputed)};
  std::vector<bool> hidden(counts.size(), false);
  if (!accounts::may(role, accounts::Permission::kSeeSmallFigures)) hide_small_cells(counts, hidden);
  const auto shown = [&](std::size_t i) { return hidden[i] ? json() : json(counts[i]); };
  return {{"side_a", shown(0)}, {"side_b", shown(1)}, {"between", shown(2)}, {"disputed", shown(3)}};
}

json between_json(const server::Standing& person, UtcMillis now) {
  return {{"subject", person.subject.hex()},
          {"since", instant_json(person.state.since)},
          {"age_ms", std::max<std::int64_t>(0, now.ms - person.state.since.ms)},
          {"came_from", side_json(person.state.came_from)},
          {"checkpoint", person.state.since_checkpoint},
          {"ledger_index", person.state.since_index.value()}};
}

using Posts = std::map<std::string, movement::Post, std::less<>>;

// What a case's ledger entry says, beside what the page says of it.
Answer<json> case_json(const Services& services, const server::Case& open_case, movement::Status status,
                       const Posts& posts, const std::optional<procedure::Edition>& edition) {
  CROSSLINE_ANSWER_TRY(const auto record, services.queries.record(open_case.entry));
  const auto* moved = std::get_if<movement::Movement>(&record.event.body);
  const auto post = posts.find(record.event.agent);
  if (moved == nullptr || post == posts.end()) {
    return std::unexpected(problem_of({ErrorCode::kCorruptData, "a case without a movement of a post"}));
  }
  json row = {{"kind", server::name_of(open_case.kind)},
              {"subject", open_case.subject.hex()},
              {"ledger_index", open_case.entry.value()},
              {"occurred_at", instant_json(record.entry.occurred_at)},
              {"checkpoint", post->second.checkpoint},
              {"side", movement::name_of(post->second.side)},
              {"direction", movement::name_of(moved->direction)},
              {"outcome", movement::name_of(moved->outcome)},
              {"status", movement::name_of(status)},
              {"post_judgement", judgement_json(moved->verdict, moved->articles, edition)}};
  if (record.entry.verdict) {
    row["server_judgement"] = judgement_json(*record.entry.verdict, record.entry.articles, edition);
  }
  return row;
}

Answer<json> case_rows(const Services& services, std::span<const server::Case> cases) {
  std::vector<SubjectId> subjects;
  for (const server::Case& open_case : cases) subjects.push_back(open_case.subject);
  CROSSLINE_ANSWER_TRY(const PersonsNow persons, services.queries.persons(subjects));
  CROSSLINE_ANSWER_TRY(const LineNow line, services.queries.line_now());
  Posts posts;
  for (const PostNow& post : line.posts) posts.emplace(post.agent, post.post);
  const auto edition = services.queries.edition();
  json rows = json::array();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CROSSLINE_ANSWER_TRY(json row,
                         case_json(services, cases[i], persons.reports.at(i).state.status, posts, edition));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<server::CaseCursor> case_cursor_from(std::string_view text) {
  const auto parts = parse_cursor(text);
  if (!parts || parts->first < 0 || parts->second >= server::kCaseKinds) return std::nullopt;
  return server::CaseCursor{LedgerIndex(static_cast<std::uint64_t>(parts->first)),
                            static_cast<server::CaseKind>(parts->second)};
}

// Cuts what was read for one row more than the page holds; true when there is a next page.
template <class Row>
bool trim(std::vector<Row>& rows, std::size_t limit) {
  if (rows.size() <= limit) return false;
  rows.resize(limit);
  return true;
}

}  // namespace

Answer<json> get_overview(const Services& services, const Call& call) {
  QueryReader query(call.query);
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  CROSSLINE_ANSWER_TRY(const LineNow line, services.queries.line_now());
  const UtcMillis now = services.clock.now();
  const auto edition = services.queries.edition();
  json posts = json::array();
  for (const PostNow& post : line.posts) posts.push_back(post_json(post));
  return json{{"as_of", as_of_json(services, line.as_of)},
              {"now", instant_json(now)},
              {"line", services.line},
              {"edition", edition ? edition_ref_json(*edition, now) : json()},
              {"posts", std::move(posts)},
              {"status_counts", status_counts_json(line, call.caller.role)}};
}

Answer<json> get_between(const Services& services, const Call& call) {
  QueryReader query(call.query);
  const std::size_t limit = query.limit();
  std::optional<server::BetweenCursor> after;
  if (const auto cursor = query.text("cursor", kMaxCursorBytes)) {
    const auto parts = parse_cursor(*cursor);
    if (parts) after = server::BetweenCursor{{parts->first}, LedgerIndex(parts->second)};
    if (!parts) query.wrong("cursor", "is no cursor of this list");
  }
  if (const auto problem = query.problem()) return std::unexpected(*problem);

  CROSSLINE_ANSWER_TRY(BetweenNow page, services.queries.between(after, limit + 1));
  const bool more = trim(page.persons, limit);
  const UtcMillis now = services.clock.now();
  json persons = json::array();
  for (const server::Standing& person : page.persons) persons.push_back(between_json(person, now));
  const auto next = [&] {
    const wire::StateAfter& last = page.persons.back().state;
    return cursor_text(last.since.ms, last.since_index.value());
  };
  return json{{"as_of", as_of_json(services, page.as_of)},
              {"now", instant_json(now)},
              {"total", page.total},
              {"persons", std::move(persons)},
              {"next_cursor", more ? json(next()) : json()}};
}

Answer<json> get_cases(const Services& services, const Call& call) {
  QueryReader query(call.query);
  const std::size_t limit = query.limit();
  std::optional<server::CaseKind> kind;
  if (const auto name = query.text("kind", movement::kMaxNameBytes)) {
    kind = server::case_kind_from(*name);
    if (!kind) query.wrong("kind", "is none of disagreement, disputed, unmatched");
  }
  std::optional<server::CaseCursor> after;
  if (const auto cursor = query.text("cursor", kMaxCursorBytes)) {
    after = case_cursor_from(*cursor);
    if (!after) query.wrong("cursor", "is no cursor of this list");
  }
  if (const auto problem = query.problem()) return std::unexpected(*problem);

  CROSSLINE_ANSWER_TRY(CasesNow page, services.queries.cases(kind, after, limit + 1));
  const bool more = trim(page.cases, limit);
  CROSSLINE_ANSWER_TRY(json rows, case_rows(services, page.cases));
  json counts = json::object();
  for (std::size_t i = 0; i < page.counts.size(); ++i) {
    counts[std::string(server::name_of(static_cast<server::CaseKind>(i)))] = page.counts[i];
  }
  const auto next = [&] {
    const server::Case& last = page.cases.back();
    return cursor_text(static_cast<std::int64_t>(last.entry.value()), std::to_underlying(last.kind));
  };
  return json{{"as_of", as_of_json(services, page.as_of)},
              {"now", instant_json(services.clock.now())},
              {"counts", std::move(counts)},
              {"cases", std::move(rows)},
              {"next_cursor", more ? json(next()) : json()}};
}

Answer<json> get_closures(const Services& services, const Call& call) {
  QueryReader query(call.query);
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  const UtcMillis now = services.clock.now();
  CROSSLINE_ANSWER_TRY(ClosuresNow closed, services.queries.closures(now));
  trim(closed.closures, limits::kMaxPageRows);
  json closures = json::array();
  for (const movement::Closure& closure : closed.closures) {
    closures.push_back({{"checkpoint", closure.checkpoint},
                        {"party", closure.party},
                        {"from", instant_json(closure.from)},
                        {"until", instant_json(closure.until)},
                        {"reason", closure.reason},
                        {"in_effect", closure.from <= now}});
  }
  return json{{"as_of", as_of_json(services, closed.as_of)}, {"closures", std::move(closures)}};
}

Answer<json> get_ledger_head(const Services& services, const Call& call) {
  QueryReader query(call.query);
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  CROSSLINE_ANSWER_TRY(const AsOf as_of, services.queries.as_of());
  if (!as_of.head) return refuse(404, "not_found", "the ledger is empty");
  const std::string origin = merkle::ledger_origin(services.line);
  const auto& [head, signature] = *as_of.head;
  const merkle::SignedNote note{
      merkle::tree_head_text(origin, head),
      {{origin, merkle::note_key_id(origin, merkle::NoteKeyType::kEd25519, services.ledger_key),
        to_bytes(signature.bytes)}}};
  return json{{"head", tree_head_json(origin, head)}, {"note", note.to_string()}};
}

}  // namespace crossline::api
