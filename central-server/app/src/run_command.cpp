#include "commands.hpp"
#include "crossline/config/check.hpp"
#include "crossline/runtime/log.hpp"
#include "crossline/runtime/system_clock.hpp"
#include "crossline/server/sqlite_ledger.hpp"
#include "server.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>

namespace crossline::server {
namespace {

constexpr std::chrono::seconds kRetryInterval{2};

int complain(const Error& error, int exit_code) {
  std::fprintf(stderr, "crossline-server: %s\n", error.message.c_str());
  return exit_code;
}

std::vector<std::string> undeclared_posts_of(const ServerConfig& config) {
  std::vector<std::string> sentences =
      undeclared_posts(*config.registry, config.editions, runtime::SystemClock().now());
  for (std::string& sentence : sentences)
    sentence.insert(0, fmt::format("{}: ", config.registry_file.string()));
  return sentences;
}

}  // namespace

int run_server(const std::filesystem::path& path) {
  const auto config = read_config(path);
  if (!config) return complain(config.error(), kExitInvalid);
  if (const auto made = make_folder(config->data); !made) return complain(made.error(), kExitFailed);
  const auto lock = FolderLock::take(config->data);
  if (!lock) return complain(lock.error(), kExitFailed);
  if (const auto has = require_ledger(config->data); !has) return complain(has.error(), kExitOlder);
  const runtime::LogFn log = runtime::make_log("crossline-server");
  for (const std::string& odd : undeclared_posts_of(*config)) log(odd);
  runtime::IoThreads io(config->io_threads);
  for (bool recovering = false;; recovering = true) {
    auto server = Server::open(*config, io, log);
    if (!server && recovering && server.error().code == ErrorCode::kStorageFull) {
      log("the disk has filled up again: " + server.error().to_string());
      std::this_thread::sleep_for(kRetryInterval);
      continue;
    }
    if (!server) return complain(server.error(), kExitFailed);
    if (const auto fits = (*server)->check_witnesses(); !fits) return complain(fits.error(), kExitOlder);
    if (const auto adopted = (*server)->adopt_editions(); !adopted)
      return complain(adopted.error(), kExitFailed);
    switch ((*server)->run()) {
      case Server::Ended::kAsked:
        return kExitOk;
      case Server::Ended::kFailed:
        return kExitFailed;
      case Server::Ended::kOlder:
        return kExitOlder;
      case Server::Ended::kDiskFull:
        log("there is room on the disk again: recovering from it");
        break;
    }
  }
}

int check_config(const std::filesystem::path& path, bool json) {
  const auto checked = [&]() -> Result<config::InOrder> {
    CROSSLINE_TRY(const ServerConfig config, read_config(path));
    return config::InOrder{.summary = fmt::format("line {}, {} agents, agents on {}:{}, people on {}:{}",
                                                  config.registry->line(), config.registry->agents().size(),
                                                  config.agents.address, config.agents.port,
                                                  config.people.address, config.people.port),
                           .warnings = undeclared_posts_of(config)};
  };
  return config::tell_check("crossline-server", path, checked(), json);
}

int list_suspensions(const std::filesystem::path& path) {
  const auto config = read_config(path);
  if (!config) return complain(config.error(), kExitInvalid);
  auto ledger = SqliteLedger::open(config->data / kLedgerFile, SqliteLedger::Access::kReadOnly);
  if (!ledger) return complain(ledger.error(), kExitFailed);
  const auto evidence = (*ledger)->evidence();
  if (!evidence) return complain(evidence.error(), kExitFailed);
  const auto snapshot = (*ledger)->load();
  if (!snapshot) return complain(snapshot.error(), kExitFailed);
  for (const ForkEvidence& found : *evidence) {
    const bool is_suspended = std::ranges::binary_search(snapshot->suspended, found.agent);
    std::printf("%s  %s  %s  %s\n", format_utc(found.found_at).c_str(), found.agent.c_str(),
                is_suspended ? "suspended" : "lifted", found.what.c_str());
  }
  return kExitOk;
}

int lift_suspension(const std::filesystem::path& path, const std::string& agent) {
  const auto config = read_config(path);
  if (!config) return complain(config.error(), kExitInvalid);
  const auto lock = FolderLock::take(config->data);
  if (!lock) return complain(lock.error(), kExitFailed);
  // Never made here: an empty one would be taken for this line's.
  const std::filesystem::path file = config->data / kLedgerFile;
  if (!std::filesystem::exists(file))
    return complain({ErrorCode::kNotFound, fmt::format("{}: no such file", file.string())}, kExitFailed);
  const auto say = [](std::string_view line) { fmt::print(stderr, "crossline-server: {}\n", line); };
  auto ledger = SqliteLedger::open(file, SqliteLedger::Access::kReadWrite, say);
  if (!ledger) return complain(ledger.error(), kExitFailed);
  const auto lifted = (*ledger)->lift_suspension(agent);
  if (!lifted) return complain(lifted.error(), kExitFailed);
  std::printf("%s may come back: start the server, then the agent anew at its post\n", agent.c_str());
  return kExitOk;
}

}  // namespace crossline::server
