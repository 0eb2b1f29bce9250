#include "tools/load/generator.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/enrolment/registry.hpp"
#include "crossline/runtime/file.hpp"
#include "crossline/runtime/frame_stream.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "crossline/runtime/system_clock.hpp"
#include "crossline/runtime/tcp.hpp"
#include "crossline/runtime/timeout.hpp"
#include "crossline/runtime/tls.hpp"
#include "tools/load/synthetic.hpp"
#include "tools/pki/pki.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <deque>
#include <memory>
#include <mutex>
#include <numeric>
#include <system_error>

#include <fmt/format.h>
#include <sys/resource.h>

namespace crossline::tools {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::uint64_t kAnswerTimeoutMs = 60'000;
constexpr std::string_view kUseFreshAgents =
    "; agents must be fresh, and this one has sent before: enrol others (`crossline pki enrol`), or name "
    "others with --agents PREFIX";
constexpr std::uint64_t kConnectTimeoutMs = 10'000;
constexpr std::uint64_t kStartTimeoutMs = 60'000;  // until all have connected
constexpr std::size_t kMaxFileBytes = 1 << 20;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Where connections wait for each other, so that no handshake is measured with the answers. One thread.
class StartLine {
 public:
  explicit StartLine(std::size_t connections) : awaited_(connections) {}

  // Comes back when all have come; kTimeout when one does not.
  runtime::Task<Result<void>> arrive() {
    if (--awaited_ == 0) {
      time_ = SteadyClock::now();
      cpu_seconds_before_ = cpu_seconds();
    }
    const auto deadline = runtime::Deadline::in_ms(kStartTimeoutMs);
    while (awaited_ > 0) {
      if (deadline.passed()) co_return fail(ErrorCode::kTimeout, "{} agents did not connect", awaited_);
      co_await runtime::sleep_for(1);
    }
    co_return Result<void>{};
  }

  [[nodiscard]] SteadyClock::time_point time() const { return time_; }
  [[nodiscard]] double cpu_seconds_before() const { return cpu_seconds_before_; }

 private:
  std::size_t awaited_;
  SteadyClock::time_point time_ = SteadyClock::now();
  double cpu_seconds_before_ = 0;
};

using AcksFile = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// None when nobody wants one.
Result<AcksFile> open_acks(const std::filesystem::path& path) {
  AcksFile file(path.empty() ? nullptr : std::fopen(path.c_str(), "ae"), &std::fclose);
  if (path.empty() || file) return file;
  return fail(ErrorCode::kInvalidArgument, "{}: {}", path.string(), std::generic_category().message(errno));
}

// Collects what the connections saw. Any thread.
class Recorder {
 public:
  Recorder(const LoadOptions& options, AcksFile acks,
           std::function<void(std::uint64_t, std::uint64_t)> progress)
      : total_(options.events), progress_(std::move(progress)), acks_(std::move(acks)) {}

  void acknowledged(const std::string& agent, const wire::Answer& answer, double ms) {
    const std::lock_guard lock(mutex_);
    report_.events += answer.events.size();
    ++report_.submissions;
    report_.answer_ms.push_back(ms);
    last_ = SteadyClock::now();
    if (acks_ != nullptr) {
      for (std::size_t i = 0; i < answer.events.size(); ++i) {
        std::fputs(fmt::format("{} {} {}\n", agent, answer.first_index.value() + i,
                               answer.events[i].ledger_index.value())
                       .c_str(),
                   acks_.get());
      }
      std::fflush(acks_.get());
    }
    if (progress_ && report_.events * 100 / std::max<std::uint64_t>(1, total_) != shown_) {
      shown_ = report_.events * 100 / std::max<std::uint64_t>(1, total_);
      progress_(report_.events, total_);
    }
  }
  void traffic(const runtime::Traffic& traffic) {
    const std::lock_guard lock(mutex_);
    report_.bytes_up += traffic.bytes_out;
    report_.bytes_down += traffic.bytes_in;
  }
  void reconnected() {
    const std::lock_guard lock(mutex_);
    ++report_.reconnects;
  }
  Result<LoadReport> finish(const StartLine& start) {
    const std::lock_guard lock(mutex_);
    if (acks_ != nullptr && std::ferror(acks_.get()) != 0)
      return fail(ErrorCode::kStorageFailed,
                  "all acknowledged, but not all of it could be written to --acks");
    report_.seconds = std::chrono::duration<double>(last_ - start.time()).count();
    report_.client_cpu_seconds = cpu_seconds() - start.cpu_seconds_before();
    std::sort(report_.answer_ms.begin(), report_.answer_ms.end());
    return std::move(report_);
  }

