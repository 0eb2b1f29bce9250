// Which editions were adopted, which one each post enforces, and how a next one is handed in.
#include "crossline/adoption/envelope.hpp"
#include "crossline/api/operations.hpp"
#include "crossline/api/reading.hpp"
#include "render.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace crossline::api {
namespace {

// Where an edition stands at `now`. The next to come is in shadow: what it would change is already listed.
std::string_view state_of(const procedure::EditionBook& book, const procedure::Edition& edition,
                          UtcMillis now) {
  if (now < edition.from()) return book.next_after(now) == &edition ? "shadow" : "waiting";
  if (book.at(now) != &edition) return "superseded";
  return edition.in_force(now) ? "in_force" : "ended";
}

json signers_json(const std::optional<adoption::KeysOfParties>& signers) {
  if (!signers) return json();
  json made = json::object();
  for (const auto& [party, keys] : *signers) {
    made[party] = json::array();
    for (const crypto::PublicKey& key : keys) made[party].push_back(adoption::key_id_of(key));
  }
  return made;
}

json adopted_json(const EditionsNow& editions, const EditionsNow::Adopted& adopted, UtcMillis now) {
  const procedure::Edition* edition = editions.book.find(adopted.adoption.hash);
  if (edition == nullptr) return json();
  json made = edition_ref_json(*edition, now);
  made["name"] = edition->name();
  made["state"] = state_of(editions.book, *edition, now);
  made["adopted_at"] = instant_json(adopted.adoption.at);
  made["ledger_index"] = adopted.adoption.entry.value();
  made["signers"] = signers_json(adopted.signers);
  return made;
}

// The number is null for an edition that this server never adopted.
json known_edition_json(const procedure::EditionBook& book, const std::optional<crypto::Hash>& hash) {
  if (!hash) return json();
  const procedure::Edition* edition = book.find(*hash);
  return {{"hash", hash->hex()}, {"number", edition == nullptr ? json() : json(edition->number())}};
}

json refused_json(const procedure::EditionBook& book, const std::optional<wire::EditionReport>& report) {
  if (!report || !report->refused) return json();
  json made = known_edition_json(book, report->refused->hash);
  made["reason"] = report->refused->reason;
  return made;
}

json post_editions_json(const EditionsNow& editions, const PostNow& post, UtcMillis now) {
  const procedure::Edition* in_force = editions.book.at(now);
  const bool agrees = in_force != nullptr && post.enforced == in_force->hash();
  const auto newest = post.editions ? std::optional(post.editions->newest) : std::nullopt;
  return {{"checkpoint", post.post.checkpoint},
          {"side", movement::name_of(post.post.side)},
          {"agent", post.agent},
          {"party", post.party},
          {"connected", post.connected},
          {"enforced", known_edition_json(editions.book, post.enforced)},
          {"newest", known_edition_json(editions.book, newest)},
          {"reported_at", instant_json(post.editions_reported)},
          {"agrees", post.enforced ? json(agrees) : json()},
          {"refused", refused_json(editions.book, post.editions)}};
}

}  // namespace

Answer<json> get_editions(const Services& services, const Call& call) {
  QueryReader query(call.query);
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  CROSSLINE_ANSWER_TRY(const EditionsNow editions, services.queries.editions());
  const UtcMillis now = services.clock.now();
  json rows = json::array();
  for (const auto& adopted : editions.adoptions) rows.push_back(adopted_json(editions, adopted, now));
  return json{{"as_of", as_of_json(services, editions.as_of)}, {"editions", std::move(rows)}};
}

Answer<json> get_edition_posts(const Services& services, const Call& call) {
  QueryReader query(call.query);
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  CROSSLINE_ANSWER_TRY(const EditionsNow editions, services.queries.editions());
  CROSSLINE_ANSWER_TRY(const LineNow line, services.queries.line_now());
  const UtcMillis now = services.clock.now();
  const procedure::Edition* in_force = editions.book.at(now);
  json posts = json::array();
  for (const PostNow& post : line.posts) posts.push_back(post_editions_json(editions, post, now));
  return json{{"as_of", as_of_json(services, editions.as_of)},
              {"edition", in_force == nullptr ? json() : edition_ref_json(*in_force, now)},
              {"posts", std::move(posts)}};
}

// The body is the envelope itself, byte for byte: that is what every machine verifies.
Answer<json> submit_edition(const Services& services, const Call& call) {
  CROSSLINE_ANSWER_TRY(const auto outcome, services.office.adopt(call.caller.account, call.body));
  if (!outcome) {
    Problem problem{.status = 422,
                    .code = std::string(adoption::name_of(outcome.error().reason)),
                    .detail = outcome.error().message,
                    .field = {},
                    .retry_after_ms = {}};
    return std::unexpected(std::move(problem));
  }
  CROSSLINE_ANSWER_TRY(const EditionsNow editions, services.queries.editions());
  const auto adopted = std::ranges::find(editions.adoptions, outcome->index,
                                         [](const auto& one) { return one.adoption.entry; });
  if (adopted == editions.adoptions.end())
    return std::unexpected(problem_of({ErrorCode::kCorruptData, "an adoption that nobody recorded"}));
  return json{{"as_of", as_of_json(services, editions.as_of)},
              {"ledger_index", outcome->index.value()},
              {"edition", adopted_json(editions, *adopted, services.clock.now())}};
}

}  // namespace crossline::api
