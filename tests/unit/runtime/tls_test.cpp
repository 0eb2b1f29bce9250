#include "crossline/runtime/tls.hpp"

#include "crossline/crypto/certificate.hpp"
#include "tests/support/net.hpp"

#include <array>
#include <thread>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

namespace crossline::runtime {
namespace {

using Context = std::shared_ptr<const TlsContext>;

// What each end says of the handshake, and what the client's first read then gives.
struct Meeting {
  Result<TlsPeer> server;
  Result<TlsPeer> client;
  Result<std::size_t> client_read;
};

Task<> serve_one(std::unique_ptr<TcpStream> stream, Context context, Meeting* meeting) {
  auto tls =
      co_await TlsStream::handshake(std::move(stream), std::move(context), Deadline::in_ms(testing::kSoonMs));
  if (!tls) {
    meeting->server = std::unexpected(tls.error());
    co_return;
  }
  meeting->server = (*tls)->tls_peer();
  (void)co_await (*tls)->write_all(as_bytes("x"), Deadline::in_ms(testing::kSoonMs));
  (*tls)->finish();
}

Task<Meeting> meet(Context server, Context client) {
  Meeting meeting;
  auto pair = co_await testing::connected_pair();
  TaskGroup group(1, [](std::string_view line) { ADD_FAILURE() << line; });
  const auto started = group.spawn(co_await boost::asio::this_coro::executor, "server",
                                   serve_one(std::move(pair.server), std::move(server), &meeting));
  EXPECT_TRUE(started.has_value());
  auto tls = co_await TlsStream::handshake(std::move(pair.client), std::move(client),
                                           Deadline::in_ms(testing::kSoonMs));
  if (tls) {
    meeting.client = (*tls)->tls_peer();
    std::array<std::uint8_t, 8> buffer{};
    meeting.client_read = co_await (*tls)->read_some(buffer, Deadline::in_ms(testing::kSoonMs));
    tls->reset();
  } else {
    meeting.client = std::unexpected(tls.error());
  }
  co_await group.join();
  co_return meeting;
}

class TlsTest : public ::testing::Test {
 protected:
  Context server(TlsVersions versions = TlsVersions::kOnly13) {
    const auto credential = a_.server();
    return TlsContext::server({.certificate_chain_pem = credential.certificate_pem,
                               .private_key_pem = credential.private_key_pem,
                               .client_roots = {a_.roots(), b_.roots()},
                               .versions = versions})
        .value();
  }

  TlsClientOptions client_options(const crypto::Credential& credential) {
    return {.server_roots = {a_.roots()},
            .certificate_chain_pem = credential.certificate_pem,
            .private_key_pem = credential.private_key_pem};
  }
  static Context client(const TlsClientOptions& options) { return TlsContext::client(options).value(); }

  Meeting meet(Context server, Context client) {
    return testing::run(io_, runtime::meet(std::move(server), std::move(client)));
  }

