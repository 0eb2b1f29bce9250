#include "history.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/movement/override_words.hpp"
#include "crossline/movement/record_limits.hpp"
#include "render.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

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

// The words by which articles were overridden when the server judged the movements of a page. The ledger has
// the words and the verdict; that they sufficed is worked out anew, by the edition that the post applied.
class WordsInEffect {
 public:
  explicit WordsInEffect(const Services& services) : services_(services) {}

  // Of the records of a chain, newest first: a word counts for the movements that were seen before it.
  void see(const server::HistoryRecord& record) {
    const auto* grant = std::get_if<movement::OverrideGrant>(&record.event.body);
    if (grant == nullptr) return;
    words_.push_back(
        {grant->article, grant->role, movement::signer_tag(record.event.officer), record.entry.occurred_at});
    sources_.push_back({record.index, grant->reason});
  }
  // A movement of the page, at position `row`.
  Answer<void> want(const server::HistoryRecord& record, const movement::Movement& moved, std::size_t row) {
    CROSSLINE_ANSWER_TRY(const auto* edition, edition_numbered(moved.edition));
    if (edition == nullptr) return {};
    std::optional<std::int64_t> longest_minutes;
    for (const procedure::Article& article : edition->articles()) {
      if (article.override_terms)
        longest_minutes = std::max(longest_minutes.value_or(0), article.override_terms->valid_minutes);
    }
    if (!longest_minutes) return {};
    constexpr std::int64_t kMinuteMs = 60'000;
    const UtcMillis since = record.entry.occurred_at.plus(-*longest_minutes * kMinuteMs);
    oldest_ = oldest_ ? std::min(*oldest_, since) : since;
    wanted_.push_back({row, words_.size(), record.entry.occurred_at, edition});
    return {};
  }
  // Whether neither `record` nor what is older holds a word that counts: words are received in order.
  [[nodiscard]] bool are_older_than(const server::HistoryRecord& record) const {
    return !oldest_ || record.entry.received_at < *oldest_;
  }
  // Adds them to the judgements of the page.
  void show(json& records) const {
    for (const Wanted& movement : wanted_) {
      json overridden = overridden_json(movement);
      if (!overridden.empty())
        records[movement.row]["movement"]["server_judgement"]["overridden"] = std::move(overridden);
    }
  }

 private:
  struct Source {
    LedgerIndex index;
    std::string reason;
  };
  struct Wanted {
    std::size_t row;
    std::size_t newer_words;  // as many of `words_` came after the movement
    UtcMillis at;
    const procedure::Edition* edition;
  };

  // Null when the server never adopted one of this number.
  Answer<const procedure::Edition*> edition_numbered(std::uint32_t number) {
    auto known = editions_.find(number);
    if (known == editions_.end()) {
      CROSSLINE_ANSWER_TRY(auto edition, services_.queries.edition_numbered(number));
      known = editions_.emplace(number, std::move(edition)).first;
    }
    return known->second ? &*known->second : nullptr;
  }

  [[nodiscard]] json overridden_json(const Wanted& movement) const {
    // As the person's state had them: in order of grant, and the last ones only.
    const auto before = std::span(words_).subspan(movement.newer_words);
    const auto kept = before.first(std::min(before.size(), limits::kMaxOverrides));
    const std::vector<movement::OverrideEntry> words(kept.rbegin(), kept.rend());
    json all = json::array();
    for (const procedure::Article& article : movement.edition->articles()) {
      json counted = json::array();
      for (const std::size_t word : movement::words_in_effect(words, article, movement.at)) {
        const Source& source = sources_[movement.newer_words + kept.size() - 1 - word];
        counted.push_back({{"role", words[word].role},
                           {"given_at", instant_json(words[word].granted_at)},
                           {"reason", source.reason},
                           {"ledger_index", source.index.value()}});
      }
      if (counted.empty()) continue;
      all.push_back({{"id", article.id}, {"text", text_json(article.text)}, {"words", std::move(counted)}});
    }
    return all;
  }

  const Services& services_;
  std::map<std::uint32_t, std::optional<procedure::Edition>> editions_;  // by number
  std::vector<movement::OverrideEntry> words_;                           // newest first
  std::vector<Source> sources_;                                          // of each of `words_`
  std::vector<Wanted> wanted_;
  std::optional<UtcMillis> oldest_;  // no word given before counts for any of `wanted_`
};

}  // namespace

Answer<TimelinePage> read_timeline(const Services& services, const SubjectId& subject, LedgerIndex last,
                                   std::optional<LedgerIndex> from, std::size_t limit) {
  CROSSLINE_ANSWER_TRY(Context context, context_of(services));
  TimelinePage page{json::array(), std::nullopt};
  WordsInEffect words(services);
  std::size_t read = 0;
  bool reached = !from;
  bool has_all = false;
  for (std::optional<LedgerIndex> at = last; at && !has_all;) {
    CROSSLINE_ANSWER_TRY(const auto chunk, services.queries.history(subject, *at, limits::kMaxPageRows));
    for (const server::HistoryRecord& record : chunk.records) {
      if (!page.next && page.records.size() == limit) page.next = record.index;
      has_all = page.next && words.are_older_than(record);
      if (has_all) break;
      words.see(record);
      if (page.next) continue;
      if (const auto* correction = std::get_if<movement::Correction>(&record.event.body)) {
        context.corrected.emplace(record.event.agent, correction->journal_index.value());
      }
      reached = reached || record.index == from;
      if (!reached) continue;
      if (const auto* moved = std::get_if<movement::Movement>(&record.event.body)) {
        const auto wanted = words.want(record, *moved, page.records.size());
        if (!wanted) return std::unexpected(wanted.error());
      }
      page.records.push_back(record_json(record, context));
    }
    read += chunk.records.size();
    if (!has_all && read > kMaxHistoryEntries) {
      return refuse(409, "conflict", "this history is too long for a page; audit the ledger instead");
    }
    at = chunk.next;
  }
  if (!reached) return invalid("cursor", "is no cursor of this list");
  words.show(page.records);
  return page;
}

}  // namespace crossline::api
