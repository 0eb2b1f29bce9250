// A whole line in one thread on one virtual clock: a server, three agents, officers who scan, and everything
// that goes wrong. The seed decides all of it.
#pragma once

#include "crossline/base/planted.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace crossline::simulation {

struct Options {
  std::uint64_t seed = 0;
  std::uint64_t chaos_ms = 40'000;    // virtual time with faults
  std::uint64_t calm_ms = 1'800'000;  // at most, without, until everything has converged
  bool tamper = true;                 // somebody writes into the links
  bool print = false;                 // what happens, as it happens
};

struct Outcome {
  // SHA-256 in hexadecimal over every fault, and after every step over the time and how many entries and
  // answers there are: the same seed, the same trace.
  std::string trace;
  std::vector<std::string> findings;  // invariants that did not hold; empty when all is well
  std::uint64_t scans = 0;
  std::uint64_t entries = 0;  // of the ledger
  std::uint64_t acknowledgements = 0;
  std::uint64_t server_crashes = 0;
  std::uint64_t agent_crashes = 0;
  std::uint64_t cuts = 0;
  std::uint64_t virtual_ms = 0;
};

[[nodiscard]] Outcome simulate(const Options& options);

}  // namespace crossline::simulation
