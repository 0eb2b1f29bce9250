// The server's files, opened together by the one process that may.
#pragma once

#include "crossline/accounts/account_store.hpp"
#include "crossline/server/ports.hpp"
#include "crossline/server/tile_store.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace crossline::server {

inline constexpr const char* kLedgerFile = "ledger.db";

struct Stores {
  std::unique_ptr<LedgerStore> ledger;
  std::unique_ptr<LedgerStore> published;  // the same file, read only, through a connection of its own
  std::unique_ptr<TileStore> tiles;
  std::unique_ptr<IdentityStore> identities;
  std::unique_ptr<ViewStore> views;
  std::unique_ptr<accounts::AccountStore> accounts;
};

// Held while a process works in the folder; the kernel lets go of it when the process ends, however it ends.
class FolderLock {
 public:
  // kBusy when another process holds it.
  static Result<FolderLock> take(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// Makes the folder when there is none, for this user alone, as all that this process will create.
Result<void> make_folder(const std::filesystem::path& folder);
// kCorruptData when ledger.db is missing and what was made beside it is there: a new one would be a second
// history under the same keys. A folder that holds accounts alone is one that has not begun.
Result<void> require_ledger(const std::filesystem::path& folder);
// `say` is told what is made again, which takes its time with a long ledger.
Result<Stores> open_stores(const std::filesystem::path& folder,
                           const std::function<void(std::string_view line)>& say);

// Whether the disk takes a few megabytes again.
[[nodiscard]] bool has_room(const std::filesystem::path& folder);

}  // namespace crossline::server
