// What operators watch, counted where it happens.
#pragma once

#include <atomic>
#include <cstdint>

namespace crossline::server {

// Any thread; only ever read as single numbers. Names say what is counted, never who.
struct Counters {
  using Count = std::atomic<std::uint64_t>;
  Count connections_accepted{0};
  Count connections_refused{0};  // certificate, registry, hello
  Count connections_open{0};
  Count submissions_verified{0};
  Count submissions_refused{0};
  Count events_recorded{0};
  Count consults{0};
  Count commits{0};
  Count commit_us{0};  // time spent in steps, in all
  Count forks_found{0};
  Count replica_frames{0};
  Count bytes_in{0};  // of agents' connections, TLS included, as each one ends
  Count bytes_out{0};
};

}  // namespace crossline::server
