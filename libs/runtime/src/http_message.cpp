#include "crossline/runtime/http_message.hpp"

#include "crossline/base/text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace crossline::runtime {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
  return -1;
}

// Percent-decodes; in a query '+' is a space. Zero bytes and control characters have no place in either.
Result<std::string> decode(std::string_view text, bool in_query) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return fail(ErrorCode::kMalformed, "broken percent escape");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && in_query) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      return fail(ErrorCode::kMalformed, "control character");
    decoded.push_back(c);
  }
  if (!is_utf8(decoded)) return fail(ErrorCode::kMalformed, "not UTF-8");
  return decoded;
}

Result<void> parse_query(std::string_view text, HttpRequest& request) {
  for (const std::string_view pair : split(text, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    CROSSLINE_TRY(auto name, decode(pair.substr(0, equals), true));
    CROSSLINE_TRY(auto value, decode(equals == pair.size() ? "" : pair.substr(equals + 1), true));
    request.query.emplace_back(std::move(name), std::move(value));
  }
  return {};
}

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kMalformed:
    case ErrorCode::kUnsupported:
    case ErrorCode::kBadSignature:
      return 400;
    case ErrorCode::kUnauthenticated:
      return 401;
    case ErrorCode::kForbidden:
    case ErrorCode::kRevoked:
      return 403;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kConflict:
    case ErrorCode::kForked:
      return 409;
    case ErrorCode::kBusy:
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kTimeout:
      return 504;
    case ErrorCode::kStorageFull:
      return 507;
    case ErrorCode::kCorruptData:
    case ErrorCode::kStorageFailed:
      return 500;
  }
  return 500;
}

}  // namespace

void HttpHeaders::set(std::string name, std::string value) {
  std::erase_if(entries_, [&name](const auto& entry) { return same_name(entry.first, name); });
  add(std::move(name), std::move(value));
}

std::optional<std::string_view> HttpHeaders::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(entries_, [name](const auto& entry) { return same_name(entry.first, name); });
  if (found == entries_.end()) return std::nullopt;
  return found->second;
}

std::size_t HttpHeaders::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(entries_, [name](const auto& entry) { return same_name(entry.first, name); }));
}

std::optional<std::string_view> HttpRequest::parameter(std::string_view name) const {
  const auto found = std::ranges::find_if(query, [name](const auto& entry) { return entry.first == name; });
  if (found == query.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string_view> HttpRequest::cookie(std::string_view name) const {
  const auto header = headers.find("Cookie");
  if (!header) return std::nullopt;
  for (const std::string_view part : split(*header, ';')) {
    const std::size_t equals = part.find('=');
    if (equals != std::string_view::npos && trim(part.substr(0, equals)) == name)
      return trim(part.substr(equals + 1));
  }
  return std::nullopt;
}

Result<void> parse_target(std::string_view target, HttpRequest& request) {
  if (!target.starts_with('/')) return fail(ErrorCode::kMalformed, "the target is not a path");
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = target.substr(0, question);
  if (request.path != "/") {
    for (const std::string_view segment : split(std::string_view(request.path).substr(1), '/')) {
      CROSSLINE_TRY(auto decoded, decode(segment, false));
      request.segments.push_back(std::move(decoded));
    }
  }
  return question == target.size() ? Result<void>() : parse_query(target.substr(question + 1), request);
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    case 507:
      return "Insufficient Storage";
    default:
      return status < 400 ? "OK" : "Error";
  }
}

HttpResponse text_response(int status, std::string content_type, std::string body) {
  HttpResponse response{.status = status, .body = std::move(body)};
  response.headers.add("Content-Type", std::move(content_type));
  return response;
}

HttpResponse json_response(int status, std::string body) {
  return text_response(status, "application/json", std::move(body));
}

HttpResponse problem(int status, std::string_view code, std::string_view detail) {
  const nlohmann::ordered_json body = {{"type", "about:blank"},
                                       {"title", reason_of(status)},
                                       {"status", status},
                                       {"code", code},
                                       {"detail", detail}};
  using nlohmann::ordered_json;  // bytes that are not UTF-8 must not make the answer fail
  return text_response(status, "application/problem+json",
                       body.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

HttpResponse problem(const Error& error) {
  return problem(status_of(error.code), name_of(error.code), error.message);
}

}  // namespace crossline::runtime
