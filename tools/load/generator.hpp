// Drives many agents' connections at once and measures the answers.
#pragma once

#include "crossline/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace crossline::tools {

struct LoadOptions {
  std::filesystem::path pki;        // a folder of `crossline pki`; every agent named below is enrolled in it
  std::vector<std::string> agents;  // one connection each
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::uint64_t events = 100'000;  // in all
  std::size_t batch = 1'000;       // events of one submission; 1 is live
  double rate = 0;                 // submissions a second in all, evenly spaced; 0: as fast as answers come
  std::size_t window = 4;          // submissions on the way per connection, when `rate` is 0
  std::uint64_t seed = 1;
  std::uint32_t people = 50'000;  // of each pair of agents
  bool identities = false;
  std::vector<std::uint64_t> weights;  // how the events spread over the agents; empty: evenly
  std::filesystem::path acks;  // when set: one line "agent index ledger_index" for each acknowledged event,
                               // written before the next is sent
  std::uint64_t reconnect_for_ms =
      0;  // keep trying after a lost connection for this long; 0: a lost connection ends the run
};

struct LoadReport {
  std::uint64_t events = 0;  // acknowledged
  std::uint64_t submissions = 0;
  double seconds = 0;             // from the first submission sent to the last answer
  double client_cpu_seconds = 0;  // of this process, meanwhile
  std::uint64_t bytes_up = 0;     // TLS included
  std::uint64_t bytes_down = 0;
  std::uint64_t reconnects = 0;
  std::vector<double> answer_ms;  // one for each submission, sorted
  [[nodiscard]] double quantile_ms(double q) const;
};

// Signs everything first, then sends. `progress` is called now and then with the events acknowledged so far.
Result<LoadReport> run_load(const LoadOptions& options,
                            std::function<void(std::uint64_t done, std::uint64_t total)> progress);

}  // namespace crossline::tools
