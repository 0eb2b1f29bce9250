// HTTP requests and responses as plain values.
#pragma once

#include "crossline/base/error.hpp"
#include "crossline/runtime/stream.hpp"
#include "crossline/runtime/task.hpp"
#include "crossline/runtime/tls.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossline::runtime {

// Names and values in the order received. A name is found whatever its case.
class HttpHeaders {
 public:
  void add(std::string name, std::string value) { entries_.emplace_back(std::move(name), std::move(value)); }
  // Replaces every field of that name.
  void set(std::string name, std::string value);
  // The first field of that name, or nothing.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

// A complete request. Handlers share it read-only.
struct HttpRequest {
  std::string method;                 // "GET"
  std::string path;                   // as sent, without the query; begins with '/'
  std::vector<std::string> segments;  // of the path, percent-decoded; "/" has none, "/a/" is {"a", ""}
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
  HttpHeaders headers;
  std::string body;
  Endpoint peer;
  std::shared_ptr<const TlsPeer> tls;  // null on plain connections

  // The first query parameter or cookie of that name, or nothing.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  HttpHeaders headers = {};
  std::string body = {};
};

using HttpHandler = std::function<Task<HttpResponse>(std::shared_ptr<const HttpRequest> request)>;

// Splits and decodes a request target ("/a/b?x=1") into path, segments and query of `request`. kMalformed
// when it does not begin with '/', or holds a broken percent escape, a control character or text that is not
// UTF-8.
Result<void> parse_target(std::string_view target, HttpRequest& request);

[[nodiscard]] std::string_view reason_of(int status);
[[nodiscard]] HttpResponse text_response(int status, std::string content_type, std::string body);
[[nodiscard]] HttpResponse json_response(int status, std::string body);

// RFC 9457 application/problem+json. `code` is stable, for programs; `detail` is for people.
[[nodiscard]] HttpResponse problem(int status, std::string_view code, std::string_view detail);
// The status that fits the error's code: 400, 401, 403, 404, 409, 500, 503, 504, 507.
[[nodiscard]] HttpResponse problem(const Error& error);

}  // namespace crossline::runtime