 private:
  std::mutex mutex_;
  LoadReport report_;
  SteadyClock::time_point last_ = SteadyClock::now();
  std::uint64_t total_;
  std::uint64_t shown_ = 0;
  std::function<void(std::uint64_t, std::uint64_t)> progress_;
  AcksFile acks_;
};

// One agent: its keys, everything it will send, and how far it has come.
struct LoadAgent {
  std::string name;
  std::shared_ptr<const runtime::TlsContext> tls;
  wire::SignedHead final_head;
  std::deque<std::pair<wire::Submit, Bytes>> submissions;  // the frame beside it, encoded
  std::size_t next = 0;                                    // to send
  std::size_t answered = 0;                                // submissions
  std::deque<SteadyClock::time_point> sent_at;
};

class Connection {
 public:
  Connection(const LoadOptions& options, LoadAgent& agent, Recorder& recorder, StartLine& start,
             double interval_ms, double offset_ms)
      : options_(options),
        agent_(agent),
        recorder_(recorder),
        start_(start),
        interval_ms_(interval_ms),
        offset_ms_(offset_ms) {}

  runtime::Task<Result<void>> run() {
    const auto give_up = runtime::Deadline::in_ms(options_.reconnect_for_ms);
    for (;;) {
      auto ended = co_await converse();
      if (agent_.answered == agent_.submissions.size()) co_return Result<void>{};
      if (options_.reconnect_for_ms == 0 || give_up.passed()) co_return ended;
      recorder_.reconnected();
      co_await runtime::sleep_for(20);
    }
  }

 private:
  runtime::Task<Result<void>> converse() {
    const auto deadline = runtime::Deadline::in_ms(kConnectTimeoutMs);
    CROSSLINE_CO_TRY(auto tcp, co_await runtime::connect_tcp(options_.host, options_.port, deadline));
    CROSSLINE_CO_TRY(auto tls, co_await runtime::TlsStream::handshake(std::move(tcp), agent_.tls, deadline));
    auto stream = std::make_shared<runtime::FrameStream>(std::move(tls));
    auto ended = co_await exchange(stream);
    recorder_.traffic(stream->stream().traffic());
    stream->stream().close();
    co_return ended;
  }

  runtime::Task<Result<void>> exchange(std::shared_ptr<runtime::FrameStream> stream) {
    wire::Hello hello{.agent = agent_.name,
                      .journal = agent_.final_head,
                      .replica_position = wire::kNoReplica,
                      .ledger = {},
                      .edition = {}};
    CROSSLINE_CO_CHECK_OK(co_await write(*stream, wire::encode_agent_frame(hello)));
    CROSSLINE_CO_TRY(auto welcome, co_await next_frame(*stream));
    const auto* accepted = std::get_if<wire::Welcome>(&welcome);
    if (accepted == nullptr) co_return fail(ErrorCode::kMalformed, "the server did not begin with a welcome");
    resume_from(accepted->next_index);
    if (!std::exchange(has_started_, true)) CROSSLINE_CO_CHECK_OK(co_await start_.arrive());
    while (agent_.answered < agent_.submissions.size()) {
      CROSSLINE_CO_CHECK_OK(co_await send_what_is_due(*stream));
      if (agent_.next == agent_.answered) {
        co_await runtime::sleep_for(1);
        continue;
      }
      CROSSLINE_CO_TRY(auto frame, co_await next_frame(*stream));
      if (const auto* answer = std::get_if<wire::Answer>(&frame)) take(*answer);
    }
    co_return Result<void>{};
  }

