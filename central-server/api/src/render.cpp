#include "render.hpp"

#include "crossline/api/time_text.hpp"

#include <algorithm>

namespace crossline::api {

json instant_json(std::optional<UtcMillis> instant) {
  return instant ? json(instant_text(*instant)) : json();
}

json tree_head_json(std::string_view origin, const merkle::TreeHead& head) {
  return {{"origin", origin}, {"size", head.size.value()}, {"root", to_base64(head.root.view())}};
}

json as_of_json(const Services& services, const AsOf& as_of) {
  const merkle::TreeHead head =
      as_of.head ? as_of.head->head : merkle::TreeHead{TreeSize(0), merkle::empty_root()};
  const LogState log = services.log.state();
  json cosigners = json::array();
  if (log.settled)
    for (const Cosigner& cosigner : log.settled->cosigners) cosigners.push_back(cosigner.name);
  const TreeSize settled = log.settled ? log.settled->head.size : TreeSize(0);
  return {{"at", instant_text(as_of.head ? as_of.received_at : services.clock.now())},
          {"tree_head", tree_head_json(merkle::ledger_origin(services.line), head)},
          {"settled_size", settled.value()},
          {"cosigners", std::move(cosigners)},
          {"state", as_of.head && settled >= head.size ? "settled" : "provisional"}};
}

json text_json(const procedure::Text& text) {
  return json(text.all());
}

json side_json(movement::Side side) {
  return movement::name_of(side);
}

json subject_status_json(const SubjectReport& person) {
  const wire::StateAfter& state = person.state;
  const bool placed = person.known && state.status != movement::Status::kUnknown;
  json status = {
      {"status", movement::name_of(state.status)},
      {"since", placed ? instant_json(state.since) : json()},
      {"checkpoint", placed && !state.since_checkpoint.empty() ? json(state.since_checkpoint) : json()},
      {"came_from", state.status == movement::Status::kBetween ? side_json(state.came_from) : json()},
      {"ledger_index", placed ? json(state.since_index.value()) : json()},
      {"unmatched", placed && state.unmatched},
      {"lists", person.lists}};
  if (state.status == movement::Status::kDisputed) {
    json said = json::object();
    const auto word = [](movement::Side side) { return movement::name_of(movement::status_on(side)); };
    if (person.resolution_a) said["A"] = word(*person.resolution_a);
    if (person.resolution_b) said["B"] = word(*person.resolution_b);
    status["resolutions"] = std::move(said);
  }
  return status;
}

json identity_json(const wire::Identity& identity) {
  return {{"document_kind", identity.document_kind},     {"document_issuer", identity.document_issuer},
          {"document_number", identity.document_number}, {"primary_name", identity.primary_name},
          {"secondary_name", identity.secondary_name},   {"birth_date", identity.birth_date},
          {"expiry_date", identity.expiry_date},         {"nationality", identity.nationality},
          {"sex", movement::name_of(identity.sex)}};
}

json edition_ref_json(const procedure::Edition& edition, UtcMillis now) {
  return {{"number", edition.number()},
          {"hash", edition.hash().hex()},
          {"in_force", edition.in_force(now)},
          {"from", instant_text(edition.from())},
          {"until", instant_text(edition.until())}};
}

const procedure::Article* find_article(const std::optional<procedure::Edition>& edition,
                                       std::string_view id) {
  if (!edition) return nullptr;
  const auto& articles = edition->articles();
  const auto found = std::find_if(articles.begin(), articles.end(),
                                  [id](const procedure::Article& article) { return article.id == id; });
  return found == articles.end() ? nullptr : &*found;
}

json judgement_json(movement::Verdict verdict, std::span<const std::string> articles,
                    const std::optional<procedure::Edition>& edition) {
  json cited = json::array();
  for (const std::string& id : articles) {
    json article = {{"id", id}};
    if (const auto* found = find_article(edition, id)) article["text"] = text_json(found->text);
    cited.push_back(std::move(article));
  }
  return {{"verdict", movement::name_of(verdict)}, {"articles", std::move(cited)}};
}

}  // namespace crossline::api
