// Requests off one connection, within limits of size and time.
#pragma once

#include "crossline/runtime/http_message.hpp"
#include "crossline/runtime/http_server.hpp"

#include <memory>
#include <optional>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace crossline::runtime {

class HttpRequestReader {
 public:
  // One of three: a request; a refusal, to be answered before closing; neither, when the peer is gone or idle
  // for too long.
  struct Outcome {
    std::shared_ptr<HttpRequest> request;
    std::optional<HttpResponse> refusal;
    bool keep_alive = false;
  };

  // `stream` and `options` outlive the reader.
  HttpRequestReader(ByteStream& stream, const HttpServerOptions& options)
      : stream_(stream), options_(options) {}

  // The next request, pipelined ones in order.
  [[nodiscard]] Task<Outcome> next();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  // Waits for more bytes in buffer_.
  [[nodiscard]] Task<Result<void>> fill(Deadline deadline);
  // Gives the parser what is buffered; the refusal when it is not HTTP or too large.
  [[nodiscard]] std::optional<HttpResponse> feed(Parser& parser);
  // Reads until the header, or with `whole` the body too, is complete; the refusal, or nothing.
  [[nodiscard]] Task<Result<std::optional<HttpResponse>>> parse(Parser& parser, bool whole,
                                                                Deadline deadline);
  // What Beast lets pass and we do not.
  [[nodiscard]] static std::optional<HttpResponse> check_header(const Parser& parser);
  [[nodiscard]] static std::optional<HttpResponse> convert(Parser& parser, HttpRequest& request);

  ByteStream& stream_;
  const HttpServerOptions& options_;
  std::string buffer_;
};

}  // namespace crossline::runtime
