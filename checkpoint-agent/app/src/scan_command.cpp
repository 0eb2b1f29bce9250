#include "agent_config.hpp"
#include "commands.hpp"
#include "crossline/agent/link.hpp"
#include "crossline/agent/scan_splitter.hpp"
#include "crossline/agent/station_host.hpp"
#include "crossline/base/text.hpp"
#include "crossline/crypto/post_name.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "log.hpp"
#include "workplace.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <unistd.h>

namespace crossline::agent {
namespace {

using runtime::Task;

constexpr std::size_t kScanTasks = 8;
constexpr std::uint64_t kScanLookAgainMs = 100;

// What one document came to, without its name and number.
nlohmann::json line_of(const Scan& scan) {
  nlohmann::json line = {{"step", name_of(scan.step)}};
  if (scan.step == Step::kUnreadable) {
    nlohmann::json fields = nlohmann::json::array();
    std::string error = "not a machine-readable zone";
    if (scan.unusable) {
      for (const documents::FieldEvidence& field : scan.unusable->fields) {
        if (field.status == documents::FieldStatus::kOk) continue;
        if (fields.empty()) error = documents::message_of(field);
        fields.push_back(documents::name_of(field.field));
      }
    }
    line["error"] = std::move(error);
    line["fields"] = std::move(fields);
  }
  if (scan.repeated) line["journal_index"] = scan.repeated->index.value();
  if (scan.step == Step::kChooseCategory) line["categories"] = scan.traveller->categories;
  if (!scan.shown) return line;
  line["verdict"] = procedure::name_of(scan.shown->verdict);
  line["articles"] = scan.shown->articles;
  line["decided"] = scan.decided_offline ? "offline" : "online";
  line["edition"] = scan.shown->edition;
  if (scan.recorded) {
    line["outcome"] = movement::name_of(scan.recorded->outcome);
    line["journal_index"] = scan.recorded->index.value();
  }
  return line;
}

std::string words_of(int error_number) {
  return std::generic_category().message(error_number);
}

// Whether the verdicts still go somewhere. When the reader of the pipe has gone, nobody may pass unseen.
bool somebody_listens() {
  pollfd output{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  return ::poll(&output, 1, 0) <= 0 || (output.revents & (POLLERR | POLLHUP | POLLNVAL)) == 0;
}

Error nobody_listens(std::string_view why) {
  return {ErrorCode::kUnavailable,
          fmt::format("standard output: {}; the documents that follow are not decided", why)};
}

Result<void> print(const nlohmann::json& line) {
  const std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (std::printf("%s\n", text.c_str()) < 0 || std::fflush(stdout) != 0)
    return std::unexpected(nobody_listens(words_of(errno)));
  return {};
}

// What has come on standard input, empty at its end. Blocks.
Result<std::string> read_chunk() {
  std::string chunk(4'096, '\0');
  ssize_t count = 0;
  do {
    count = ::read(STDIN_FILENO, chunk.data(), chunk.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) return fail(ErrorCode::kUnavailable, "standard input: {}", words_of(errno));
  chunk.resize(static_cast<std::size_t>(count));
  return chunk;
}

// Lets an allowed person pass; nothing while the server is being asked.
Result<std::optional<nlohmann::json>> settle(Station& station, const ScanId& id) {
  const Scan* scan = station.desk().find(id);
  if (scan == nullptr)
    return std::unexpected(station.journal().halted().value_or(Error{ErrorCode::kNotFound, "gone"}));
  if (scan->step == Step::kAsking) return std::optional<nlohmann::json>();
  if (scan->step == Step::kDecided && scan->is_allowed()) {
    CROSSLINE_CHECK_OK(station.confirm(id, Action::kPass));
    scan = station.desk().find(id);
  }
  nlohmann::json line = line_of(*scan);
  if (scan->recorded) line["step"] = name_of(Step::kDecided);
  return std::optional(std::move(line));
}

// Waits until `wanted(station)` is true, at most `ms`.
template <class Wanted>
Task<> wait_until(StationHost* host, Wanted wanted, std::uint64_t ms) {
  const auto deadline = runtime::Deadline::in_ms(ms);
  while (!deadline.passed()) {
    const runtime::WakeUp change = host->watch();
    const auto is_so = co_await host->call(wanted);
    if (!is_so || *is_so) co_return;
    co_await StationHost::wait(change, kScanLookAgainMs);
  }
}

struct Outcome {
  Result<void> result;
  bool all_decided = true;
};

// One document; false when it was not decided.
Task<Result<bool>> scan_one(StationHost* host, std::string text, std::string category) {
  if (!somebody_listens()) co_return std::unexpected(nobody_listens("its reader has gone"));
  auto begin = [text, category](Station& station) {
    return station.scan({.text = text, .category = category});
  };
  CROSSLINE_CO_TRY(const ScanId id, co_await host->call(begin));
  auto look = [id](Station& station) { return settle(station, id); };
  for (;;) {
    const runtime::WakeUp change = host->watch();
    CROSSLINE_CO_TRY(const auto line, co_await host->call(look));
    if (line) {
      CROSSLINE_CO_CHECK_OK(print(*line));
      co_return line->contains("verdict") || line->at("step") == "repeated";
    }
    co_await StationHost::wait(change, kScanLookAgainMs);
  }
}

Task<Result<void>> scan_input(StationHost* host, std::string category, bool* all_decided) {
  runtime::BlockingPool input("standard input", 1, 1);
  ScanSplitter splitter;
  auto read = [] { return read_chunk(); };
  for (bool at_end = false; !at_end;) {
    CROSSLINE_CO_TRY(const std::string chunk, co_await input.run(read));
    at_end = chunk.empty();
    std::vector<std::string> complete = splitter.push(chunk);
    if (at_end) {
      if (auto rest = splitter.flush()) complete.push_back(*std::move(rest));
    }
    for (const std::string& text : complete) {
      CROSSLINE_CO_TRY(const bool decided, co_await scan_one(host, text, category));
      *all_decided = *all_decided && decided;
    }
  }
  co_return Result<void>();
}

Task<Result<void>> work(StationHost* host, ScanOptions options, movement::Direction direction,
                        bool* all_decided) {
  auto is_online = [](Station& station) { return station.uplink().state() == LinkState::kUp; };
  co_await wait_until(host, is_online, options.connect_ms);
  auto start = [officer = options.officer, direction](Station& station) {
    return station.start_shift(officer, direction, "en");
  };
  CROSSLINE_CO_CHECK_OK(co_await host->call(start));
  // However it ends, the shift ends with it, and what was recorded is sent.
  const Result<void> scanned = co_await scan_input(host, options.category, all_decided);
  auto end = [](Station& station) { return station.end_shift(); };
  const Result<void> ended = co_await host->call(end);
  auto is_sent = [](Station& station) {
    return station.uplink().state() != LinkState::kUp || station.journal().unsent() == 0;
  };
  co_await wait_until(host, is_sent, options.connect_ms);
  co_return scanned ? ended : scanned;
}

Task<> scan_all(runtime::Executor executor, const AgentConfig* config,
                std::shared_ptr<const runtime::TlsContext> tls, std::unique_ptr<Station> station,
                ScanOptions options, movement::Direction direction, Outcome* outcome) {
  const runtime::LogFn log = make_log();
  StationHost host(executor, std::move(station), log);
  runtime::TaskGroup tasks(kScanTasks, log);
  (void)tasks.spawn(executor, "time", host.keep_time());
  (void)tasks.spawn(executor, "link", keep_link(&host, config->link, tls, tasks));
  outcome->result = co_await work(&host, options, direction, &outcome->all_decided);
  co_await tasks.shutdown();
}

Result<movement::Direction> lane_direction(const ScanOptions& options, movement::PostSide side) {
  const auto first =
      side == movement::PostSide::kJoint ? movement::Direction::kAToB : movement::Direction::kExit;
  const auto direction = options.direction.empty() ? first : movement::direction_from(options.direction);
  if (!direction || !movement::direction_fits(side, *direction)) {
    return fail(ErrorCode::kInvalidArgument, "a post of side {} has no direction '{}'",
                movement::name_of(side), options.direction);
  }
  return *direction;
}

// A slip of the pen in a script must not decide as if no category had been chosen.
Result<void> check_category(const procedure::Edition& edition, const std::string& category) {
  std::vector<std::string_view> known;
  for (const procedure::Category& one : edition.categories()) known.emplace_back(one.name);
  if (category.empty() || std::ranges::find(known, category) != known.end()) return {};
  std::string what = fmt::format("edition {} declares no category '{}'", edition.number(), category);
  if (const auto nearest = nearest_name(category, known))
    what += fmt::format("; did you mean '{}'?", *nearest);
  return std::unexpected(Error{ErrorCode::kInvalidArgument, std::move(what)});
}

int say(const Error& error, int code) {
  std::fprintf(stderr, "crossline-agent: %s\n", error.message.c_str());
  return code;
}

}  // namespace

int run_scan(const std::filesystem::path& path, const ScanOptions& options) {
  // Before anything is opened, which would take its place.
  if (::fcntl(STDOUT_FILENO, F_GETFD) < 0) return say(nobody_listens("it is closed"), kExitInvalid);
  const auto config = read_config(path);
  if (!config) return say(config.error(), kExitInvalid);
  const auto direction = lane_direction(options, config->settings.post.side);
  if (!direction) return say(direction.error(), kExitInvalid);
  if (!crypto::is_plain_name(options.officer))
    return say({ErrorCode::kInvalidArgument, fmt::format("'{}' is no officer's id", options.officer)},
               kExitInvalid);
  const auto tls = make_link_context(config->link);
  if (!tls) return say(tls.error(), kExitInvalid);
  const auto workplace = Workplace::open(config->data);
  if (!workplace) return say(workplace.error(), kExitFailed);
  auto station = (*workplace)->open_station(*config);
  if (!station) return say(station.error(), kExitFailed);
  if (const auto known = check_category((*station)->edition(), options.category); !known)
    return say(known.error(), kExitInvalid);
  Outcome outcome;
  runtime::IoThreads io(1);
  io.run(scan_all(io.executor(), &*config, *tls, *std::move(station), options, *direction, &outcome));
  if (!outcome.result) return say(outcome.result.error(), kExitFailed);
  return outcome.all_decided ? kExitOk : kExitInvalid;
}

}  // namespace crossline::agent
