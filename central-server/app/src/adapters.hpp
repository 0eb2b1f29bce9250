// The rest of the server as its HTTPS side sees it.
#pragma once

#include "crossline/api/ports.hpp"
#include "crossline/engine/agent_directory.hpp"
#include "crossline/engine/sequencer_thread.hpp"
#include "crossline/engine/view_thread.hpp"
#include "crossline/server/editions.hpp"

#include <mutex>
#include <string>

namespace crossline::server {

// Thread-safe; calls block. All it is given outlives it.
class QueryAdapter final : public api::Queries {
 public:
  QueryAdapter(ViewThread& views, SequencerThread& sequencer, AgentDirectory& agents, LedgerStore& ledger,
               IdentityStore& identities, const crypto::LineKey& line_key);

  Result<AsOf> as_of() override;
  std::optional<procedure::Edition> edition() override;
  Result<std::optional<procedure::Edition>> edition_numbered(std::uint64_t number) override;
  Result<api::LineNow> line_now() override;
  api::LineKeysNow keys() override;
  Result<api::PersonsNow> persons(std::span<const movement::SubjectId> subjects) override;
  Result<api::BetweenNow> between(std::optional<BetweenCursor> after, std::size_t limit) override;
  Result<api::CasesNow> cases(std::optional<CaseKind> kind, std::optional<CaseCursor> after,
                              std::size_t limit) override;
  Result<api::ClosuresNow> closures(UtcMillis now) override;
  Result<api::FiguresNow> figures(std::int32_t from_day, std::int32_t until_day,
                                  std::optional<std::string_view> category) override;
  Result<HistoryRecord> record(LedgerIndex index) override;
  Result<HistoryPage> history(const movement::SubjectId& subject, LedgerIndex newest,
                              std::size_t limit) override;
  Result<std::optional<wire::Identity>> identity(const movement::SubjectId& subject) override;
  movement::SubjectId subject_of(std::string_view document_key) override;

 private:
  [[nodiscard]] std::optional<procedure::Edition> find_edition(const crypto::Hash& hash);

  ViewThread& views_;
  SequencerThread& sequencer_;
  AgentDirectory& agents_;
  LedgerStore& ledger_;
  IdentityStore& identities_;
  crypto::LineKey line_key_;
  std::mutex mutex_;  // of editions_
  Editions editions_;
};

// Records acts through the sequencer and waits until the views count them.
class OfficeAdapter final : public api::OfficeJournal {
 public:
  OfficeAdapter(SequencerThread& sequencer, ViewThread& views) : sequencer_(sequencer), views_(views) {}
  Result<ActReceipt> record(std::string officer, movement::Body body) override;

 private:
  SequencerThread& sequencer_;
  ViewThread& views_;
};

}  // namespace crossline::server
