// What a browser must be told, and what must not be believed of it.
#pragma once

#include "crossline/runtime/http_message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::runtime {

// The policy of our pages: everything from this origin, nothing else, no frames, no inline script.
inline constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";
// The policy of answers that are data: nothing may run or load.
inline constexpr std::string_view kDataPolicy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

// Adds Content-Security-Policy (kDataPolicy unless the response has one), X-Content-Type-Options,
// Referrer-Policy: no-referrer, Cross-Origin-Opener-Policy and -Resource-Policy: same-origin, Cache-Control:
// no-store unless the response has one, and with `https` Strict-Transport-Security.
void add_security_headers(HttpResponse& response, bool https);

// Refuses requests that a page of another site made, or that reached us under a foreign name.
struct SiteGuard {
  std::vector<std::string> hosts;  // allowed Host values, with the port: "127.0.0.1:7080", "localhost:7080"
  bool https = false;              // the scheme that an Origin must have

  // The refusal, or nothing when the request may go on:
  //  - Host not in the list: 421. A name that an attacker rebinds to our address does not get through.
  //  - Sec-Fetch-Site cross-site or same-site: 403, unless it is a navigation that opens a page.
  //  - On methods other than GET and HEAD, an Origin that is not ours: 403. Older browsers send no
  //    Sec-Fetch-Site.
  [[nodiscard]] std::optional<HttpResponse> refusal(const HttpRequest& request) const;
};

}  // namespace crossline::runtime
