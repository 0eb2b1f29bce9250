// The API's ports on the real core with in-memory stores: what the server's adapters do, without its threads.
#pragma once

#include "crossline/api/ports.hpp"
#include "tests/support/server/server_core.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace crossline::testing {

// One thread at a time. The bridge's two posts are enrolled; nobody has crossed yet.
class CoreLine final : public api::Queries, public api::OfficeJournal {
 public:
  CoreLine() = default;
  // Whose server adopts only what these keys signed.
  explicit CoreLine(adoption::KeySet keys) : core(std::move(keys)) {}

  ServerCore core;
  SigningAgent at_a = bridge_a();
  SigningAgent at_b = bridge_b();
  std::vector<api::PostNow> posts{post_of(at_a, "A"), post_of(at_b, "B")};
  bool disk_fails = false;  // acts are refused with kStorageFailed

  // A movement at the post, sent at once.
  wire::EventAnswer record(SigningAgent& agent, movement::Movement movement) {
    agent.record(std::move(movement), core.clock.now());
    return core.submit_new(agent).events.front();
  }
  static crypto::LineKey line_key() { return crypto::LineKey{7, 7, 7}; }

  Result<api::AsOf> as_of() override { return core.views->as_of(); }
  std::optional<procedure::Edition> edition() override {
    const auto* edition = core.sequencer->editions().at(core.clock.now());
    return edition == nullptr ? std::nullopt : std::optional(*edition);
  }
  Result<std::optional<procedure::Edition>> edition_numbered(std::uint64_t number) override {
    CROSSLINE_TRY(const auto hashes, core.ledger.edition_hashes());
    for (const crypto::Hash& hash : hashes) {
      CROSSLINE_TRY(const auto sealed, core.ledger.edition(hash));
      CROSSLINE_TRY(const auto edition, procedure::Edition::load(as_bytes(sealed.value())));
      if (edition.number() == number) return edition;
    }
    return std::nullopt;
  }
  Result<api::EditionsNow> editions() override {
    api::EditionsNow now{core.views->as_of(), core.views->editions(), {}};
    for (const auto& adopted : core.views->adoptions()) now.adoptions.push_back({adopted, signers});
    return now;
  }
  Result<api::ShadowNow> shadow() override {
    const auto* next = core.views->editions().next_after(core.clock.now());
    return api::ShadowNow{core.views->as_of(), next == nullptr ? std::nullopt : std::optional(*next),
                          core.views->shadow()};
  }
  Result<api::LineNow> line_now() override {
    return api::LineNow{core.views->as_of(), posts, core.views->status_counts()};
  }
  Result<void> admit_auditor(const crypto::Certificate& peer, std::string_view root_party) override {
    const auto name = peer.auditor();
    if (!name || name->line != kLine || root_party.empty())
      return fail(ErrorCode::kForbidden, "the certificate is not that of an auditor of this line");
    if (revoked_auditors.contains({std::string(root_party), name->name}))
      return fail(ErrorCode::kRevoked, "the auditor is revoked");
    return {};
  }
  api::LineKeysNow keys() override {
    const auto key_of = [](const std::string& name, const crypto::PublicKey& key) {
      return merkle::NoteVerifierKey::make(name, merkle::NoteKeyType::kEd25519, key).to_string();
    };
    api::LineKeysNow now{key_of(merkle::ledger_origin(kLine), signer_of(1).public_key()),
                         key_of(merkle::journal_origin(kLine, "office"), signer_of(2).public_key()),
                         {}};
    for (const SigningAgent* agent : {&at_a, &at_b}) {
      const api::PostNow& post = posts[agent == &at_a ? 0 : 1];
      now.journals.push_back({agent->name(), agent->post(), post.party, false,
                              key_of(merkle::journal_origin(kLine, agent->name()), agent->public_key())});
    }
    return now;
  }
  Result<api::PersonsNow> persons(std::span<const api::SubjectId> subjects) override {
    const auto reply = core.ask(server::Inquiry{{subjects.begin(), subjects.end()}});
    return api::PersonsNow{core.views->as_of(), std::get<server::Reports>(reply).subjects};
  }
  Result<api::BetweenNow> between(std::optional<server::BetweenCursor> after, std::size_t limit) override {
    const auto between = std::to_underlying(movement::Status::kBetween);
    return api::BetweenNow{core.views->as_of(), core.views->status_counts()[between],
                           core.views->between(after, limit)};
  }
  Result<api::CasesNow> cases(std::optional<server::CaseKind> kind, std::optional<server::CaseCursor> after,
                              std::size_t limit) override {
    return api::CasesNow{core.views->as_of(), core.views->case_counts(),
                         core.views->cases(kind, after, limit)};
  }
  Result<api::ClosuresNow> closures(UtcMillis now) override {
    return api::ClosuresNow{core.views->as_of(), core.views->closures(now)};
  }
  Result<api::QuotasNow> quotas(std::int32_t day) override {
    return api::QuotasNow{core.views->as_of(), core.views->quotas().of_day(day)};
  }
  Result<api::NoticesNow> notices(std::optional<LedgerIndex> before, std::size_t limit) override {
    const auto& book = core.views->notices();
    return api::NoticesNow{core.views->as_of(), book.size(), book.page(before, limit)};
  }
  Result<api::FiguresNow> figures(std::int32_t from_day, std::int32_t until_day,
                                  std::optional<std::string_view> category) override {
    const auto& cube = core.views->statistics();
    api::FiguresNow figures{core.views->as_of(), cube.crossings(from_day, until_day, category), {}};
    if (!category) figures.articles = cube.articles(from_day, until_day);
    return figures;
  }
  Result<server::HistoryRecord> record(LedgerIndex index) override {
    return server::read_record(core.ledger, index);
  }
  Result<server::HistoryRecord> record_of(std::string_view agent, JournalIndex index) override {
    return server::find_record(core.ledger, agent, index);
  }
  Result<server::HistoryPage> history(const api::SubjectId& subject, LedgerIndex newest,
                                      std::size_t limit) override {
    return server::history(core.ledger, subject, newest, limit);
  }
  Result<std::optional<wire::Identity>> identity(const api::SubjectId& subject) override {
    CROSSLINE_TRY(const auto record, core.identities.latest(subject));
    if (!record) return std::nullopt;
    CROSSLINE_TRY(auto identity, wire::decode_identity(as_bytes(record->identity)));
    return identity;
  }
  api::SubjectId subject_of(std::string_view document_key) override {
    return crypto::pseudonym(line_key(), document_key);
  }
  Result<server::ActReceipt> record(std::string officer, movement::Body body) override {
    if (disk_fails) return fail(ErrorCode::kStorageFailed, "/var/lib/somewhere: the disk failed");
    const auto reply = core.ask(server::OfficeAct{std::move(officer), std::move(body)});
    if (const auto* refusal = std::get_if<server::Refusal>(&reply)) return std::unexpected(refusal->error);
    return std::get<server::ActReceipt>(reply);
  }
  Result<adoption::Judged<server::ActReceipt>> adopt(std::string officer, std::string envelope) override {
    const auto reply = core.ask(
        server::Adoption{.officer = std::move(officer), .sealed = {}, .envelope = std::move(envelope)});
    if (const auto* refusal = std::get_if<server::Refusal>(&reply)) {
      if (!refusal->edition) return std::unexpected(refusal->error);
      return adoption::Judged<server::ActReceipt>(std::unexpected(*refusal->edition));
    }
    return adoption::Judged<server::ActReceipt>(std::get<server::ActReceipt>(reply));
  }

  std::optional<adoption::KeysOfParties> signers;                  // of every edition, as the API is told
  std::set<std::pair<std::string, std::string>> revoked_auditors;  // party and name

 private:
  static api::PostNow post_of(const SigningAgent& agent, std::string party) {
    api::PostNow post;
    post.agent = agent.name();
    post.post = agent.post();
    post.party = std::move(party);
    return post;
  }
};

}  // namespace crossline::testing
