// Acts of the office: each is a signed event in the ledger.
#include "crossline/api/operations.hpp"
#include "crossline/api/reading.hpp"
#include "documents.hpp"
#include "render.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace crossline::api {
namespace {

constexpr std::size_t kMinReasonBytes = 3;

std::string read_reason(ObjectReader& body) {
  return body.text("reason", kMinReasonBytes, movement::kMaxReasonBytes);
}

// Records the act; the answer is the contract's ActReceipt, with the person's status when asked for.
enum class Shows { kReceipt, kPersonToo };
Answer<json> record_act(const Services& services, const Call& call, movement::Body body,
                        Shows shows = Shows::kReceipt) {
  CROSSLINE_ANSWER_TRY(const auto receipt, services.office.record(call.caller.account, std::move(body)));
  CROSSLINE_ANSWER_TRY(const AsOf as_of, services.queries.as_of());
  json answer = {{"ledger_index", receipt.index.value()}, {"as_of", as_of_json(services, as_of)}};
  if (shows == Shows::kPersonToo && receipt.subject)
    answer["current"] = subject_status_json(*receipt.subject);
  return answer;
}

Answer<SubjectReport> report_of(const Services& services, const SubjectId& subject) {
  CROSSLINE_ANSWER_TRY(PersonsNow persons, services.queries.persons({&subject, 1}));
  return std::move(persons.reports.at(0));
}

Answer<void> check_checkpoint(const Services& services, const std::string& checkpoint) {
  CROSSLINE_ANSWER_TRY(const LineNow line, services.queries.line_now());
  const bool known = std::any_of(line.posts.begin(), line.posts.end(),
                                 [&](const PostNow& post) { return post.post.checkpoint == checkpoint; });
  if (!known) return invalid("checkpoint", "there is no such checkpoint on this line");
  return {};
}

// One act of one party closes for the agreed time at most; what several acts add up to, the fold bounds.
Answer<void> check_length(const Services& services, const movement::Closure& closure) {
  constexpr std::int64_t kHourMs = 3'600'000;
  const auto edition = services.queries.edition();
  const auto most = edition ? edition->procedure().closure_max_hours : std::nullopt;
  if (!most || closure.until.ms - closure.from.ms <= *most * kHourMs) return {};
  return invalid("until", fmt::format("one party closes a checkpoint for at most {} hours", *most));
}

// Only the word of somebody whom the article names is worth recording.
Answer<void> check_override(const Services& services, const movement::OverrideGrant& grant) {
  const auto edition = services.queries.edition();
  if (!edition) return invalid("article", "no edition is in force");
  const auto& articles = edition->articles();
  const auto article = std::ranges::find(articles, grant.article, &procedure::Article::id);
  if (article == articles.end()) return invalid("article", "the edition in force has no such article");
  if (!article->override_terms || article->absolute)
    return invalid("article", "the edition lets nobody override this article");
  const auto& roles = article->override_terms->roles;
  if (std::ranges::find(roles, grant.role) != roles.end()) return {};
  return refuse(403, "forbidden", fmt::format("the article asks for the word of {}", fmt::join(roles, ", ")));
}

bool names_list(const procedure::Edition& edition, std::string_view name) {
  const auto& lists = edition.procedure().lists;
  return std::any_of(lists.begin(), lists.end(), [name](const auto& list) { return list.name == name; });
}

// Puts a person on a list or takes them off.
Answer<json> change_list(const Services& services, const Call& call, bool remove) {
  const std::string& list = call.path.at("list");
  const auto edition = services.queries.edition();
  if (!edition || !names_list(*edition, list)) {
    return refuse(404, "not_found", "the edition in force names no such list");
  }
  CROSSLINE_ANSWER_TRY(const json request, parse_json(call.body));
  ObjectReader body(request);
  movement::ListChange change;
  change.list = list;
  change.removed = remove;
  change.party = accounts::name_of(call.caller.party);
  change.reason = read_reason(body);
  CROSSLINE_ANSWER_TRY(change.subject, subject_meant(services, body, Ways::kDocumentOrSubject));

  CROSSLINE_ANSWER_TRY(const SubjectReport before, report_of(services, change.subject));
  const bool on = std::find(before.lists.begin(), before.lists.end(), list) != before.lists.end();
  if (remove && !on) return refuse(409, "conflict", "the person is not on this list");
  return record_act(services, call, std::move(change));
}

Answer<json> change_permit(const Services& services, const Call& call, bool withdraw) {
  CROSSLINE_ANSWER_TRY(const json request, parse_json(call.body));
  ObjectReader body(request);
  movement::PermitChange change;
  change.kind = body.text("kind", 1, movement::kMaxNameBytes);
  change.withdrawn = withdraw;
  change.party = accounts::name_of(call.caller.party);
  change.reason = read_reason(body);
  if (!withdraw) {
    change.valid_from = body.instant("valid_from");
    change.valid_until = body.instant("valid_until");
    if (change.valid_until <= change.valid_from) body.wrong("valid_until", "is not after valid_from");
    if (change.valid_until <= services.clock.now()) body.wrong("valid_until", "has passed");
  }
  CROSSLINE_ANSWER_TRY(change.subject, subject_meant(services, body, Ways::kDocumentOrSubject));
  return record_act(services, call, std::move(change));
}

}  // namespace

