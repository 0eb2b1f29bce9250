#include "crossline/runtime/http_router.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/text.hpp"

#include <algorithm>

#include <fmt/ranges.h>

namespace crossline::runtime {
namespace {

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

std::string_view name_in(std::string_view segment) {
  return segment.substr(1, segment.size() - 2);
}

}  // namespace

const std::string& PathParameters::at(std::string_view name) const {
  const auto found =
      std::ranges::find_if(entries_, [name](const auto& entry) { return entry.first == name; });
  CROSSLINE_ASSERT(found != entries_.end());
  return found->second;
}

void HttpRouter::add(std::string method, std::string_view pattern, RouteHandler handler) {
  CROSSLINE_ASSERT(pattern.starts_with('/'));
  Route route{std::move(method), std::string(pattern), {}, std::move(handler)};
  if (pattern != "/") {
    for (const std::string_view segment : split(pattern.substr(1), '/')) route.segments.emplace_back(segment);
  }
  routes_.push_back(std::move(route));
}

bool HttpRouter::matches(const Route& route, const HttpRequest& request) {
  return std::ranges::equal(route.segments, request.segments,
                            [](const std::string& want, const std::string& got) {
                              return is_parameter(want) ? !got.empty() : want == got;
                            });
}

// Literals first: of two patterns the one whose first difference is a literal wins.
bool HttpRouter::more_literal(const Route& a, const Route& b) {
  return std::ranges::lexicographical_compare(a.segments, b.segments, {}, is_parameter, is_parameter);
}

std::vector<const HttpRouter::Route*> HttpRouter::best_matches(const HttpRequest& request) const {
  std::vector<const Route*> best;
  for (const Route& route : routes_) {
    if (!matches(route, request)) continue;
    if (!best.empty() && more_literal(*best.front(), route)) continue;
    if (!best.empty() && more_literal(route, *best.front())) best.clear();
    best.push_back(&route);
  }
  return best;
}

Task<HttpResponse> HttpRouter::handle(std::shared_ptr<const HttpRequest> request) const {
  const auto candidates = best_matches(*request);
  if (candidates.empty()) {
    if (fallback_) co_return co_await fallback_(request);
    co_return problem(404, "not_found", "there is nothing at this path");
  }
  const std::string_view wanted = request->method == "HEAD" ? "GET" : std::string_view(request->method);
  const auto found =
      std::ranges::find_if(candidates, [wanted](const Route* route) { return route->method == wanted; });
  if (found == candidates.end()) co_return other_method(candidates, wanted);

  PathParameters parameters;
  for (std::size_t i = 0; i < (*found)->segments.size(); ++i) {
    const std::string& segment = (*found)->segments[i];
    if (is_parameter(segment)) parameters.add(name_in(segment), request->segments[i]);
  }
  co_return co_await (*found)->handler(request, std::move(parameters));
}

HttpResponse HttpRouter::other_method(const std::vector<const Route*>& candidates, std::string_view wanted) {
  std::vector<std::string> allowed;
  for (const Route* route : candidates) {
    allowed.push_back(route->method);
    if (route->method == "GET") allowed.emplace_back("HEAD");
  }
  allowed.emplace_back("OPTIONS");
  const std::string allow = fmt::format("{}", fmt::join(allowed, ", "));
  HttpResponse response;
  if (wanted == "OPTIONS") {
    response.status = 204;
  } else {
    response = problem(405, "method_not_allowed", "allowed here: " + allow);
  }
  response.headers.set("Allow", allow);
  return response;
}

std::vector<std::string> HttpRouter::routes() const {
  std::vector<std::string> lines;
  for (const Route& route : routes_) lines.push_back(route.method + " " + route.pattern);
  return lines;
}

}  // namespace crossline::runtime
