#include "workplace.hpp"

#include "crossline/conformance/self_check.hpp"
#include "log.hpp"

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace crossline::agent {
namespace {

// What to do about a file that cannot be read.
template <class Store>
Result<Store> or_say(Result<Store> opened, std::string_view what_to_do) {
  if (opened || opened.error().code != ErrorCode::kCorruptData) return opened;
  return fail(ErrorCode::kCorruptData, "{}; {} (docs/operating-agent.md)", opened.error().message,
              what_to_do);
}

}  // namespace

Result<std::unique_ptr<Workplace>> Workplace::open(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::create_directories(folder, error)) {
    // It holds identities.
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  if (error) return fail(ErrorCode::kUnavailable, "{}: {}", folder.string(), error.message());
  const std::filesystem::path lock = folder / "agent.lock";
  const int fd = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return fail(ErrorCode::kUnavailable, "{}: {}", lock.string(), std::strerror(errno));
  std::unique_ptr<Workplace> workplace(new Workplace(fd));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorCode::kConflict, "{}: another crossline-agent works on this folder", folder.string());
  CROSSLINE_TRY(
      workplace->journal_,
      or_say(SqliteJournal::open(folder / "journal.db"),
             "never begin a new journal under the same key: bring back the file, or revoke this agent "
             "and enrol another"));
  CROSSLINE_TRY(workplace->replica_,
                or_say(SqliteReplica::open(folder / "replica.db"),
                       "keep the file, take it out of the folder and start again: the server sends it anew"));
  return workplace;
}

Workplace::~Workplace() {
  journal_.reset();
  replica_.reset();
  ::close(lock_);
}

Result<std::unique_ptr<Station>> Workplace::open_station(const AgentConfig& config) {
  CROSSLINE_TRY(const std::size_t passed, conformance::self_check(conformance::built_in_short_form()));
  make_log()(fmt::format("self-check: {} cases passed", passed));
  CROSSLINE_TRY(crypto::Signer signer, crypto::Signer::from_pem(config.journal_key_pem));
  return Station::open(config.settings, std::move(signer), {*journal_, *replica_, clock_, random_},
                       config.procedure);
}

}  // namespace crossline::agent