Answer<json> resolve(const Services& services, const Call& call) {
  if (call.caller.party == accounts::Party::kGuarantor) {
    return refuse(403, "forbidden", "the guarantor has no word in this: the sides A and B resolve it");
  }
  CROSSLINE_ANSWER_TRY(const json request, parse_json(call.body));
  ObjectReader body(request);
  movement::Resolution resolution;
  resolution.subject = body.subject("subject");
  resolution.party = call.caller.party == accounts::Party::kA ? movement::Side::kA : movement::Side::kB;
  resolution.reason = read_reason(body);
  const std::string status = body.text("status", 1, movement::kMaxNameBytes);
  if (status != "side_a" && status != "side_b") body.wrong("status", "is neither side_a nor side_b");
  resolution.status = status == "side_a" ? movement::Side::kA : movement::Side::kB;
  if (const auto problem = body.problem()) return std::unexpected(*problem);

  CROSSLINE_ANSWER_TRY(const SubjectReport before, report_of(services, resolution.subject));
  if (before.state.status != movement::Status::kDisputed) {
    return refuse(409, "conflict", "the person's status is not disputed");
  }
  return record_act(services, call, std::move(resolution), Shows::kPersonToo);
}

Answer<json> close_checkpoint(const Services& services, const Call& call) {
  CROSSLINE_ANSWER_TRY(const json request, parse_json(call.body));
  ObjectReader body(request);
  movement::Closure closure;
  closure.checkpoint = body.text("checkpoint", 1, movement::kMaxNameBytes);
  closure.from = body.instant("from");
  closure.until = body.instant("until");
  closure.reason = read_reason(body);
  closure.party = accounts::name_of(call.caller.party);
  if (closure.until <= closure.from) body.wrong("until", "is not after from");
  if (closure.until <= services.clock.now()) body.wrong("until", "has passed");
  if (const auto problem = body.problem()) return std::unexpected(*problem);
  if (auto known = check_checkpoint(services, closure.checkpoint); !known)
    return std::unexpected(known.error());
  if (auto fits = check_length(services, closure); !fits) return std::unexpected(fits.error());
  return record_act(services, call, std::move(closure));
}

