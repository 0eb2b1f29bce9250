// What operators watch. No label ever holds a name, an address or a subject.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossline::api {

// One number that another part of the server publishes.
struct Metric {
  enum class Kind : std::uint8_t { kCounter, kGauge };
  std::string name;  // "crossline_ledger_entries"
  std::string help;
  Kind kind = Kind::kGauge;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
};
// Called for every scrape, on an I/O thread: it must not block.
using MetricsSource = std::function<std::vector<Metric>()>;

enum class SignInResult : std::uint8_t { kOk, kRefused, kThrottled };

// Counts what the HTTPS side does and writes it all in Prometheus' text format. Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // `route` is a method and a pattern, "GET /api/v1/between", never a path as requested.
  void count_request(std::string_view route, int status, std::uint64_t took_ms);
  void count_sign_in(SignInResult result);

  // Metrics of one name in a row become one family.
  [[nodiscard]] std::string text(std::span<const Metric> others) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crossline::api
