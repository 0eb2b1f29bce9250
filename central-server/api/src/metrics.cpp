#include "crossline/api/metrics.hpp"

#include <array>
#include <sstream>
#include <utility>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace crossline::api {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds{0.001, 0.005, 0.02, 0.1, 0.5, 2, 10};
constexpr std::array<const char*, 3> kSignInNames{"ok", "refused", "throttled"};

prometheus::ClientMetric client_metric(const Metric& metric) {
  prometheus::ClientMetric made;
  for (const auto& [name, value] : metric.labels) made.label.push_back({name, value});
  if (metric.kind == Metric::Kind::kCounter) {
    made.counter.value = metric.value;
  } else {
    made.gauge.value = metric.value;
  }
  return made;
}

void append(std::vector<prometheus::MetricFamily>& families, const Metric& metric) {
  if (families.empty() || families.back().name != metric.name) {
    const auto type = metric.kind == Metric::Kind::kCounter ? prometheus::MetricType::Counter
                                                            : prometheus::MetricType::Gauge;
    families.push_back({metric.name, metric.help, type, {}});
  }
  families.back().metric.push_back(client_metric(metric));
}

}  // namespace

struct Metrics::State {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                          .Name("crossline_http_requests_total")
                                                          .Help("Requests answered, by route and status.")
                                                          .Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds = prometheus::BuildHistogram()
                                                           .Name("crossline_http_request_seconds")
                                                           .Help("Time from request to answer, by route.")
                                                           .Register(registry);
  prometheus::Family<prometheus::Counter>& sign_ins = prometheus::BuildCounter()
                                                          .Name("crossline_sign_ins_total")
                                                          .Help("Attempts to sign in, by result.")
                                                          .Register(registry);
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::count_request(std::string_view route, int status, std::uint64_t took_ms) {
  const std::string name(route);
  state_->requests.Add({{"route", name}, {"status", std::to_string(status)}}).Increment();
  state_->seconds.Add({{"route", name}}, kSeconds).Observe(static_cast<double>(took_ms) / 1'000.0);
}

void Metrics::count_sign_in(SignInResult result) {
  state_->sign_ins.Add({{"result", kSignInNames[std::to_underlying(result)]}}).Increment();
}

std::string Metrics::text(std::span<const Metric> others) const {
  std::vector<prometheus::MetricFamily> families = state_->registry.Collect();
  for (const Metric& metric : others) append(families, metric);
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return std::move(out).str();
}

}  // namespace crossline::api
