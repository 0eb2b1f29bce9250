// A copy of a ledger in a folder: the newest signed head that was seen, and the entries that hash to it
// (docs/operating-auditor.md). The folder's files lie at the paths of C2SP tlog-tiles.
#pragma once

#include "crossline/base/limits.hpp"
#include "crossline/merkle/misbehaviour.hpp"
#include "crossline/merkle/note.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/mirror/log_source.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace crossline::mirror {

// A head whose signature by the ledger's key verified.
struct LedgerHead {
  merkle::TreeHead head;
  crypto::Signature signature;
  merkle::SignedNote note;  // as it was shown, cosignatures included

  // kInvalidArgument: the head of another ledger than `key` is of. kBadSignature: not signed with that key.
  // kMalformed.
  static Result<LedgerHead> parse(std::string_view note, const merkle::NoteVerifierKey& key);
};

// Nothing is trusted because it is on the disk: every bundle of entries, fetched or kept, is compared with
// the signed head before it is given to anybody, so that half a file is fetched again. The head is on the
// disk for good before any entry that it covers. A size that a head claims costs nothing: memory is that of
// some tiles, kBundlesAtOnce bundles and kMaxKeptBytes of verified ones, and what lies on the disk was
// fetched and verified. One process and thread at a time.
class Mirror {
 public:
  // Makes the folder. `ledger_key` is the registry's. kBusy: another process mirrors into it.
  // LedgerHead::parse's error: the folder holds another ledger. kStorageFailed, kUnavailable. `max_entries`:
  // how many the caller can hold.
  static Result<std::unique_ptr<Mirror>> open(const std::filesystem::path& folder,
                                              merkle::NoteVerifierKey ledger_key,
                                              TreeSize max_entries = TreeSize(limits::kMaxAuditedEntries));
  ~Mirror();

  // The newest head seen, in this run or before; nothing in an empty folder.
  [[nodiscard]] const std::optional<LedgerHead>& head() const;
  // How many entries have been compared with head() in this run, from the first on.
  [[nodiscard]] TreeSize verified() const;

  // Asks for the newest head and keeps it. Before that: its signature, the tiles at the end of the log, and
  // that it continues the head kept until now. Nothing is fetched for a head of more than `max_entries`:
  // kUnsupported, or, beyond limits::kMaxLedgerEntries, which no ledger has, kConflict. kConflict as well: it
  // is older than the head kept until now. kForked: it is of another history, and evidence() proves it.
  // kCorruptData: the tiles do not hash to it. Errors of LedgerHead::parse and of the source. What was kept
  // stays on every error.
  Result<void> renew(LogSource& log);
  // Goes on with the head that the folder holds, without a server. kNotFound when it holds none, or not the
  // tiles at its end; kUnsupported when it has more than `max_entries`.
  Result<void> reopen();
  // The signed head that renew() refused last with kConflict or kForked.
  [[nodiscard]] const std::optional<LedgerHead>& refused() const;
  // Two heads of the ledger that do not fit, after kForked.
  [[nodiscard]] const std::optional<merkle::Misbehaviour>& evidence() const;

  // Verifies the next entries, at most kStepEntries, after fetching those that are not there or not whole,
  // and the tiles above them; without a `log` these are kNotFound. kCorruptData: what was fetched does not
  // hash to head(). Requires renew() or reopen() before; does nothing at the end.
  static constexpr std::size_t kStepEntries = 4'096;
  static constexpr std::size_t kBundlesAtOnce = 4;  // fetched at the same time: 67 MB of the largest entries
  static constexpr std::size_t kMaxKeptBytes = 64 * 1024 * 1024;  // of the last step's bundles, for read()
  Result<void> step(LogSource* log);

  // At most `count` verified entries from `first` on: of the last step the very bytes that it verified, as
  // far as kMaxKeptBytes go, earlier ones as they lie on the disk. kCorruptData when these are gone or cut
  // since; other bytes in their place have other hashes, which the reader makes itself.
  Result<std::vector<std::string>> read(LedgerIndex first, std::size_t count);
  // The leaf hashes that the last step made of the `count` entries from `first` on; empty when it did not
  // keep all of these.
  [[nodiscard]] std::vector<merkle::Hash> leaves(LedgerIndex first, std::size_t count) const;

  // Small files beside the ledger's that are kept under their path, such as editions.
  [[nodiscard]] Result<std::optional<std::string>> find_file(const std::string& path) const;
  Result<void> keep_file(const std::string& path, std::string_view content);

 private:
  struct State;
  explicit Mirror(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossline::mirror