  // What the server has already, from before a lost connection, is answered once more: sent again from there.
  void resume_from(JournalIndex next_index) {
    (void)next_index;  // unanswered submissions are resent whole; the server answers them as it did before
    agent_.next = agent_.answered;
    agent_.sent_at.clear();
  }

  runtime::Task<Result<void>> send_what_is_due(runtime::FrameStream& stream) {
    while (agent_.next < agent_.submissions.size()) {
      if (interval_ms_ == 0 && agent_.next - agent_.answered >= options_.window) break;
      auto due = SteadyClock::now();
      if (interval_ms_ > 0) {
        due = start_.time() + std::chrono::microseconds(static_cast<std::int64_t>(
                                  (offset_ms_ + static_cast<double>(agent_.next) * interval_ms_) * 1000));
        const bool is_early = due > SteadyClock::now();
        if (is_early && agent_.next > agent_.answered) break;
        if (is_early) co_await runtime::sleep_until(due);
      }
      agent_.sent_at.push_back(
          due);  // what was due counts as sent then: waiting in our own queue is part of the answer
      Bytes frame = agent_.submissions[agent_.next++].second;
      CROSSLINE_CO_CHECK_OK(
          co_await stream.write_frame(std::move(frame), runtime::Deadline::in_ms(kAnswerTimeoutMs)));
    }
    co_return Result<void>{};
  }

  void take(const wire::Answer& answer) {
    const double ms =
        std::chrono::duration<double, std::milli>(SteadyClock::now() - agent_.sent_at.front()).count();
    agent_.sent_at.pop_front();
    ++agent_.answered;
    recorder_.acknowledged(agent_.name, answer, ms);
  }

  runtime::Task<Result<wire::ServerFrame>> next_frame(runtime::FrameStream& stream) {
    CROSSLINE_CO_TRY(Bytes bytes, co_await stream.read_frame(runtime::Deadline::in_ms(kAnswerTimeoutMs)));
    CROSSLINE_CO_TRY(auto frame, wire::decode_server_frame(bytes));
    if (const auto* error = std::get_if<wire::LinkError>(&frame)) {
      const bool not_fresh = error->code == name_of(ErrorCode::kForked);
      co_return fail(ErrorCode::kForbidden, "{}: {}: {}{}", agent_.name, error->code, error->message,
                     not_fresh ? kUseFreshAgents : "");
    }
    co_return frame;
  }

  runtime::Task<Result<void>> write(runtime::FrameStream& stream, std::string frame) {
    co_return co_await stream.write_frame(to_bytes(as_bytes(frame)),
                                          runtime::Deadline::in_ms(kAnswerTimeoutMs));
  }

  const LoadOptions& options_;
  LoadAgent& agent_;
  Recorder& recorder_;
  StartLine& start_;
  double interval_ms_;
  double offset_ms_;
  bool has_started_ = false;
};

// Load looks like three days offline, ending now.
constexpr std::int64_t kBacklogMs = 3LL * 24 * 3'600 * 1'000;

Result<LoadAgent> prepare(const LoadOptions& options, const enrolment::Registry& registry, std::size_t place,
                          std::uint64_t events) {
  LoadAgent agent;
  agent.name = options.agents[place];
  const enrolment::AgentRecord* record = registry.find(agent.name);
  if (record == nullptr)
    return fail(ErrorCode::kNotFound, "the agent '{}' is not enrolled in {}", agent.name,
                options.pki.string());
  const auto folder = options.pki / "agents" / agent.name;
  runtime::TlsClientOptions tls;
  CROSSLINE_TRY(tls.certificate_chain_pem, runtime::read_text_file(folder / "agent.pem", kMaxFileBytes));
  CROSSLINE_TRY(tls.private_key_pem, runtime::read_secret_file(folder / "agent.key", kMaxFileBytes));
  for (const auto& entry : std::filesystem::directory_iterator(folder / "roots")) {
    CROSSLINE_TRY(auto pem, runtime::read_text_file(entry.path(), kMaxFileBytes));
    tls.server_roots.push_back({entry.path().stem().string(), std::move(pem)});
  }
  CROSSLINE_TRY(agent.tls, runtime::TlsContext::client(tls));
  CROSSLINE_TRY(auto pem, runtime::read_secret_file(folder / "journal.key", kMaxFileBytes));
  CROSSLINE_TRY(auto signer, crypto::Signer::from_pem(pem));

  const auto step_ms =
      std::max<std::int64_t>(1, kBacklogMs / static_cast<std::int64_t>(std::max<std::uint64_t>(1, events)));
  SyntheticPost post({.line = registry.line(),
                      .agent = agent.name,
                      .side = record->post.side == "B" ? movement::Side::kB : movement::Side::kA,
                      .pair = static_cast<std::uint32_t>(place / 2),
                      .crowd = {options.seed, options.people, options.identities},
                      .start = runtime::SystemClock().now().plus(-kBacklogMs),
                      .step_ms = step_ms},
                     std::move(signer));
  for (std::uint64_t made = 0; made < events;) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(options.batch, events - made));
    wire::Submit submit = post.next(count);
    const std::string frame = wire::encode_agent_frame(submit);
    submit.events.clear();  // the frame holds them
    submit.identities.clear();
    agent.submissions.emplace_back(std::move(submit), to_bytes(as_bytes(frame)));
    made += count;
  }
  agent.final_head = post.head();
  return agent;
}

