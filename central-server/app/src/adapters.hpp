// The rest of the server as its HTTPS side sees it.
#pragma once

#include "crossline/api/ports.hpp"
#include "crossline/engine/agent_directory.hpp"
#include "crossline/engine/sequencer_thread.hpp"
#include "crossline/engine/view_thread.hpp"
#include "crossline/server/editions.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace crossline::server {

// Thread-safe; calls block. All it is given outlives it.
class QueryAdapter final : public api::Queries {
 public:
  QueryAdapter(ViewThread& views, SequencerThread& sequencer, AgentDirectory& agents, LedgerStore& ledger,
               IdentityStore& identities, const Clock& clock, const crypto::LineKey& line_key,
               std::optional<adoption::KeySet> procedure_keys);

  Result<AsOf> as_of() override;
  std::optional<procedure::Edition> edition() override;
  Result<std::optional<procedure::Edition>> edition_numbered(std::uint64_t number) override;
  Result<api::EditionsNow> editions() override;
  Result<api::ShadowNow> shadow() override;
  Result<api::LineNow> line_now() override;
  api::LineKeysNow keys() override;
  Result<void> admit_auditor(const crypto::Certificate& peer, std::string_view root_party) override;
  Result<api::PersonsNow> persons(std::span<const movement::SubjectId> subjects) override;
  Result<api::BetweenNow> between(std::optional<BetweenCursor> after, std::size_t limit) override;
  Result<api::CasesNow> cases(std::optional<CaseKind> kind, std::optional<CaseCursor> after,
                              std::size_t limit) override;
  Result<api::ClosuresNow> closures(UtcMillis now) override;
  Result<api::QuotasNow> quotas(std::int32_t day) override;
  Result<api::NoticesNow> notices(std::optional<LedgerIndex> before, std::size_t limit) override;
  Result<api::FiguresNow> figures(std::int32_t from_day, std::int32_t until_day,
                                  std::optional<std::string_view> category) override;
  Result<HistoryRecord> record(LedgerIndex index) override;
  Result<HistoryRecord> record_of(std::string_view agent, JournalIndex index) override;
  Result<HistoryPage> history(const movement::SubjectId& subject, LedgerIndex newest,
                              std::size_t limit) override;
  Result<std::optional<wire::Identity>> identity(const movement::SubjectId& subject) override;
  movement::SubjectId subject_of(std::string_view document_key) override;

  // Every adopted edition.
  [[nodiscard]] procedure::EditionBook edition_book();

 private:
  Result<void> note_signers(const procedure::EditionBook& adopted);
  [[nodiscard]] std::optional<procedure::Edition> find_edition(const crypto::Hash& hash);

  ViewThread& views_;
  SequencerThread& sequencer_;
  AgentDirectory& agents_;
  LedgerStore& ledger_;
  IdentityStore& identities_;
  const Clock& clock_;
  crypto::LineKey line_key_;
  std::optional<adoption::KeySet> procedure_keys_;
  std::mutex mutex_;  // of the rest
  Editions editions_;
  std::map<crypto::Hash, adoption::KeysOfParties>
      signers_;  // of what was adopted, as far as it was asked for
};

// Records acts through the sequencer and waits until the views count them.
class OfficeAdapter final : public api::OfficeJournal {
 public:
  OfficeAdapter(SequencerThread& sequencer, ViewThread& views, bool knows_keys)
      : sequencer_(sequencer), views_(views), knows_keys_(knows_keys) {}
  Result<ActReceipt> record(std::string officer, movement::Body body) override;
  Result<adoption::Judged<ActReceipt>> adopt(std::string officer, std::string envelope) override;

 private:
  Result<ActReceipt> finish(ActReceipt receipt);

  SequencerThread& sequencer_;
  ViewThread& views_;
  bool knows_keys_;
};

}  // namespace crossline::server
