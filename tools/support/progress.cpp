#include "tools/support/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

namespace crossline::tools {
namespace {

constexpr std::size_t kBarWidth = 24;
constexpr std::chrono::milliseconds kRedraw{100};

std::string time_left(double seconds) {
  if (seconds < 100) return fmt::format("{:.0f} s left", std::ceil(seconds));
  if (seconds < 6'000) return fmt::format("{:.0f} min left", std::ceil(seconds / 60));
  return fmt::format("{:.1f} h left", seconds / 3'600);
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3;) text.insert(place -= 3, ",");
  return text;
}

std::string progress_line(std::uint64_t done, std::uint64_t of, std::uint64_t done_since_start,
                          double elapsed_s, const std::string& unit) {
  const double share = of == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(of);
  const auto filled = std::min(kBarWidth, static_cast<std::size_t>(share * kBarWidth));
  std::string line =
      fmt::format("{:3.0f}%  [{}{}]  {} of {} {}", std::floor(share * 100), std::string(filled, '#'),
                  std::string(kBarWidth - filled, '.'), grouped(done), grouped(of), unit);
  if (elapsed_s <= 0 || done_since_start == 0) return line;
  const double rate = static_cast<double>(done_since_start) / elapsed_s;
  line += fmt::format("  {}/s", grouped(static_cast<std::uint64_t>(rate)));
  if (done < of) line += "  " + time_left(static_cast<double>(of - done) / rate);
  return line;
}

std::string progress_sum(std::uint64_t done, double elapsed_s, const std::string& unit) {
  std::string line = fmt::format("{} {} in {:.1f} s", grouped(done), unit, elapsed_s);
  if (elapsed_s > 0)
    line += fmt::format(", {}/s", grouped(static_cast<std::uint64_t>(static_cast<double>(done) / elapsed_s)));
  return line;
}

Progress::Progress(std::string unit, bool quiet)
    : unit_(std::move(unit)),
      visible_(!quiet && isatty(STDERR_FILENO) != 0),
      began_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  if (drawn_) std::fputc('\n', stderr);
}

void Progress::show(std::uint64_t done, std::uint64_t of) {
  if (!visible_) return;
  if (!has_first_) {
    has_first_ = true;
    first_done_ = done;
  }
  done_ = done;
  const Time now = std::chrono::steady_clock::now();
  if (drawn_ && done < of && now - drawn_at_ < kRedraw) return;
  drawn_ = true;
  drawn_at_ = now;
  const std::chrono::duration<double> elapsed = now - began_;
  fmt::print(stderr, "\r\x1b[K{}", progress_line(done, of, done - first_done_, elapsed.count(), unit_));
  std::fflush(stderr);
}

void Progress::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

void Progress::sum_up() {
  if (!drawn_) return;
  clear();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - began_;
  fmt::print(stderr, "{}\n", progress_sum(done_, elapsed.count(), unit_));
}

}  // namespace crossline::tools
