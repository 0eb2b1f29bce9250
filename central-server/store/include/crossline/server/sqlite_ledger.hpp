// The ledger in one SQLite file, and beside it an index made from it (docs/formats/ledger.md, "The files").
#pragma once

#include "crossline/server/ports.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace crossline::server {

// Writes through one connection, synced; reads through another, so that a reader never waits for a commit.
// One for writing keeps the index; kCorruptData when the ledger's entries do not lead to the roots that were
// signed.
class SqliteLedger final : public LedgerStore {
 public:
  enum class Access : std::uint8_t { kReadWrite, kReadOnly };  // read only: for tools; writing is a bug
  // Told, while it is opened for writing, that the index is made again: why, and how far it has come.
  using Say = std::function<void(std::string_view line)>;
  static Result<std::unique_ptr<SqliteLedger>> open(const std::filesystem::path& path,
                                                    Access access = Access::kReadWrite, const Say& say = {});
  ~SqliteLedger() override;

  Result<LedgerSnapshot> load() override;
  Result<void> append(const Commit& commit) override;
  Result<std::vector<std::string>> read(LedgerIndex first, std::size_t count) override;
  Result<std::optional<wire::SignedHead>> head() override;
  Result<wire::SignedHead> head_of(LedgerIndex index) override;
  Result<std::optional<Run>> find(std::string_view agent, JournalIndex index) override;
  Result<void> put_edition(std::string_view sealed, std::string_view envelope) override;
  Result<std::optional<std::string>> edition(const crypto::Hash& hash) override;
  Result<std::vector<crypto::Hash>> edition_hashes() override;
  Result<std::optional<std::string>> edition_envelope(const crypto::Hash& hash) override;
  Result<void> add_evidence(const ForkEvidence& evidence) override;
  Result<std::vector<ForkEvidence>> evidence() override;
  Result<void> lift_suspension(std::string_view agent) override;

 private:
  struct Writer;
  struct Reader;
  SqliteLedger(std::unique_ptr<Writer> writer, std::unique_ptr<Reader> reader);

  std::unique_ptr<Writer> writer_;  // null when read only
  std::unique_ptr<Reader> reader_;
};

}  // namespace crossline::server
