#include "history.hpp"

#include "crossline/base/limits.hpp"
#include "render.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>

namespace crossline::api {
namespace {

// What rendering one record needs beside the entry itself.
struct Context {
  std::map<std::string, movement::Post, std::less<>> posts;  // by agent
  std::optional<procedure::Edition> edition;
  std::set<std::pair<std::string, std::uint64_t>> corrected;  // agent and journal index
};

// What the officer declared, as it stands in the event; null when they declared nothing.
json declared_json(const movement::Declaration& declared) {
  json made = json::object();
  if (declared.mode) made["mode"] = procedure::name_of(*declared.mode);
  if (declared.convoy) {
    made["convoy"] = {{"vehicles", declared.convoy->vehicles},
                      {"persons", declared.convoy->persons},
                      {"escorted", declared.convoy->escorted}};
  }
  if (declared.goods) {
    made["goods"] = json::array();
    for (const auto& goods : *declared.goods)
      made["goods"].push_back({{"kind", goods.kind}, {"unit", goods.unit}, {"amount", goods.amount}});
  }
  if (declared.weapons) made["weapons"] = *declared.weapons;
  if (declared.arms_handed_over) made["arms_handed_over"] = *declared.arms_handed_over;
  for (const auto& fact : declared.facts) {
    json one = {{"name", fact.name}};
    if (fact.word.empty())
      one["number"] = fact.number;
    else
      one["word"] = fact.word;
    made["facts"].push_back(std::move(one));
  }
  return made.empty() ? json() : made;
}

json movement_json(const movement::Movement& moved, const server::HistoryRecord& of, const Context& context) {
  const wire::LedgerEntry& entry = of.entry;
  const movement::Event& event = of.event;
  const auto post = context.posts.find(event.agent);
  const bool known = post != context.posts.end();
  json record = {{"checkpoint", known ? post->second.checkpoint : event.agent},
                 {"side", movement::name_of(known ? post->second.side : movement::PostSide::kJoint)},
                 {"direction", movement::name_of(moved.direction)},
                 {"outcome", movement::name_of(moved.outcome)},
                 {"category", moved.category},
                 {"age_years", nullable(moved.age_years)},
                 {"sex", movement::name_of(moved.sex)},
                 {"document_kind", moved.document_kind},
                 {"document_issuer", moved.document_issuer},
                 {"post_judgement", judgement_json(moved.verdict, moved.articles, context.edition)},
                 {"server_judgement", judgement_json(entry.verdict.value_or(movement::Verdict::kRefuse),
                                                     entry.articles, context.edition)},
                 {"decided_offline", moved.decided_offline},
                 {"conflict", entry.conflict},
                 {"edition", moved.edition},
                 {"document_repaired", moved.document_repaired},
                 {"companions", moved.companions.size()},
                 {"corrected", context.corrected.contains({event.agent, event.journal_index.value()})}};
  if (moved.local_verdict) record["local_verdict"] = movement::name_of(*moved.local_verdict);
  if (json declared = declared_json(moved.declared); !declared.is_null())
    record["declared"] = std::move(declared);
  return record;
}

struct BodyJson {
  const server::HistoryRecord& of;
  const Context& context;
  json& record;

  void operator()(const movement::Movement& body) const {
    record["kind"] = "movement";
    record["movement"] = movement_json(body, of, context);
  }
  void operator()(const movement::Correction& body) const {
    record["kind"] = "correction";
    record["correction"] = {{"corrects_journal_index", body.journal_index.value()}, {"reason", body.reason}};
  }
  void operator()(const movement::ListChange& body) const {
    record["kind"] = "list_change";
    record["list_change"] = {
        {"list", body.list}, {"removed", body.removed}, {"party", body.party}, {"reason", body.reason}};
  }
  void operator()(const movement::Lookup& body) const {
    record["kind"] = "lookup";
    record["lookup"] = {{"purpose", body.purpose},
                        {"case_number", body.case_number},
                        {"role", body.role},
                        {"party", body.party}};
  }
  void operator()(const movement::Resolution& body) const {
    record["kind"] = "resolution";
    record["resolution"] = {{"status", movement::name_of(movement::status_on(body.status))},
                            {"party", movement::name_of(body.party)},
                            {"reason", body.reason}};
  }
  void operator()(const movement::PermitChange& body) const {
    record["kind"] = "permit_change";
    record["permit_change"] = {
        {"kind", body.kind}, {"withdrawn", body.withdrawn}, {"party", body.party}, {"reason", body.reason}};
    if (body.withdrawn) return;
    record["permit_change"]["valid_from"] = instant_json(body.valid_from);
    record["permit_change"]["valid_until"] = instant_json(body.valid_until);
  }
  void operator()(const movement::OverrideGrant& body) const {
    record["kind"] = "override";
    record["override"] = {{"article", body.article}, {"role", body.role}, {"reason", body.reason}};
  }
  void operator()(const movement::NoticeAct& body) const {
    record["kind"] = "notice";
    record["notice"] = {
        {"step", movement::name_of(body.step)}, {"party", body.party}, {"reason", body.reason}};
  }
  // Nothing else concerns a person, so nothing else is in a chain.
  void operator()(const auto&) const {}
};

json record_json(const server::HistoryRecord& of, const Context& context) {
  const auto status = of.entry.state ? of.entry.state->status : movement::Status::kUnknown;
  json record = {{"ledger_index", of.index.value()},
                 {"journal_index", of.event.journal_index.value()},
                 {"agent", of.event.agent},
                 {"officer", of.event.officer},
                 {"occurred_at", instant_json(of.entry.occurred_at)},
                 {"recorded_at", instant_json(of.event.recorded_at)},
                 {"received_at", instant_json(of.entry.received_at)},
                 {"status_after", movement::name_of(status)}};
  std::visit(BodyJson{of, context, record}, of.event.body);
  return record;
}

Answer<Context> context_of(const Services& services) {
  CROSSLINE_ANSWER_TRY(const LineNow line, services.queries.line_now());
  Context context;
  for (const PostNow& post : line.posts) context.posts.emplace(post.agent, post.post);
  context.edition = services.queries.edition();
  return context;
}

}  // namespace

Answer<TimelinePage> read_timeline(const Services& services, const SubjectId& subject, LedgerIndex last,
                                   std::optional<LedgerIndex> from, std::size_t limit) {
  CROSSLINE_ANSWER_TRY(Context context, context_of(services));
  TimelinePage page{json::array(), std::nullopt};
  std::size_t read = 0;
  bool reached = !from;
  for (std::optional<LedgerIndex> at = last; at;) {
    CROSSLINE_ANSWER_TRY(const auto chunk, services.queries.history(subject, *at, limits::kMaxPageRows));
    for (const server::HistoryRecord& record : chunk.records) {
      if (page.records.size() == limit) {
        page.next = record.index;
        return page;
      }
      if (const auto* correction = std::get_if<movement::Correction>(&record.event.body)) {
        context.corrected.emplace(record.event.agent, correction->journal_index.value());
      }
      reached = reached || record.index == from;
      if (reached) page.records.push_back(record_json(record, context));
    }
    read += chunk.records.size();
    if (read > kMaxHistoryEntries) {
      return refuse(409, "conflict", "this history is too long for a page; audit the ledger instead");
    }
    at = chunk.next;
  }
  if (!reached) return invalid("cursor", "is no cursor of this list");
  return page;
}

}  // namespace crossline::api
