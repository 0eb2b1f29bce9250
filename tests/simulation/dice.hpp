// Chance that repeats: the same seed, the same simulation.
#pragma once

#include <cstdint>
#include <random>

namespace crossline::simulation {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  // From 0 to below - 1; requires below > 0.
  std::uint64_t below(std::uint64_t below) { return engine_() % below; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
  bool percent(unsigned chance) { return below(100) < chance; }

 private:
  std::mt19937_64 engine_;  // its sequence is fixed by the C++ standard
};

}  // namespace crossline::simulation
