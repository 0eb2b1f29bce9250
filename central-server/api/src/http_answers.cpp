#include "http_answers.hpp"

#include "crossline/api/http_api.hpp"
#include "crossline/crypto/sha256.hpp"

#include <algorithm>
#include <array>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>

namespace crossline::api {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;

constexpr std::string_view kCookieRules = "Path=/; Secure; HttpOnly; SameSite=Strict";

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

// The media type without its parameters.
std::string_view media_type(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (!content_type.empty() && content_type.back() == ' ') content_type.remove_suffix(1);
  return content_type;
}

}  // namespace

HttpResponse response_of(const Problem& problem) {
  nlohmann::json body = {{"type", "about:blank"},
                         {"status", problem.status},
                         {"title", runtime::reason_of(problem.status)},
                         {"code", problem.code},
                         {"detail", problem.detail}};
  if (!problem.field.empty()) body["field"] = problem.field;
  if (problem.retry_after_ms) body["retry_after_ms"] = *problem.retry_after_ms;
  HttpResponse response = response_of(problem.status, body);
  response.headers.set("Content-Type", "application/problem+json");
  if (problem.retry_after_ms) {
    response.headers.set("Retry-After", std::to_string((*problem.retry_after_ms + 999) / 1'000));
  }
  return response;
}

HttpResponse response_of(int status, const nlohmann::json& body) {
  return runtime::json_response(status, body.dump());
}

std::optional<accounts::SessionToken> token_of(const HttpRequest& request) {
  const auto cookie = request.cookie(kSessionCookie);
  if (!cookie) return std::nullopt;
  return accounts::token_from_hex(*cookie);
}

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

Answer<void> check_unsafe(const HttpRequest& request, const accounts::SessionToken& token) {
  if (is_safe(request.method)) return {};
  const auto given = request.headers.find("X-CSRF-Token");
  if (!given || !crypto::equal_constant_time(as_bytes(*given), as_bytes(accounts::csrf_token_of(token)))) {
    return refuse(403, "csrf", "the X-CSRF-Token header does not hold this session's token");
  }
  if (request.method == "DELETE") return {};
  return check_json_body(request);
}

Answer<void> check_json_body(const HttpRequest& request) {
  const auto type = request.headers.find("Content-Type");
  if (type && equal_ignoring_case(media_type(*type), "application/json")) return {};
  return refuse(415, "malformed", "the body has to be application/json");
}

std::string session_cookie(const accounts::SessionToken& token) {
  return fmt::format("{}={}; {}", kSessionCookie, token.hex(), kCookieRules);
}

std::string expired_session_cookie() {
  return fmt::format("{}=; Max-Age=0; {}", kSessionCookie, kCookieRules);
}

std::string throttle_key(std::string_view address) {
  constexpr std::size_t kSubscriberBytes = 8;
  const std::string text(address);
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  return to_hex(ByteView(bytes).first(kSubscriberBytes));
}

}  // namespace crossline::api