// How many events each agent sends, at least one. In doubles: weights come from a file and know no bound.
std::vector<std::uint64_t> shares(const LoadOptions& options) {
  std::vector<double> weights(options.weights.begin(), options.weights.end());
  if (weights.empty()) weights.assign(options.agents.size(), 1);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  CROSSLINE_ASSERT(sum > 0);
  std::vector<std::uint64_t> events;
  for (const double weight : weights) {
    const double share = std::floor(static_cast<double>(options.events) * weight / sum);
    events.push_back(std::max<std::uint64_t>(1, static_cast<std::uint64_t>(share)));
  }
  return events;
}

runtime::Task<> run_connection(std::shared_ptr<Connection> connection,
                               std::shared_ptr<Result<void>> outcome) {
  *outcome = co_await connection->run();
}

runtime::Task<> join_all(runtime::TaskGroup group) {
  co_await group.join();
}

}  // namespace

double LoadReport::quantile_ms(double q) const {
  if (answer_ms.empty()) return 0;
  return answer_ms[std::min(answer_ms.size() - 1,
                            static_cast<std::size_t>(q * static_cast<double>(answer_ms.size())))];
}

Result<LoadReport> run_load(const LoadOptions& options,
                            std::function<void(std::uint64_t, std::uint64_t)> progress) {
  CROSSLINE_TRY(const auto registry, read_registry(options.pki));
  CROSSLINE_TRY(AcksFile acks, open_acks(options.acks));
  const std::vector<std::uint64_t> events = shares(options);
  std::deque<LoadAgent> agents;
  for (std::size_t i = 0; i < options.agents.size(); ++i) {
    CROSSLINE_TRY(auto agent, prepare(options, registry, i, events[i]));
    agents.push_back(std::move(agent));
  }
  Recorder recorder(options, std::move(acks), std::move(progress));
  runtime::IoThreads threads(1);
  runtime::TaskGroup group(agents.size(), [](std::string_view line) { fmt::print(stderr, "{}\n", line); });
  StartLine start(agents.size());
  const double interval_ms =
      options.rate > 0 ? 1000.0 * static_cast<double>(agents.size()) / options.rate : 0;
  std::vector<std::shared_ptr<Result<void>>> outcomes;
  for (std::size_t i = 0; i < agents.size(); ++i) {
    const double offset_ms = interval_ms * static_cast<double>(i) / static_cast<double>(agents.size());
    auto connection =
        std::make_shared<Connection>(options, agents[i], recorder, start, interval_ms, offset_ms);
    outcomes.push_back(std::make_shared<Result<void>>());
    CROSSLINE_CHECK_OK(
        group.spawn(threads.new_strand(), agents[i].name, run_connection(connection, outcomes.back())));
  }
  threads.run(join_all(group));
  for (const auto& outcome : outcomes) {
    if (!*outcome) return std::unexpected(outcome->error());
  }
  return recorder.finish(start);
}

}  // namespace crossline::tools
