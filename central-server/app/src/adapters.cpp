#include "adapters.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

namespace crossline::server {
namespace {

movement::Post post_of(const enrolment::AgentRecord& record) {
  return {record.post.checkpoint,
          movement::post_side_from(record.post.side).value_or(movement::PostSide::kA)};
}

api::PostNow post_now(const AgentDirectory::Entry& entry) {
  api::PostNow now;
  now.agent = entry.record.post.agent;
  now.post = post_of(entry.record);
  now.party = entry.record.party;
  now.connected = entry.status.connected;
  now.since = entry.status.since;
  now.last_seen = entry.status.last_seen;
  now.suspended = entry.status.suspended;
  now.journal_size = entry.status.journal_size;
  now.unsent = entry.status.unsent;
  now.oldest_unsent_ms = entry.status.oldest_unsent_ms;
  return now;
}

}  // namespace

QueryAdapter::QueryAdapter(ViewThread& views, SequencerThread& sequencer, AgentDirectory& agents,
                           LedgerStore& ledger, IdentityStore& identities, const Clock& clock,
                           const crypto::LineKey& line_key, std::optional<adoption::KeySet> procedure_keys)
    : views_(views),
      sequencer_(sequencer),
      agents_(agents),
      ledger_(ledger),
      identities_(identities),
      clock_(clock),
      line_key_(line_key),
      procedure_keys_(std::move(procedure_keys)),
      editions_(ledger) {}

Result<AsOf> QueryAdapter::as_of() {
  return views_.read([](const Views& views) { return views.as_of(); });
}

std::optional<procedure::Edition> QueryAdapter::find_edition(const crypto::Hash& hash) {
  const std::lock_guard lock(mutex_);
  const auto edition = editions_.find(hash);
  return edition ? std::optional(**edition) : std::nullopt;
}

std::optional<procedure::Edition> QueryAdapter::edition() {
  const procedure::EditionBook adopted = edition_book();
  const procedure::Edition* edition = adopted.at(clock_.now());
  return edition == nullptr ? std::nullopt : std::optional(*edition);
}

procedure::EditionBook QueryAdapter::edition_book() {
  return views_.read([](const Views& views) { return views.editions(); });
}

Result<api::EditionsNow> QueryAdapter::editions() {
  struct Read {
    AsOf as_of;
    procedure::EditionBook book;
    std::vector<AdoptedEdition> adoptions;
  };
  const Read now = views_.read(
      [](const Views& views) { return Read{views.as_of(), views.editions(), views.adoptions()}; });
  api::EditionsNow editions{now.as_of, now.book, {}};
  const std::lock_guard lock(mutex_);
  CROSSLINE_CHECK_OK(note_signers(now.book));
  for (const AdoptedEdition& adopted : now.adoptions) {
    const auto signers = signers_.find(adopted.hash);
    editions.adoptions.push_back(
        {adopted, signers == signers_.end() ? std::nullopt : std::optional(signers->second)});
  }
  return editions;
}

Result<api::ShadowNow> QueryAdapter::shadow() {
  const UtcMillis now = clock_.now();
  return views_.read([now](const Views& views) {
    const procedure::Edition* next = views.editions().next_after(now);
    return api::ShadowNow{views.as_of(), next == nullptr ? std::nullopt : std::optional(*next),
                          views.shadow()};
  });
}

// Once for each adoption: what was verified stays so.
Result<void> QueryAdapter::note_signers(const procedure::EditionBook& adopted) {
  if (!procedure_keys_ || signers_.size() == adopted.editions().size()) return {};
  CROSSLINE_TRY(const auto chain, adopted_chain(*procedure_keys_, adopted, ledger_));
  for (const adoption::Verified& verified : chain.editions())
    signers_.insert_or_assign(verified.edition().hash(), verified.signers());
  return {};
}

Result<std::optional<procedure::Edition>> QueryAdapter::edition_numbered(std::uint64_t number) {
  CROSSLINE_TRY(const auto hashes, ledger_.edition_hashes());
  const std::lock_guard lock(mutex_);
  for (const crypto::Hash& hash : hashes) {
    CROSSLINE_TRY(const auto* edition, editions_.find(hash));
    if (edition->number() == number) return *edition;
  }
  return std::nullopt;
}

Result<api::LineNow> QueryAdapter::line_now() {
  api::LineNow now =
      views_.read([](const Views& views) { return api::LineNow{views.as_of(), {}, views.status_counts()}; });
  for (const AgentDirectory::Entry& entry : agents_.list()) {
    api::PostNow post = post_now(entry);
    const auto edition = entry.status.edition ? find_edition(*entry.status.edition) : std::nullopt;
    if (edition) post.edition = edition->number();
    post.enforced = entry.status.edition;
    post.editions = entry.status.editions;
    post.editions_reported = entry.status.editions_reported;
    now.posts.push_back(std::move(post));
  }
  std::sort(now.posts.begin(), now.posts.end(), [](const api::PostNow& a, const api::PostNow& b) {
    return std::tie(a.post.checkpoint, a.post.side, a.agent) <
           std::tie(b.post.checkpoint, b.post.side, b.agent);
  });
  return now;
}

Result<void> QueryAdapter::admit_auditor(const crypto::Certificate& peer, std::string_view root_party) {
  return agents_.registry()->admit_auditor(peer, root_party);
}

api::LineKeysNow QueryAdapter::keys() {
  const auto registry = agents_.registry();
  api::LineKeysNow now{registry->keys().ledger_key.to_string(), registry->keys().office_key.to_string(), {}};
  for (const auto& [agent, record] : registry->agents())
    now.journals.push_back(
        {agent, post_of(record), record.party, !record.active(), record.journal_key.to_string()});
  return now;
}

Result<api::PersonsNow> QueryAdapter::persons(std::span<const movement::SubjectId> subjects) {
  CROSSLINE_TRY(Reply reply, sequencer_.ask(Inquiry{{subjects.begin(), subjects.end()}}));
  CROSSLINE_TRY(AsOf at, as_of());
  return api::PersonsNow{std::move(at), std::move(std::get<Reports>(reply).subjects)};
}

Result<api::BetweenNow> QueryAdapter::between(std::optional<BetweenCursor> after, std::size_t limit) {
  return views_.read([&](const Views& views) {
    const auto total = views.status_counts()[static_cast<std::size_t>(movement::Status::kBetween)];
    return api::BetweenNow{views.as_of(), total, views.between(after, limit)};
  });
}

Result<api::CasesNow> QueryAdapter::cases(std::optional<CaseKind> kind, std::optional<CaseCursor> after,
                                          std::size_t limit) {
  return views_.read([&](const Views& views) {
    return api::CasesNow{views.as_of(), views.case_counts(), views.cases(kind, after, limit)};
  });
}

Result<api::ClosuresNow> QueryAdapter::closures(UtcMillis now) {
  return views_.read(
      [&](const Views& views) { return api::ClosuresNow{views.as_of(), views.closures(now)}; });
}

Result<api::QuotasNow> QueryAdapter::quotas(std::int32_t day) {
  return views_.read(
      [day](const Views& views) { return api::QuotasNow{views.as_of(), views.quotas().of_day(day)}; });
}

Result<api::NoticesNow> QueryAdapter::notices(std::optional<LedgerIndex> before, std::size_t limit) {
  return views_.read([&](const Views& views) {
    return api::NoticesNow{views.as_of(), views.notices().size(), views.notices().page(before, limit)};
  });
}

Result<api::FiguresNow> QueryAdapter::figures(std::int32_t from_day, std::int32_t until_day,
                                              std::optional<std::string_view> category) {
  return views_.read([&](const Views& views) {
    api::FiguresNow figures{views.as_of(), views.statistics().crossings(from_day, until_day, category), {}};
    if (!category) figures.articles = views.statistics().articles(from_day, until_day);
    return figures;
  });
}

Result<HistoryRecord> QueryAdapter::record(LedgerIndex index) {
  return read_record(ledger_, index);
}

Result<HistoryRecord> QueryAdapter::record_of(std::string_view agent, JournalIndex index) {
  return find_record(ledger_, agent, index);
}

Result<HistoryPage> QueryAdapter::history(const movement::SubjectId& subject, LedgerIndex newest,
                                          std::size_t limit) {
  return server::history(ledger_, subject, newest, limit);
}

Result<std::optional<wire::Identity>> QueryAdapter::identity(const movement::SubjectId& subject) {
  CROSSLINE_TRY(const auto record, identities_.latest(subject));
  if (!record) return std::nullopt;
  CROSSLINE_TRY(auto identity, wire::decode_identity(as_bytes(record->identity)));
  return std::optional(std::move(identity));
}

movement::SubjectId QueryAdapter::subject_of(std::string_view document_key) {
  return crypto::pseudonym(line_key_, document_key);
}

Result<ActReceipt> OfficeAdapter::record(std::string officer, movement::Body body) {
  CROSSLINE_TRY(Reply reply, sequencer_.ask(OfficeAct{std::move(officer), std::move(body)}));
  if (auto* refusal = std::get_if<Refusal>(&reply)) return std::unexpected(std::move(refusal->error));
  return finish(std::get<ActReceipt>(std::move(reply)));
}

Result<adoption::Judged<ActReceipt>> OfficeAdapter::adopt(std::string officer, std::string envelope) {
  if (!knows_keys_)
    return fail(ErrorCode::kConflict,
                "this server has no procedure_keys: it adopts only what its configuration names");
  Adoption adoption{.officer = std::move(officer), .sealed = {}, .envelope = std::move(envelope)};
  CROSSLINE_TRY(Reply reply, sequencer_.ask(std::move(adoption)));
  if (auto* refusal = std::get_if<Refusal>(&reply)) {
    if (refusal->edition) return adoption::Judged<ActReceipt>(std::unexpected(*std::move(refusal->edition)));
    return std::unexpected(std::move(refusal->error));
  }
  CROSSLINE_TRY(ActReceipt receipt, finish(std::get<ActReceipt>(std::move(reply))));
  return adoption::Judged<ActReceipt>(std::move(receipt));
}

Result<ActReceipt> OfficeAdapter::finish(ActReceipt receipt) {
  if (!views_.wait_for(receipt.index.next())) {
    return fail(ErrorCode::kUnavailable, "the server is stopping; the act is recorded");
  }
  return receipt;
}

}  // namespace crossline::server
