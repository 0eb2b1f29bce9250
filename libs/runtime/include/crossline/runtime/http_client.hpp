// A small HTTP/1.1 client for tools, tests and witnesses.
#pragma once

#include "crossline/runtime/http_message.hpp"
#include "crossline/runtime/task.hpp"
#include "crossline/runtime/tls.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace crossline::runtime {

struct HttpClientOptions {
  std::string host = {};  // name or address
  std::uint16_t port = 443;
  std::shared_ptr<const TlsContext> tls = {};  // null: plain HTTP
  std::uint64_t timeout_ms = 10'000;           // connect, handshake, request and response together
  std::size_t max_response_bytes = 8u << 20;
};

// One server. The connection is kept between requests and opened again when the server has closed it.
// Redirects are not followed. One request at a time; lives on the strand of its caller.
class HttpClient {
 public:
  explicit HttpClient(HttpClientOptions options);
  ~HttpClient();

  // `target` is path and query, encoded. Host, Content-Length and Connection are set here. kUnavailable,
  // kTimeout, kUnauthenticated, kMalformed when the response breaks HTTP or exceeds the limit. A request is
  // sent again, once, only when a kept connection turned out to be closed before any byte of a response, and
  // the method is GET or HEAD.
  [[nodiscard]] Task<Result<HttpResponse>> request(std::string method, std::string target,
                                                   HttpHeaders headers = {}, std::string body = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crossline::runtime
