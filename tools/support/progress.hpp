// A progress bar on a terminal; silent everywhere else.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace crossline::tools {

// One line on stderr that is drawn again at most ten times a second: share, bar, count, rate, time left.
// Draws nothing when stderr is no terminal or `quiet` is set. One thread at a time.
class Progress {
 public:
  explicit Progress(std::string unit, bool quiet = false);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `done` of `of` units; a later call may name another `of`.
  void show(std::uint64_t done, std::uint64_t of);
  // Takes the line away, so that something else can be said.
  void clear();
  // The same, and leaves behind how many units took how long, and the rate; nothing when nothing was drawn.
  void sum_up();

 private:
  using Time = std::chrono::steady_clock::time_point;
  std::string unit_;
  bool visible_ = false;
  bool drawn_ = false;
  Time began_;
  Time drawn_at_;
  std::uint64_t first_done_ = 0;
  std::uint64_t done_ = 0;
  bool has_first_ = false;
};

// "42%  [########............]  420,000 of 1,000,000 entries  310,000/s  2 s left": without a rate while
// `elapsed_s` is 0.
[[nodiscard]] std::string progress_line(std::uint64_t done, std::uint64_t of, std::uint64_t done_since_start,
                                        double elapsed_s, const std::string& unit);
// "1,000,001 entries in 3.1 s, 322,581/s": without a rate while `elapsed_s` is 0.
[[nodiscard]] std::string progress_sum(std::uint64_t done, double elapsed_s, const std::string& unit);
// "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t number);

}  // namespace crossline::tools
