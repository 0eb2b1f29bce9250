#include "tools/load/load_command.hpp"

#include "crossline/base/text.hpp"
#include "tools/load/generator.hpp"
#include "tools/load/volumes.hpp"
#include "tools/pki/pki.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/json_output.hpp"
#include "tools/support/output.hpp"
#include "tools/support/progress.hpp"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

struct Options {
  LoadOptions load;
  std::string server;
  std::string agents = "load-";
  std::size_t agent_count = 0;
  std::string csv;
  std::string day;
  bool json = false;
  bool quiet = false;
};

void read_server(Options& options) {
  const auto colon = options.server.rfind(':');
  const auto port = colon == std::string::npos
                        ? std::nullopt
                        : parse_u64(std::string_view(options.server).substr(colon + 1));
  if (!port || *port == 0 || *port > 65'535)
    fail_with({ErrorCode::kInvalidArgument, fmt::format("--server: '{}' is not HOST:PORT", options.server)});
  options.load.host = options.server.substr(0, colon);
  options.load.port = static_cast<std::uint16_t>(*port);
}

// Every active agent of the registry whose name begins as asked, in order, at most `agent_count`.
void choose_agents(Options& options) {
  const enrolment::Registry registry = value_or_exit(read_registry(options.load.pki));
  for (const auto& [name, record] : registry.agents()) {
    if (!record.active() || !name.starts_with(options.agents)) continue;
    if (options.agent_count > 0 && options.load.agents.size() == options.agent_count) break;
    options.load.agents.push_back(name);
  }
  if (options.load.agents.empty() || options.load.agents.size() < options.agent_count) {
    fail_with({ErrorCode::kInvalidArgument,
               fmt::format("{} agents named '{}...' are enrolled; see `crossline pki enrol --help`",
                           options.load.agents.size(), options.agents)});
  }
}

void shape_by_volumes(Options& options) {
  constexpr std::size_t kMaxCsvBytes = 64u << 20;
  const auto rows = value_or_exit_at(options.csv, read_volumes(read_input(options.csv, kMaxCsvBytes)));
  const auto of_day = value_or_exit_at(options.csv, rows_of_day(rows, options.day));
  options.load.weights.assign(options.load.agents.size(), 0);
  for (std::size_t i = 0; i < of_day.size(); ++i)
    options.load.weights[i % options.load.weights.size()] += of_day[i].total;
}

void print_report(const LoadReport& report, const Options& options) {
  const double rate = static_cast<double>(report.events) / std::max(report.seconds, 1e-9);
  if (options.json) {
    print_json({{"events", report.events},
                {"submissions", report.submissions},
                {"seconds", report.seconds},
                {"events_per_second", rate},
                {"client_cpu_seconds", report.client_cpu_seconds},
                {"bytes_up", report.bytes_up},
                {"bytes_down", report.bytes_down},
                {"reconnects", report.reconnects},
                {"answer_ms",
                 {{"p50", report.quantile_ms(0.5)},
                  {"p99", report.quantile_ms(0.99)},
                  {"max", report.quantile_ms(1.0)}}}});
    return;
  }
  print(fmt::format("{} events in {} submissions, {:.2f} s: {:.0f} events/s\n", report.events,
                    report.submissions, report.seconds, rate));
  print(fmt::format("answers: p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms\n", report.quantile_ms(0.5),
                    report.quantile_ms(0.99), report.quantile_ms(1.0)));
  print(fmt::format(
      "wire: {:.0f} bytes up and {:.0f} down an event; this program: {:.2f} CPU-seconds; reconnects: {}\n",
      static_cast<double>(report.bytes_up) / static_cast<double>(report.events),
      static_cast<double>(report.bytes_down) / static_cast<double>(report.events), report.client_cpu_seconds,
      report.reconnects));
}

void run(Options& options) {
  read_server(options);
  choose_agents(options);
  if (!options.csv.empty()) shape_by_volumes(options);
  Progress progress("events", options.quiet);
  auto report = run_load(
      options.load, [&progress](std::uint64_t done, std::uint64_t total) { progress.show(done, total); });
  progress.clear();
  if (!report && report.error().kind() == ErrorKind::kRedo)
    fail_with({ErrorCode::kInvalidArgument, report.error().message});
  print_report(value_or_exit(std::move(report)), options);
}

}  // namespace

void add_load_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("load",
                                         "Send signed movements to a running server and measure the answers. "
                                         "Everything is signed before the clock starts.");
  command
      ->add_option("--pki", options->load.pki, "Folder of `crossline pki`, in which the agents are enrolled")
      ->required();
  command->add_option("--server", options->server, "HOST:PORT of the agents' port")->required();
  command->add_option("--agents", options->agents, "Use the enrolled agents whose names begin so")
      ->capture_default_str();
  command->add_option("--count", options->agent_count, "How many of them; 0: all");
  command->add_option("--events", options->load.events, "Movements in all")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100'000'000}));
  command
      ->add_option("--batch", options->load.batch, "Movements of one submission: 1 is live, 1000 a backlog")
      ->capture_default_str()
      ->check(CLI::Range(1, 2'000));
  command
      ->add_option("--rate", options->load.rate,
                   "Submissions a second in all, evenly spaced; 0: as fast as answers come")
      ->check(CLI::Range(0.0, 1'000'000.0));
  command->add_option("--window", options->load.window, "Submissions on the way per connection")
      ->capture_default_str()
      ->check(CLI::Range(1, 8));
  command
      ->add_option("--people", options->load.people,
                   "How many people cross at each checkpoint, back and forth")
      ->capture_default_str()
      ->check(CLI::Range(1u, 100'000'000u));
  command->add_option("--seed", options->load.seed, "The same seed gives the same movements")
      ->capture_default_str();
  command->add_flag("--identities", options->load.identities, "Send an identity with each first movement");
  command->add_option(
      "--volumes", options->csv,
      "Spread the load as a day of this CSV: columns Date, Control Point, Arrival / Departure, Total");
  command->add_option("--day", options->day, "Which day of it, DD-MM-YYYY; the busiest when left out");
  command->add_option("--acks", options->load.acks,
                      "Append each acknowledged event to this file: agent, journal index, ledger index");
  command->add_option("--reconnect-for", options->load.reconnect_for_ms,
                      "Milliseconds to go on trying after a lost connection; 0: give up at once");
  command->add_flag("--json", options->json, "One JSON object on stdout");
  command->add_flag("--quiet", options->quiet, "No progress");
  command->footer(
      "Agents must be fresh: their journals begin with this run. Exit codes: 0 all acknowledged, 1 not all, "
      "2 wrong input.");
  command->callback([options] { run(*options); });
}

}  // namespace crossline::tools
