#include "crossline/runtime/http_server.hpp"

#include "crossline/runtime/channel.hpp"
#include "crossline/runtime/http_client.hpp"
#include "crossline/runtime/timeout.hpp"
#include "tests/support/net.hpp"

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::runtime {
namespace {

// Sends raw bytes, ends, and returns all that came back.
Task<std::string> converse(std::uint16_t port, std::string sent, bool ended) {
  auto stream = co_await connect_tcp("127.0.0.1", port, Deadline::in_ms(testing::kSoonMs));
  (void)co_await (*stream)->write_all(as_bytes(sent), Deadline::in_ms(testing::kSoonMs));
  if (ended) (*stream)->finish();
  std::string received;
  std::array<std::uint8_t, 4096> buffer{};
  for (;;) {
    const auto count = co_await (*stream)->read_some(buffer, Deadline::in_ms(testing::kSoonMs));
    EXPECT_TRUE(count.has_value()) << count.error().to_string();
    if (count.value_or(0) == 0) co_return received;
    received.append(as_text(ByteView(buffer).first(*count)));
  }
}

Task<Result<HttpResponse>> fetch(HttpClientOptions options, std::string method, std::string target,
                                 std::string body) {
  HttpClient client(std::move(options));
  HttpHeaders headers;
  co_return co_await client.request(std::move(method), std::move(target), std::move(headers),
                                    std::move(body));
}

class HttpServerTest : public ::testing::Test {
 protected:
  // Answers with what it was asked; "/throw", "/inject" and "/wait" do as they say.
  Task<HttpResponse> answer(std::shared_ptr<const HttpRequest> request) {
    ++handled_;
    if (request->path == "/throw") throw std::runtime_error("the handler broke");
    if (request->path == "/wait") {
      entered_.notify();
      co_await release_.wait();
    }
    auto response =
        text_response(200, "text/plain", request->method + " " + request->path + " " + request->body);
    if (request->path == "/inject") response.headers.add("Location", "/a\r\nSet-Cookie: b=c");
    if (request->path == "/large") response.body.assign(1'000'000, 'x');
    co_return response;
  }

  void start(HttpServerOptions options = {}) {
    auto handler = [this](std::shared_ptr<const HttpRequest> request) { return answer(std::move(request)); };
    server_ = std::make_unique<HttpServer>(io_.executor(), std::move(options), handler, log());
    ASSERT_TRUE(server_->listen());
    ASSERT_TRUE(group_.spawn(io_.new_strand(), "server", server_->run()));
  }
  void TearDown() override {
    if (server_) server_->stop();
    io_.run(group_.join());
  }

  LogFn log() {
    return [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      lines_.emplace_back(line);
    };
  }

  std::string say(std::string text, bool ended = true) {
    return testing::run(io_, converse(server_->port(), std::move(text), ended));
  }
  Result<HttpResponse> get(std::string target, std::string method = "GET", std::string body = "") {
    return testing::run(io_, fetch(client_, std::move(method), std::move(target), std::move(body)));
  }
  static std::string status_line(const std::string& response) {
    return response.substr(0, response.find('\r'));
  }

  IoThreads io_{1};
  std::mutex mutex_;
  std::vector<std::string> lines_;
  std::atomic<int> handled_ = 0;
  WakeUp entered_{io_.executor()};
  WakeUp release_{io_.executor()};
  TaskGroup group_{4, log()};
  std::unique_ptr<HttpServer> server_;
  HttpClientOptions client_{.host = "127.0.0.1"};
};

TEST_F(HttpServerTest, AnswersARequest) {
  start();
  client_.port = server_->port();
  const auto response = get("/a", "POST", "body");
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "POST /a body");
  EXPECT_EQ(response->headers.find("content-length"), "12");
  EXPECT_EQ(response->headers.find("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response->headers.find("Cache-Control"), "no-store");
}

TEST_F(HttpServerTest, AnswersALargeResponse) {
  start();
  client_.port = server_->port();
  EXPECT_EQ(get("/large")->body.size(), 1'000'000u);
  client_.max_response_bytes = 999'999;
  EXPECT_EQ(get("/large").error().code, ErrorCode::kMalformed);
}

TEST_F(HttpServerTest, AnswersHeadWithoutBody) {
  start();
  client_.port = server_->port();
  const auto response = get("/a", "HEAD");
  EXPECT_EQ(response->body, "");
  EXPECT_EQ(response->headers.find("Content-Length"), "8");
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  const std::string received =
      say("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
          "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
          "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const auto first = received.find("GET /1 ");
  const auto second = received.find("POST /2 abc");
  const auto third = received.find("GET /3 ");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_NE(third, std::string::npos);
  EXPECT_EQ(handled_, 3);
}

TEST_F(HttpServerTest, ReadsAChunkedBody) {
  start();
  EXPECT_NE(
      say("POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
          .find("POST /c abcde"),
      std::string::npos);
}

TEST_F(HttpServerTest, InvitesABodyThatWaitsToBeAsked) {
  HttpServerOptions options;
  options.body_timeout_ms = 50;
  start(options);
  const std::string received =
      say("POST /c HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", false);
  EXPECT_EQ(received.find("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 408 Request Timeout\r\n"), 0u);
}

TEST_F(HttpServerTest, HandsNoTruncatedRequestToTheHandler) {
  start();
  const std::string whole = "POST /a?b=c HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t size = 0; size < whole.size(); ++size) say(whole.substr(0, size));
  EXPECT_EQ(handled_, 0);
  say(whole);
  EXPECT_EQ(handled_, 1);
}

struct Refused {
  const char* request;
  const char* status;
};

class HttpRefusalTest : public HttpServerTest, public ::testing::WithParamInterface<Refused> {};

TEST_P(HttpRefusalTest, AnswersWithAProblemAndCloses) {
  HttpServerOptions options;
  options.max_header_bytes = 300;
  options.max_body_bytes = 10;
  options.header_timeout_ms = 50;
  options.body_timeout_ms = 50;
  start(options);
  const std::string received = say(GetParam().request, false);  // the server ends the connection, not we
  EXPECT_EQ(status_line(received), std::string("HTTP/1.1 ") + GetParam().status);
  EXPECT_NE(received.find("\r\nContent-Type: application/problem+json\r\n"), std::string::npos);
  EXPECT_NE(received.find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_EQ(handled_, 0);
}

#define LONG_TEXT                                                                                            \
  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
  "xxxxxx"
INSTANTIATE_TEST_SUITE_P(
    Requests, HttpRefusalTest,
    ::testing::Values(
        Refused{"\x16\x03\x01\x02 hello of TLS \r\n\r\n", "400 Bad Request"},
        Refused{"GET /\r\n\r\n", "400 Bad Request"}, Refused{"GET / HTTP/1.1\r\n\r\n", "400 Bad Request"},
        Refused{"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400 Bad Request"},
        Refused{"GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n", "400 Bad Request"},
        Refused{"GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", "400 Bad Request"},
        Refused{"GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", "400 Bad Request"},
        Refused{"GET /%ff HTTP/1.1\r\nHost: h\r\n\r\n", "400 Bad Request"},
        Refused{"GET / HTTP/2.0\r\nHost: h\r\n\r\n", "505 HTTP Version Not Supported"},
        Refused{"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "400 Bad Request"},
        Refused{"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "400 Bad Request"},
        Refused{"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", "501 Not Implemented"},
        Refused{"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "501 Not Implemented"},
        Refused{"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400 Bad Request"},
        Refused{"GET / HTTP/1.1\r\nHost: h\r\nX: " LONG_TEXT LONG_TEXT LONG_TEXT "\r\n\r\n",
                "431 Request Header Fields Too Large"},
        Refused{"GET / HTTP/1.1\r\nHost: h\r\nX: " LONG_TEXT LONG_TEXT LONG_TEXT,
                "431 Request Header Fields Too Large"},
        Refused{"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n", "413 Content Too Large"},
        Refused{
            "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n",
            "413 Content Too Large"},
        Refused{"GET / HTTP/1.1\r\nHost:", "408 Request Timeout"},
        Refused{"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabc", "408 Request Timeout"}));

TEST_F(HttpServerTest, ASlowDripDoesNotStretchTheHeaderTimeout) {
  HttpServerOptions options;
  options.header_timeout_ms = 60;
  start(options);
  struct Drip {
    static Task<std::string> drip(std::uint16_t port) {
      auto stream = co_await connect_tcp("127.0.0.1", port, Deadline::in_ms(testing::kSoonMs));
      std::array<std::uint8_t, 4096> buffer{};
      for (;;) {
        (void)co_await (*stream)->write_all(as_bytes("G"), Deadline::in_ms(testing::kSoonMs));
        const auto count = co_await (*stream)->read_some(buffer, Deadline::in_ms(10));
        if (count) co_return std::string(as_text(ByteView(buffer).first(*count)));
      }
    }
  };
  EXPECT_EQ(status_line(testing::run(io_, Drip::drip(server_->port()))), "HTTP/1.1 408 Request Timeout");
}

TEST_F(HttpServerTest, ClosesAnIdleConnectionWithoutAWord) {
  HttpServerOptions options;
  options.idle_timeout_ms = 20;
  start(options);
  EXPECT_EQ(say("", false), "");
}

TEST_F(HttpServerTest, AHandlersExceptionBecomesA500AndALogLine) {
  start();
  client_.port = server_->port();
  const auto response = get("/throw");
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(response->body.find("broke"), std::string::npos);
  EXPECT_EQ(lines_, std::vector<std::string>{"http: GET /throw: the handler broke"});
}

TEST_F(HttpServerTest, SendsNoHeaderWithALineBreak) {
  start();
  client_.port = server_->port();
  const auto response = get("/inject");
  EXPECT_EQ(response->status, 500);
  EXPECT_FALSE(response->headers.find("Set-Cookie"));
}

TEST_F(HttpServerTest, ClosesConnectionsAboveItsLimit) {
  HttpServerOptions options;
  options.max_connections = 1;
  start(options);
  client_.port = server_->port();
  TaskGroup waiting(1, log());
  struct Waiter {
    static Task<> get(HttpClientOptions options) {
      const auto response = co_await fetch(std::move(options), "GET", "/wait", "");
      EXPECT_EQ(response->status, 200);
    }
  };
  ASSERT_TRUE(waiting.spawn(io_.new_strand(), "waiter", Waiter::get(client_)));
  io_.run(entered_.wait());
  EXPECT_EQ(get("/a").error().code, ErrorCode::kUnavailable);
  release_.notify();
  io_.run(waiting.join());
  EXPECT_EQ(lines_,
            std::vector<std::string>{"http: refusing connections: http: 1 tasks are running already"});
}

TEST_F(HttpServerTest, StopFinishesTheRequestInProgressAndClosesIdleConnections) {
  HttpServerOptions options;
  options.drain_ms = testing::kSoonMs;
  start(options);
  client_.port = server_->port();
  TaskGroup clients(2, log());
  struct Clients {
    static Task<> get(HttpClientOptions options) {
      const auto response = co_await fetch(std::move(options), "GET", "/wait", "");
      EXPECT_EQ(response->status, 200);
      EXPECT_EQ(response->headers.find("Connection"), "close");
    }
    static Task<> idle(std::uint16_t port) {
      const std::string received = co_await converse(port, "", false);
      EXPECT_EQ(received, "");
    }
  };
  ASSERT_TRUE(clients.spawn(io_.new_strand(), "idle", Clients::idle(server_->port())));
  ASSERT_TRUE(clients.spawn(io_.new_strand(), "busy", Clients::get(client_)));
  io_.run(entered_.wait());
  server_->stop();
  while (clients.size() > 1) io_.run(sleep_for(1));  // the idle one is closed first
  release_.notify();
  io_.run(clients.join());
  io_.run(group_.join());
}

TEST_F(HttpServerTest, DrainsWhenItsTaskIsCancelled) {
  start();
  client_.port = server_->port();
  EXPECT_EQ(get("/a")->status, 200);
  io_.run(group_.shutdown());
  EXPECT_EQ(get("/a").error().code, ErrorCode::kUnavailable);
}

TEST_F(HttpServerTest, KeepsAConnectionBetweenRequestsAndReopensItWhenClosed) {
  HttpServerOptions options;
  options.idle_timeout_ms = 30;
  start(options);
  client_.port = server_->port();
  struct Client {
    static Task<> ask_twice(HttpClientOptions options) {
      HttpClient client(std::move(options));
      for (int i = 0; i < 2; ++i) {
        const auto response = co_await client.request("GET", "/a");
        EXPECT_EQ(response->status, 200);
      }
      co_await sleep_for(100);  // the server closes meanwhile
      const auto response = co_await client.request("GET", "/a");
      EXPECT_EQ(response->status, 200);
    }
  };
  io_.run(Client::ask_twice(client_));
}

TEST_F(HttpServerTest, ServesHttps) {
  testing::Party party("A");
  const auto credential = party.server();
  HttpServerOptions options;
  options.tls = TlsContext::server({.certificate_chain_pem = credential.certificate_pem,
                                    .private_key_pem = credential.private_key_pem,
                                    .require_client_certificate = false,
                                    .versions = TlsVersions::kFrom12})
                    .value();
  start(options);
  client_.port = server_->port();
  client_.tls = TlsContext::client({.server_roots = {party.roots()}, .server_name = "127.0.0.1"}).value();
  const auto response = get("/large");
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_EQ(response->body.size(), 1'000'000u);
  EXPECT_TRUE(response->headers.find("Strict-Transport-Security"));
}

}  // namespace
}  // namespace crossline::runtime
