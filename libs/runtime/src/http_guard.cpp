#include "crossline/runtime/http_guard.hpp"

#include <algorithm>

namespace crossline::runtime {
namespace {

void add_unless_set(HttpHeaders& headers, std::string_view name, std::string_view value) {
  if (!headers.find(name)) headers.add(std::string(name), std::string(value));
}

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

// A link or a typed address that opens one of our pages: shows nothing to the site it came from.
bool is_page_navigation(const HttpRequest& request) {
  return is_safe(request.method) && request.headers.find("Sec-Fetch-Mode") == "navigate" &&
         request.headers.find("Sec-Fetch-Dest") == "document";
}

}  // namespace

void add_security_headers(HttpResponse& response, bool https) {
  add_unless_set(response.headers, "Content-Security-Policy", kDataPolicy);
  add_unless_set(response.headers, "Cache-Control", "no-store");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
  if (https) response.headers.set("Strict-Transport-Security", "max-age=31536000");
}

std::optional<HttpResponse> SiteGuard::refusal(const HttpRequest& request) const {
  const auto host = request.headers.find("Host");
  if (!host || std::ranges::find(hosts, *host) == hosts.end()) {
    return problem(421, "misdirected", "this server does not answer under that name");
  }
  const auto site = request.headers.find("Sec-Fetch-Site");
  const bool own_site = !site || *site == "same-origin" || *site == "none";
  if (!own_site && !is_page_navigation(request)) {
    return problem(403, "cross_site", "requests made by pages of other sites are refused");
  }
  const auto origin = request.headers.find("Origin");
  if (!is_safe(request.method) && origin &&
      *origin != (https ? "https://" : "http://") + std::string(*host)) {
    return problem(403, "cross_site", "requests made by pages of other sites are refused");
  }
  return std::nullopt;
}

}  // namespace crossline::runtime
