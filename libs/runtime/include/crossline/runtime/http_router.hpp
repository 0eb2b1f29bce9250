// Which handler answers which path.
#pragma once

#include "crossline/runtime/http_message.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossline::runtime {

// The `{name}` segments of a route, decoded, never empty.
class PathParameters {
 public:
  void add(std::string_view name, std::string_view value) { entries_.emplace_back(name, value); }
  // Asking for a name the route does not have is our bug and ends the process.
  [[nodiscard]] const std::string& at(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

using RouteHandler =
    std::function<Task<HttpResponse>(std::shared_ptr<const HttpRequest> request, PathParameters parameters)>;

// A table of method, pattern and handler, filled before use and read-only after. A pattern is literal
// segments and
// `{name}` segments ("/api/v1/persons/{subject}/timeline"); a literal wins over a parameter.
class HttpRouter {
 public:
  void add(std::string method, std::string_view pattern, RouteHandler handler);
  // Answers what no pattern matches, for example the pages; without it the answer is 404.
  void set_fallback(HttpHandler handler) { fallback_ = std::move(handler); }

  // 404 problem when no pattern matches; 405 with Allow when only the method does not; OPTIONS answers 204
  // with Allow. HEAD is answered by GET's handler: the server leaves the body out.
  [[nodiscard]] Task<HttpResponse> handle(std::shared_ptr<const HttpRequest> request) const;

  // "METHOD /pattern" of every route, in the order added: what the API description is checked against.
  [[nodiscard]] std::vector<std::string> routes() const;

 private:
  struct Route {
    std::string method;
    std::string pattern;
    std::vector<std::string> segments;  // a parameter is kept as "{name}"
    RouteHandler handler;
  };
  [[nodiscard]] static bool matches(const Route& route, const HttpRequest& request);
  [[nodiscard]] static bool more_literal(const Route& a, const Route& b);
  // The routes of the one pattern that fits best; they differ in their method.
  [[nodiscard]] std::vector<const Route*> best_matches(const HttpRequest& request) const;
  [[nodiscard]] static HttpResponse other_method(const std::vector<const Route*>& candidates,
                                                 std::string_view wanted);

  std::vector<Route> routes_;
  HttpHandler fallback_;
};

}  // namespace crossline::runtime