  IoThreads io_{1};
  testing::Party a_{"A"};
  testing::Party b_{"B"};
  testing::Party stranger_{"G"};
};

TEST_F(TlsTest, TellsThePartyWhoseRootVerifiedTheClient) {
  for (testing::Party* party : {&a_, &b_}) {
    const auto credential = party->agent();
    const auto meeting = meet(server(), client(client_options(credential)));
    ASSERT_TRUE(meeting.server) << meeting.server.error().to_string();
    EXPECT_EQ(meeting.server->party, party->roots().party);
    EXPECT_EQ(meeting.server->protocol, "TLSv1.3");
    EXPECT_EQ(meeting.server->certificate_der,
              crypto::Certificate::from_pem(credential.certificate_pem).value().der);
    EXPECT_EQ(meeting.client->party, "A");
    EXPECT_EQ(meeting.client_read.value(), 1u);
  }
}

TEST_F(TlsTest, RefusesAClientWithoutCertificate) {
  const auto meeting = meet(server(), client({.server_roots = {a_.roots()}}));
  EXPECT_EQ(meeting.server.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(meeting.server.error().message, "the peer showed no certificate");
  EXPECT_EQ(meeting.client_read.error().code, ErrorCode::kUnauthenticated);
}

TEST_F(TlsTest, RefusesAClientOfAnUnknownRoot) {
  const auto meeting = meet(server(), client(client_options(stranger_.agent())));
  EXPECT_EQ(meeting.server.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(meeting.server.error().message,
            "the peer's certificate is refused: unable to get local issuer certificate");
  EXPECT_EQ(meeting.client_read.error().code, ErrorCode::kUnauthenticated);
}

TEST_F(TlsTest, RefusesAnExpiredClient) {
  constexpr std::int64_t kThreeYearsMs = 3LL * 365 * 86'400 * 1'000;
  testing::Party old(
      "A",
      SystemClock().now().plus(-kThreeYearsMs));  // its root is still valid, its leaves are not
  const auto credential = a_.server();
  const auto context = TlsContext::server({.certificate_chain_pem = credential.certificate_pem,
                                           .private_key_pem = credential.private_key_pem,
                                           .client_roots = {old.roots()}})
                           .value();
  const auto meeting = meet(context, client(client_options(old.agent())));
  EXPECT_EQ(meeting.server.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(meeting.server.error().message, "the peer's certificate is refused: certificate has expired");
}

TEST_F(TlsTest, RefusesAServerCertificateShownByAClient) {
  const auto meeting = meet(server(), client(client_options(a_.server())));
  EXPECT_EQ(meeting.server.error().code, ErrorCode::kUnauthenticated);
}

// OpenSSL's own client, held down to TLS 1.2; whether its handshake succeeded.
bool tls12_client_connects(std::uint16_t port) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> connection(BIO_new_ssl_connect(context.get()),
                                                                 BIO_free_all);
  BIO_set_conn_hostname(connection.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
  return BIO_do_handshake(connection.get()) == 1;
}

Task<Result<TlsPeer>> accept_one(std::shared_ptr<TcpListener> listener, Context context) {
  auto stream = co_await listener->accept();
  auto tls = co_await TlsStream::handshake(std::move(stream).value(), std::move(context),
                                           Deadline::in_ms(testing::kSoonMs));
  if (!tls) co_return std::unexpected(tls.error());
  co_return (*tls)->tls_peer();
}

TEST_F(TlsTest, RefusesTls12) {
  const auto listener = TcpListener::bind(io_.executor(), "127.0.0.1", 0).value();
  bool connected = true;
  std::jthread old_client([&connected, port = listener->port()] { connected = tls12_client_connects(port); });
  const auto met = testing::run(io_, accept_one(listener, server()));
  EXPECT_EQ(met.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(met.error().message, "no TLS version in common with the peer: unsupported protocol");
  old_client.join();
  EXPECT_FALSE(connected);
}

TEST_F(TlsTest, TakesTls12FromPeopleOnly) {
  const auto credential = a_.server();
  const auto context = TlsContext::server({.certificate_chain_pem = credential.certificate_pem,
                                           .private_key_pem = credential.private_key_pem,
                                           .require_client_certificate = false,
                                           .versions = TlsVersions::kFrom12})
                           .value();
  const auto listener = TcpListener::bind(io_.executor(), "127.0.0.1", 0).value();
  std::jthread old_client([port = listener->port()] { EXPECT_TRUE(tls12_client_connects(port)); });
  const auto met = testing::run(io_, accept_one(listener, context));
  EXPECT_EQ(met.value().protocol, "TLSv1.2");
  EXPECT_EQ(met.value().cipher.substr(0, 5), "ECDHE");
}

TEST_F(TlsTest, ClientRefusesAServerOfAnUnknownRoot) {
  auto options = client_options(a_.agent());
  options.server_roots = {b_.roots()};
  const auto meeting = meet(server(), client(options));
  EXPECT_EQ(meeting.client.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(meeting.client.error().message,
            "the peer's certificate is refused: unable to get local issuer certificate");
  EXPECT_EQ(meeting.server.error().code, ErrorCode::kUnauthenticated);
  EXPECT_NE(meeting.server.error().message.find("refused our certificate"), std::string::npos);
}

TEST_F(TlsTest, ClientRefusesAServerOfAnotherName) {
  auto options = client_options(a_.agent());
  options.server_name = "localhost";
  EXPECT_TRUE(meet(server(), client(options)).client.has_value());
  options.server_name = "127.0.0.1";
  EXPECT_TRUE(meet(server(), client(options)).client.has_value());
  options.server_name = "elsewhere";
  EXPECT_EQ(meet(server(), client(options)).client.error().message,
            "the peer's certificate is refused: hostname mismatch");
  options.server_name = "127.0.0.2";
  EXPECT_EQ(meet(server(), client(options)).client.error().message,
            "the peer's certificate is refused: IP address mismatch");
}

TEST_F(TlsTest, ClientAsksItsCheckAboutTheServer) {
  auto options = client_options(a_.agent());
  Bytes seen;
  options.check_server = [&seen](ByteView der) -> Result<void> {
    seen = to_bytes(der);
    return fail(ErrorCode::kForbidden, "another line's server");
  };
  const auto meeting = meet(server(), client(options));
  EXPECT_EQ(meeting.client.error().message, "another line's server");
  EXPECT_EQ(crypto::Certificate::from_der(seen).value().server().value().line, "line-one");
}

TEST_F(TlsTest, PeopleNeedNoCertificate) {
  const auto credential = a_.server();
  const auto context = TlsContext::server({.certificate_chain_pem = credential.certificate_pem,
                                           .private_key_pem = credential.private_key_pem,
                                           .require_client_certificate = false,
                                           .versions = TlsVersions::kFrom12})
                           .value();
  const auto meeting = meet(context, client({.server_roots = {a_.roots()}}));
  EXPECT_TRUE(meeting.server->certificate_der.empty());
  EXPECT_TRUE(meeting.server->party.empty());
  EXPECT_EQ(meeting.client_read.value(), 1u);
}

TEST_F(TlsTest, RefusesConfigurationThatCannotWork) {
  const auto one = a_.server();
  const auto other = a_.server();
  const auto code_of = [](const TlsServerOptions& options) {
    return TlsContext::server(options).error().code;
  };
  EXPECT_EQ(code_of({.certificate_chain_pem = one.certificate_pem,
                     .private_key_pem = other.private_key_pem,
                     .client_roots = {a_.roots()}}),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of({.certificate_chain_pem = "no PEM", .private_key_pem = one.private_key_pem}),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of({.certificate_chain_pem = one.certificate_pem, .private_key_pem = "no PEM"}),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of({.certificate_chain_pem = one.certificate_pem, .private_key_pem = one.private_key_pem}),
            ErrorCode::kInvalidArgument);  // certificates required, nobody trusted
  auto twice = b_.roots();
  twice.certificates_pem = a_.roots().certificates_pem;
  EXPECT_EQ(code_of({.certificate_chain_pem = one.certificate_pem,
                     .private_key_pem = one.private_key_pem,
                     .client_roots = {a_.roots(), twice}}),
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace crossline::runtime
