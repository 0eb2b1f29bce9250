#include "server_metrics.hpp"

#include <utility>

namespace crossline::server {
namespace {

using Kind = api::Metric::Kind;

api::Metric metric(Kind kind, std::string name, std::string help, double value) {
  return {.name = std::move(name), .help = std::move(help), .kind = kind, .labels = {}, .value = value};
}

api::Metric counter(std::string name, std::string help, const Counters::Count& count) {
  return metric(Kind::kCounter, std::move(name), std::move(help), static_cast<double>(count.load()));
}

}  // namespace

std::vector<api::Metric> metrics_of(const Counters& counters, const ViewThread& views) {
  constexpr double kMicrosecondsPerSecond = 1e6;
  std::vector<api::Metric> all = {
      counter("crossline_agent_connections_accepted_total", "Connections to the agents' port",
              counters.connections_accepted),
      counter("crossline_agent_connections_refused_total", "Connections that showed no admissible agent",
              counters.connections_refused),
      metric(Kind::kGauge, "crossline_agent_connections", "Connections to the agents' port now",
             static_cast<double>(counters.connections_open.load())),
      counter("crossline_submissions_verified_total", "Submissions whose signature was right",
              counters.submissions_verified),
      counter("crossline_submissions_refused_total", "Submissions refused before the sequencer",
              counters.submissions_refused),
      counter("crossline_consults_total", "Questions how a movement would be decided", counters.consults),
      counter("crossline_events_recorded_total", "Events put into the ledger by this process",
              counters.events_recorded),
      counter("crossline_commits_total", "Durable commits", counters.commits),
      metric(Kind::kCounter, "crossline_commit_seconds_total", "Time spent deciding and committing",
             static_cast<double>(counters.commit_us.load()) / kMicrosecondsPerSecond),
      counter("crossline_forks_found_total", "Journals that showed two histories", counters.forks_found),
      counter("crossline_replica_frames_total", "Replica updates sent to agents", counters.replica_frames),
      counter("crossline_agent_bytes_in_total", "Bytes of ended agent connections, TLS included",
              counters.bytes_in),
      counter("crossline_agent_bytes_out_total", "Bytes of ended agent connections, TLS included",
              counters.bytes_out),
  };
  struct Line {
    double entries;
    double between;
    double cases;
  };
  const Line line = views.read([](const Views& now) {
    double cases = 0;
    for (const std::int64_t count : now.case_counts()) cases += static_cast<double>(count);
    const auto between = now.status_counts()[static_cast<std::size_t>(movement::Status::kBetween)];
    return Line{static_cast<double>(now.as_of().position.value()), static_cast<double>(between), cases};
  });
  all.push_back(
      metric(Kind::kGauge, "crossline_ledger_entries", "Entries that the views count", line.entries));
  all.push_back(metric(Kind::kGauge, "crossline_persons_between", "People between the posts", line.between));
  all.push_back(metric(Kind::kGauge, "crossline_cases", "Cases for supervisors", line.cases));
  return all;
}

}  // namespace crossline::server