Answer<json> lift_closure(const Services& services, const Call& call) {
  CROSSLINE_ANSWER_TRY(const json request, parse_json(call.body));
  ObjectReader body(request);
  movement::Closure lift;
  lift.checkpoint = body.text("checkpoint", 1, movement::kMaxNameBytes);
  lift.lifted = true;
  lift.reason = read_reason(body);
  lift.party = accounts::name_of(call.caller.party);
  if (const auto problem = body.problem()) return std::unexpected(*problem);

  const UtcMillis now = services.clock.now();
  CROSSLINE_ANSWER_TRY(const ClosuresNow closures, services.queries.closures(now));
  const bool closed =
      std::any_of(closures.closures.begin(), closures.closures.end(), [&](const auto& closure) {
        return closure.checkpoint == lift.checkpoint && closure.party == lift.party;
      });
  if (!closed) return refuse(409, "conflict", "your party has no closure at this checkpoint");
  lift.from = now;
  lift.until = now;
  return record_act(services, call, std::move(lift));
}

Answer<json> grant_permit(const Services& services, const Call& call) {
  return change_permit(services, call, false);
}

Answer<json> withdraw_permit(const Services& services, const Call& call) {
  return change_permit(services, call, true);
}

Answer<json> handle_notice(const Services& services, const Call& call) {
  CROSSLINE_ANSWER_TRY(const json request, parse_json(call.body));
  ObjectReader body(request);
  movement::NoticeAct act;
  const auto step = movement::notice_step_from(body.text("step", 1, movement::kMaxNameBytes));
  if (!step) body.wrong("step", "is none of given, objected, approved, rejected, withdrawn");
  act.step = step.value_or(movement::NoticeStep::kGiven);
  act.party = accounts::name_of(call.caller.party);
  act.reason = read_reason(body);
  CROSSLINE_ANSWER_TRY(act.subject, subject_meant(services, body, Ways::kDocumentOrSubject));
  return record_act(services, call, std::move(act));
}

Answer<json> lease_quota(const Services& services, const Call& call) {
  const auto edition = services.queries.edition();
  if (!edition) return refuse(404, "not_found", "no edition is in force");
  const auto& quotas = edition->procedure().quotas;
  const std::string& name = call.path.at("quota");
  if (std::ranges::find(quotas, name, &procedure::Quota::name) == quotas.end())
    return refuse(404, "not_found", "the edition in force has no such quota");
  CROSSLINE_ANSWER_TRY(const json request, parse_json(call.body));
  ObjectReader body(request);
  movement::QuotaLease lease;
  lease.quota = name;
  lease.agent = body.text("agent", 1, movement::kMaxNameBytes);
  lease.amount = static_cast<std::int64_t>(body.number("amount", 1, movement::kMaxLease));
  lease.day = static_cast<std::int32_t>(edition->local_day(services.clock.now()));
  lease.party = accounts::name_of(call.caller.party);
  lease.reason = read_reason(body);
  if (const auto problem = body.problem()) return std::unexpected(*problem);
  CROSSLINE_ANSWER_TRY(const LineNow line, services.queries.line_now());
  if (std::ranges::find(line.posts, lease.agent, &PostNow::agent) == line.posts.end())
    return invalid("agent", "there is no such post on this line");
  return record_act(services, call, std::move(lease));
}

Answer<json> give_override(const Services& services, const Call& call) {
  CROSSLINE_ANSWER_TRY(const json request, parse_json(call.body));
  ObjectReader body(request);
  movement::OverrideGrant grant;
  grant.subject = body.subject("subject");
  grant.article = body.text("article", 1, movement::kMaxNameBytes);
  grant.role =
      fmt::format("{}.{}", accounts::name_of(call.caller.party), accounts::name_of(call.caller.role));
  grant.reason = read_reason(body);
  if (const auto problem = body.problem()) return std::unexpected(*problem);

  if (auto counts = check_override(services, grant); !counts) return std::unexpected(counts.error());
  return record_act(services, call, std::move(grant));
}

Answer<json> add_list_entry(const Services& services, const Call& call) {
  return change_list(services, call, false);
}

Answer<json> remove_list_entry(const Services& services, const Call& call) {
  return change_list(services, call, true);
}

}  // namespace crossline::api
