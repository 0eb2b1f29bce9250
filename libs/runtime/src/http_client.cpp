#include "crossline/runtime/http_client.hpp"

#include "beast_text.hpp"
#include "crossline/runtime/tcp.hpp"

#include <utility>

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace crossline::runtime {
namespace http = boost::beast::http;

namespace {

constexpr std::size_t kResponseReadBytes = 16 * 1024;

}  // namespace

struct HttpClient::State {
  using Parser = http::response_parser<http::string_body>;

  explicit State(HttpClientOptions options_in) : options(std::move(options_in)) {}

  Task<Result<void>> connect(Deadline deadline);
  Task<Result<HttpResponse>> exchange(std::string request, bool head_only, Deadline deadline);
  Task<Result<void>> read_message(Parser& parser, Deadline deadline);
  [[nodiscard]] std::string compose(std::string_view method, std::string_view target,
                                    const HttpHeaders& headers, std::string_view body) const;

  const HttpClientOptions options;
  std::unique_ptr<ByteStream> stream;
  std::string buffer;         // received and not yet parsed
  bool received_any = false;  // of the present response
};

Task<Result<void>> HttpClient::State::connect(Deadline deadline) {
  buffer.clear();
  CROSSLINE_CO_TRY(auto tcp, co_await connect_tcp(options.host, options.port, deadline));
  if (options.tls) {
    CROSSLINE_CO_TRY(stream, co_await TlsStream::handshake(std::move(tcp), options.tls, deadline));
  } else {
    stream = std::move(tcp);
  }
  co_return Result<void>();
}

std::string HttpClient::State::compose(std::string_view method, std::string_view target,
                                       const HttpHeaders& headers, std::string_view body) const {
  const bool usual_port = options.port == (options.tls ? 443 : 80);
  const std::string host = Endpoint{options.host, options.port}.to_string();
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", method, target,
                                 usual_port ? host.substr(0, host.rfind(':')) : host);
  for (const auto& [name, value] : headers.entries()) {
    text += fmt::format("{}: {}\r\n", name, value);
  }
  if (!body.empty() || method == "POST" || method == "PUT")
    text += fmt::format("Content-Length: {}\r\n", body.size());
  return text.append("\r\n").append(body);
}

// Feeds the parser until the message is complete.
Task<Result<void>> HttpClient::State::read_message(Parser& parser, Deadline deadline) {
  boost::system::error_code error;
  while (!parser.is_done()) {
    if (!buffer.empty()) {
      buffer.erase(0, parser.put(boost::asio::buffer(buffer), error));
      if (error && error != http::error::need_more) break;
      if (parser.is_done()) break;
    }
    const std::size_t had = buffer.size();
    buffer.resize(had + kResponseReadBytes);
    const std::span room(reinterpret_cast<std::uint8_t*>(buffer.data()) + had, kResponseReadBytes);
    const auto count = co_await stream->read_some(room, deadline);
    buffer.resize(had + count.value_or(0));
    if (!count) co_return std::unexpected(count.error());
    if (*count == 0 && !received_any) co_return fail(ErrorCode::kUnavailable, "closed by peer");
    if (*count == 0) {
      parser.put_eof(error);
      if (error) break;
    }
    received_any = true;
    error = {};
  }
  if (error && error != http::error::need_more) {
    co_return fail(ErrorCode::kMalformed, "response: {}", error.message());
  }
  co_return Result<void>();
}

Task<Result<HttpResponse>> HttpClient::State::exchange(std::string request, bool head_only,
                                                       Deadline deadline) {
  received_any = false;
  CROSSLINE_CO_CHECK_OK(co_await stream->write_all(as_bytes(request), deadline));
  for (;;) {
    Parser parser;
    parser.eager(true);
    parser.skip(head_only);
    parser.body_limit(options.max_response_bytes);
    CROSSLINE_CO_CHECK_OK(co_await read_message(parser, deadline));
    if (parser.get().result_int() < 200) continue;  // an interim response
    if (!parser.keep_alive()) stream.reset();
    auto message = parser.release();
    HttpResponse response;
    response.status = static_cast<int>(message.result_int());
    for (const auto& field : message) {
      response.headers.add(std::string(view(field.name_string())), std::string(view(field.value())));
    }
    response.body = std::move(message.body());
    co_return response;
  }
}

HttpClient::HttpClient(HttpClientOptions options) : state_(std::make_unique<State>(std::move(options))) {}
HttpClient::~HttpClient() = default;

Task<Result<HttpResponse>> HttpClient::request(std::string method, std::string target, HttpHeaders headers,
                                               std::string body) {
  const Deadline deadline = Deadline::in_ms(state_->options.timeout_ms);
  const bool repeatable = method == "GET" || method == "HEAD";
  const std::string text = state_->compose(method, target, headers, body);
  if (state_->stream) {
    auto response = co_await state_->exchange(text, method == "HEAD", deadline);
    if (response) co_return response;
    state_->stream.reset();
    const bool was_closed = response.error().code == ErrorCode::kUnavailable && !state_->received_any;
    if (!was_closed || !repeatable) co_return response;
  }
  CROSSLINE_CO_CHECK_OK(co_await state_->connect(deadline));
  auto response = co_await state_->exchange(text, method == "HEAD", deadline);
  if (!response) state_->stream.reset();
  co_return response;
}

}  // namespace crossline::runtime
