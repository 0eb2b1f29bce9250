#include "stores.hpp"

#include "crossline/accounts/sqlite_accounts.hpp"
#include "crossline/server/sqlite_identities.hpp"
#include "crossline/server/sqlite_ledger.hpp"
#include "crossline/server/sqlite_tiles.hpp"
#include "crossline/server/sqlite_views.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace crossline::server {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTilesFile = "tiles.db";
constexpr const char* kIdentitiesFile = "identities.db";
constexpr const char* kViewsFile = "views.db";
constexpr std::uint64_t kRoomBytes = 32u << 20;  // before a server that met a full disk tries again

}  // namespace

Result<FolderLock> FolderLock::take(const fs::path& folder) {
  const fs::path path = folder / "lock";
  const int descriptor = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0) return fail(ErrorCode::kUnavailable, "{}: {}", path.string(), std::strerror(errno));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    return fail(ErrorCode::kBusy, "{}: another server works in this folder", folder.string());
  }
  return FolderLock(descriptor);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> require_ledger(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder / kLedgerFile, error)) return {};
  for (const char* beside : {kIdentitiesFile, kViewsFile, kTilesFile}) {
    if (!fs::exists(folder / beside, error)) continue;
    return fail(
        ErrorCode::kCorruptData,
        "{}: no such file, and {} is there: this server has had a ledger. Bring back the newest copy; "
        "another line begins in another folder, with keys of its own",
        (folder / kLedgerFile).string(), beside);
  }
  return {};
}

Result<Stores> open_stores(const fs::path& folder, const std::function<void(std::string_view)>& say) {
  Stores stores;
  CROSSLINE_TRY(stores.ledger,
                SqliteLedger::open(folder / kLedgerFile, SqliteLedger::Access::kReadWrite, say));
  CROSSLINE_TRY(stores.published, SqliteLedger::open(folder / kLedgerFile, SqliteLedger::Access::kReadOnly));
  CROSSLINE_TRY(stores.tiles, SqliteTiles::open(folder / kTilesFile));
  CROSSLINE_TRY(stores.identities, SqliteIdentities::open(folder / kIdentitiesFile));
  CROSSLINE_TRY(stores.views, SqliteViews::open(folder / kViewsFile, say));
  CROSSLINE_TRY(stores.accounts, accounts::SqliteAccounts::open(folder / "accounts.db"));
  return stores;
}

Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(ErrorCode::kUnavailable, "{}: {}", folder.string(), error.message());
  if (::chmod(folder.c_str(), 0700) != 0) {
    return fail(ErrorCode::kUnavailable, "{}: {}", folder.string(), std::strerror(errno));
  }
  ::umask(0077);  // the stores' files are for this user alone
  return {};
}

bool has_room(const fs::path& folder) {
  struct statvfs status{};
  if (::statvfs(folder.c_str(), &status) != 0) return false;
  return std::uint64_t{status.f_bavail} * status.f_frsize >= kRoomBytes;
}

}  // namespace crossline::server
