#include "http_reader.hpp"

#include "beast_text.hpp"

#include <algorithm>
#include <utility>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace crossline::runtime {
namespace http = boost::beast::http;

namespace {

constexpr std::size_t kRequestReadBytes = 4 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

HttpResponse refuse(int status, std::string_view code, std::string_view detail) {
  return problem(status, code, detail);
}

HttpResponse refusal_for(const boost::system::error_code& error) {
  if (error == http::error::header_limit) return refuse(431, "header_too_large", "the header is too large");
  if (error == http::error::body_limit) return refuse(413, "body_too_large", "the body is too large");
  if (error == http::error::bad_version)
    return refuse(505, "bad_version", "only HTTP/1.0 and HTTP/1.1 are spoken here");
  return refuse(400, "malformed", "not HTTP: " + error.message());
}

}  // namespace

Task<Result<void>> HttpRequestReader::fill(Deadline deadline) {
  const std::size_t had = buffer_.size();
  buffer_.resize(had + kRequestReadBytes);
  const std::span room(reinterpret_cast<std::uint8_t*>(buffer_.data()) + had, kRequestReadBytes);
  const auto count = co_await stream_.read_some(room, deadline);
  buffer_.resize(had + count.value_or(0));
  if (!count) co_return std::unexpected(count.error());
  if (*count == 0) co_return fail(ErrorCode::kUnavailable, "closed by peer");
  co_return Result<void>();
}

std::optional<HttpResponse> HttpRequestReader::feed(Parser& parser) {
  boost::system::error_code error;
  const std::size_t used = parser.put(boost::asio::buffer(buffer_), error);
  buffer_.erase(0, used);
  if (error == http::error::need_more) error = {};
  if (!error && !parser.is_header_done() && buffer_.size() > options_.max_header_bytes) {
    error = http::error::header_limit;
  }
  return error ? std::optional(refusal_for(error)) : std::nullopt;
}

Task<Result<std::optional<HttpResponse>>> HttpRequestReader::parse(Parser& parser, bool whole,
                                                                   Deadline deadline) {
  const auto complete = [&parser, whole] { return whole ? parser.is_done() : parser.is_header_done(); };
  bool fresh = !buffer_.empty();
  while (!complete()) {
    if (!std::exchange(fresh, false)) {
      const auto filled = co_await fill(deadline);
      if (!filled && filled.error().code == ErrorCode::kTimeout) {
        co_return refuse(408, "too_slow", "the request did not arrive in time");
      }
      if (!filled) co_return std::unexpected(filled.error());
    }
    if (auto refusal = feed(parser)) co_return std::move(refusal);
  }
  co_return std::nullopt;
}

std::optional<HttpResponse> HttpRequestReader::check_header(const Parser& parser) {
  const auto& message = parser.get();
  const std::size_t hosts = message.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && message.version() >= 11)) {
    return refuse(400, "malformed", "exactly one Host header is required");
  }
  if (const auto coding = message.find(http::field::transfer_encoding); coding != message.end()) {
    // Any other coding would leave us and a proxy of different opinions about where the request ends.
    if (message.version() < 11) return refuse(400, "malformed", "Transfer-Encoding needs HTTP/1.1");
    if (message.count(http::field::transfer_encoding) > 1 ||
        !boost::beast::iequals(coding->value(), "chunked")) {
      return refuse(501, "unknown_coding", "the only transfer coding known here is chunked");
    }
  }
  return std::nullopt;
}

std::optional<HttpResponse> HttpRequestReader::convert(Parser& parser, HttpRequest& request) {
  auto message = parser.release();
  request.method = view(message.method_string());
  if (const auto parsed = parse_target(view(message.target()), request); !parsed) {
    return refuse(400, "malformed", "bad request target: " + parsed.error().message);
  }
  for (const auto& field : message) {
    request.headers.add(std::string(view(field.name_string())), std::string(view(field.value())));
  }
  request.body = std::move(message.body());
  return std::nullopt;
}

Task<HttpRequestReader::Outcome> HttpRequestReader::next() {
  Outcome outcome;
  if (buffer_.empty()) {
    if (buffer_.capacity() > kRequestReadBytes)
      std::string().swap(buffer_);  // an idle connection holds little
    const auto filled = co_await fill(Deadline::in_ms(options_.idle_timeout_ms));
    if (!filled) co_return outcome;
  }
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(options_.max_header_bytes));
  parser.body_limit(options_.max_body_bytes);
  auto header = co_await parse(parser, false, Deadline::in_ms(options_.header_timeout_ms));
  if (!header) co_return outcome;
  outcome.refusal = std::move(*header);
  if (!outcome.refusal) outcome.refusal = check_header(parser);
  if (outcome.refusal) co_return outcome;

  const Deadline body_deadline = Deadline::in_ms(options_.body_timeout_ms);
  if (!parser.is_done() && boost::beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    const auto written = co_await stream_.write_all(as_bytes(kContinue), body_deadline);
    if (!written) co_return outcome;
  }
  parser.eager(true);
  auto body = co_await parse(parser, true, body_deadline);
  if (!body) co_return outcome;
  outcome.refusal = std::move(*body);
  if (outcome.refusal) co_return outcome;

  outcome.keep_alive = parser.keep_alive();
  auto request = std::make_shared<HttpRequest>();
  outcome.refusal = convert(parser, *request);
  if (!outcome.refusal) outcome.request = std::move(request);
  co_return outcome;
}

}  // namespace crossline::runtime
