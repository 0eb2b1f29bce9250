// The ledger's heads and the proofs that a browser checks for itself.
#include "crossline/api/operations.hpp"
#include "crossline/api/reading.hpp"
#include "crossline/api/time_text.hpp"
#include "crossline/base/text.hpp"
#include "crossline/merkle/tlog_proof.hpp"
#include "lookups.hpp"
#include "render.hpp"

namespace crossline::api {
namespace {

json published_json(const std::string& origin, const std::optional<PublishedHead>& published) {
  if (!published) return {};
  json cosigners = json::array();
  for (const Cosigner& cosigner : published->cosigners) {
    const UtcMillis at{static_cast<std::int64_t>(cosigner.time_s) * 1'000};
    cosigners.push_back({{"name", cosigner.name}, {"at", instant_text(at)}});
  }
  return {{"head", tree_head_json(origin, published->head)},
          {"note", published->note.to_string()},
          {"cosigners", std::move(cosigners)}};
}

json hashes_json(const std::vector<merkle::Hash>& hashes) {
  json array = json::array();
  for (const merkle::Hash& hash : hashes) array.push_back(to_base64(hash.view()));
  return array;
}

Answer<LedgerIndex> index_of(const Call& call) {
  QueryReader query(call.query);
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  const auto number = parse_u64(call.path.at("index"));
  if (!number) return invalid("index", "is no number of an entry");
  return LedgerIndex(*number);
}

std::unexpected<Problem> no_such_entry() {
  return refuse(404, "not_found", "the ledger has no such entry, or its newest head does not cover it yet");
}

}  // namespace

Answer<json> get_ledger(const Services& services, const Call& call) {
  QueryReader query(call.query);
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  const LogState state = services.log.state();
  const std::string origin = merkle::ledger_origin(services.line);
  return json{{"origin", origin},
              {"has_witnesses", state.has_witnesses},
              {"newest", published_json(origin, state.newest)},
              {"settled", published_json(origin, state.settled)}};
}

Answer<json> get_ledger_proof(const Services& services, const Call& call) {
  CROSSLINE_ANSWER_TRY(const LedgerIndex index, index_of(call));
  if (const auto allowed = check_may_read(services, call.caller, index); !allowed)
    return std::unexpected(allowed.error());
  const LogState state = services.log.state();
  // Against what is settled when that covers the entry: it is worth more.
  const auto covers = [&](const std::optional<PublishedHead>& published) {
    return published && index.value() < published->head.size.value();
  };
  const bool settled = covers(state.settled);
  if (!settled && !covers(state.newest)) return no_such_entry();
  const PublishedHead& against = settled ? *state.settled : *state.newest;
  CROSSLINE_ANSWER_TRY(const std::string entry, services.log.entry(index));
  CROSSLINE_ANSWER_TRY(std::vector<merkle::Hash> hashes, services.log.inclusion(index, against.head.size));
  const merkle::TlogProof proof{std::nullopt, merkle::LeafIndex(index.value()), hashes, against.note};
  const std::string origin = merkle::ledger_origin(services.line);
  json answer = published_json(origin, against);
  answer["ledger_index"] = index.value();
  answer["state"] = settled ? "settled" : "provisional";
  answer["entry"] = to_base64(as_bytes(entry));
  answer["leaf"] = to_base64(merkle::leaf_hash(as_bytes(entry)).view());
  answer["hashes"] = hashes_json(hashes);
  answer["proof"] = proof.to_string();
  return answer;
}

Answer<json> get_ledger_journal_proof(const Services& services, const Call& call) {
  CROSSLINE_ANSWER_TRY(const LedgerIndex index, index_of(call));
  if (const auto allowed = check_may_read(services, call.caller, index); !allowed)
    return std::unexpected(allowed.error());
  const LogState state = services.log.state();
  if (!state.newest || index.value() >= state.newest->head.size.value()) return no_such_entry();
  CROSSLINE_ANSWER_TRY(const JournalProof proof, services.log.journal_proof(index));
  return json{{"ledger_index", index.value()},
              {"agent", proof.agent},
              {"origin", merkle::journal_origin(services.line, proof.agent)},
              {"journal_index", proof.index.value()},
              {"size", proof.size.value()},
              {"hashes", hashes_json(proof.hashes)},
              {"signature", to_base64(proof.signature.bytes)}};
}

Answer<json> get_ledger_keys(const Services& services, const Call& call) {
  QueryReader query(call.query);
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  const LineKeysNow keys = services.queries.keys();
  json agents = json::array();
  for (const JournalKey& journal : keys.journals) {
    agents.push_back({{"agent", journal.agent},
                      {"checkpoint", journal.post.checkpoint},
                      {"side", movement::name_of(journal.post.side)},
                      {"party", journal.party},
                      {"revoked", journal.revoked},
                      {"key", journal.key}});
  }
  return json{{"ledger", keys.ledger},
              {"office", keys.office},
              {"agents", std::move(agents)},
              {"policy", services.witness_policy.empty() ? json() : json(services.witness_policy)}};
}

Answer<json> get_ledger_consistency(const Services& services, const Call& call) {
  QueryReader query(call.query);
  const auto from = query.text("from", 20);
  const auto parsed = from ? parse_u64(*from) : std::nullopt;
  if (!parsed || *parsed == 0) query.wrong("from", "is the size of an earlier head, at least 1");
  const auto to = query.text("to", 20);
  const auto later = to ? parse_u64(*to) : std::nullopt;
  if (to && (!later || (parsed && *later < *parsed)))
    query.wrong("to", "is the size of a later head, at least that of `from`");
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  const LogState state = services.log.state();
  if (!state.newest || later.value_or(*parsed) > state.newest->head.size.value())
    return refuse(404, "not_found", "the newest head is smaller");
  const TreeSize end = later ? TreeSize(*later) : state.newest->head.size;
  CROSSLINE_ANSWER_TRY(const auto hashes, services.log.consistency(TreeSize(*parsed), end));
  json answer = published_json(merkle::ledger_origin(services.line), state.newest);
  answer["from"] = *parsed;
  answer["to"] = end.value();
  answer["hashes"] = hashes_json(hashes);
  return answer;
}

}  // namespace crossline::api
