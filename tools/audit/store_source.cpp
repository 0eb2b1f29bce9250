#include "tools/audit/store_source.hpp"

#include "crossline/server/sqlite_ledger.hpp"
#include "tools/audit/proofs.hpp"
#include "tools/audit/store_entries.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace crossline::tools {
namespace {

// What is wrong with the file names it; SQLite's own words do already.
Result<std::shared_ptr<server::LedgerStore>> open_read_only(const std::filesystem::path& path) {
  auto store = server::SqliteLedger::open(path, server::SqliteLedger::Access::kReadOnly);
  if (store || store.error().message.contains(path.filename().string())) return store;
  return std::unexpected(std::move(store).error().at(path.string()));
}

TreeSize size_of(const std::optional<wire::SignedHead>& head) {
  return head ? head->head.size : TreeSize(0);
}

// The head of every commit.
Result<void> expect_heads(server::LedgerStore& store, TreeSize size, audit::Auditor& auditor) {
  for (LedgerIndex next; next.value() < size.value();) {
    CROSSLINE_TRY(const wire::SignedHead head, store.head_of(next));
    auditor.expect(head);
    next = LedgerIndex(head.head.size.value());
  }
  return {};
}

}  // namespace

Result<StoreAudit> audit_store(const std::filesystem::path& path, const enrolment::Registry& registry,
                               audit::Options options, const std::filesystem::path& proofs,
                               const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                               std::span<const wire::SignedHead> kept) {
  CROSSLINE_TRY(const auto store, open_read_only(path));
  CROSSLINE_TRY(const std::optional<wire::SignedHead> head, store->head());
  StoreSource source(store);
  audit::Auditor auditor(registry, source, options);
  const TreeSize size = size_of(head);
  if (options.signatures == audit::Options::Signatures::kAll) {
    CROSSLINE_CHECK_OK(expect_heads(*store, size, auditor));
  } else if (head) {
    auditor.expect(*head);
  }
  for (const wire::SignedHead& one : kept) auditor.expect(one);
  StoreAudit audited;
  if (auto advanced = auditor.advance(size, progress)) {
    audited.report = auditor.report();
  } else {
    audited.report = auditor.found();
    if (audited.report.clean()) return std::unexpected(std::move(advanced).error());
    audited.stopped = std::move(advanced).error();
  }
  if (!proofs.empty()) {
    CROSSLINE_TRY(audited.proofs,
                  write_proofs(auditor, audited.report, registry, source, store.get(), proofs));
  }
  return audited;
}

Result<StoredLedger> open_store_source(const std::filesystem::path& path) {
  CROSSLINE_TRY(auto store, open_read_only(path));
  CROSSLINE_TRY(const std::optional<wire::SignedHead> head, store->head());
  return StoredLedger{std::make_unique<StoreSource>(std::move(store)), size_of(head)};
}

}  // namespace crossline::tools
