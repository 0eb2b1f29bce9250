#include "crossline/base/assert.hpp"
#include "socket.hpp"
#include "tls_context.hpp"

#include <utility>

#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace crossline::runtime {
namespace {

constexpr std::uint64_t kAlertLingerMs = 1'000;  // how long a refused peer may take to read why

Socket& socket_of(BIO* bio) {
  return *static_cast<Socket*>(BIO_get_data(bio));
}

// The value OpenSSL expects for `outcome`; `at_end` is kept in the BIO for BIO_eof.
int bio_result(BIO* bio, const Socket::Outcome& outcome, int retry_flag) {
  BIO_clear_retry_flags(bio);
  switch (outcome.status) {
    case Socket::Status::kDone:
      return static_cast<int>(outcome.count);
    case Socket::Status::kWouldBlock:
      BIO_set_flags(bio, retry_flag | BIO_FLAGS_SHOULD_RETRY);
      return -1;
    case Socket::Status::kEnd:
      BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
      return 0;
    case Socket::Status::kFailed:
      break;
  }
  errno = outcome.error;
  return -1;
}

int bio_read(BIO* bio, char* data, int size) {
  const std::span buffer(reinterpret_cast<std::uint8_t*>(data), static_cast<std::size_t>(size));
  return bio_result(bio, socket_of(bio).receive(buffer), BIO_FLAGS_READ);
}

int bio_write(BIO* bio, const char* data, int size) {
  const std::string_view bytes(data, static_cast<std::size_t>(size));
  return bio_result(bio, socket_of(bio).send(as_bytes(bytes)), BIO_FLAGS_WRITE);
}

long bio_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return 0;
}

const BIO_METHOD* socket_bio_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "crossline socket");
    CROSSLINE_ASSERT(made != nullptr);
    BIO_meth_set_read(made, bio_read);
    BIO_meth_set_write(made, bio_write);
    BIO_meth_set_ctrl(made, bio_control);
    return made;
  }();
  return method;
}

bool is_certificate_alert(int reason) {
  switch (reason) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
      return true;
    default:
      return false;
  }
}

bool is_version_mismatch(int reason) {
  return reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION ||
         reason == SSL_R_VERSION_TOO_LOW || reason == SSL_R_WRONG_VERSION_NUMBER ||
         reason == SSL_R_NO_PROTOCOLS_AVAILABLE || reason == SSL_R_WRONG_SSL_VERSION;
}

// The error of a failed call, from this thread's queue, which is emptied.
Error tls_error(const SSL* ssl) {
  const int reason = ERR_GET_REASON(ERR_peek_error());
  const std::string text = take_openssl_error();
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    const char* const why = X509_verify_cert_error_string(SSL_get_verify_result(ssl));
    return {ErrorCode::kUnauthenticated, fmt::format("the peer's certificate is refused: {}", why)};
  }
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
    return {ErrorCode::kUnauthenticated, "the peer showed no certificate"};
  }
  if (is_certificate_alert(reason)) {
    return {ErrorCode::kUnauthenticated, fmt::format("the peer refused our certificate: {}", text)};
  }
  if (is_version_mismatch(reason)) {
    return {ErrorCode::kUnsupported, fmt::format("no TLS version in common with the peer: {}", text)};
  }
  if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return {ErrorCode::kUnavailable, "connection cut without a TLS close"};
  }
  return {ErrorCode::kUnavailable, fmt::format("TLS: {}", text)};
}

}  // namespace

struct TlsStream::State {
  State(std::unique_ptr<Socket> socket_in, std::shared_ptr<const TlsContext> context_in)
      : socket(std::move(socket_in)),
        context(std::move(context_in)),
        ssl(SSL_new(context->impl().ssl.get())) {
    CROSSLINE_ASSERT(ssl != nullptr);
    BIO* const bio = BIO_new(socket_bio_method());
    CROSSLINE_ASSERT(bio != nullptr);
    BIO_set_data(bio, socket.get());
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl.get(), bio, bio);
  }

  // After a call on `ssl` that returned `result` <= 0: waits for the socket and says true to repeat the call,
  // false when the peer has ended the stream; otherwise the error.
  Task<Result<bool>> settle(int result, Deadline deadline) {
    const int error_number = errno;
    switch (SSL_get_error(ssl.get(), result)) {
      case SSL_ERROR_WANT_READ:
        CROSSLINE_CO_CHECK_OK(co_await socket->wait(Socket::Direction::kRead, deadline));
        co_return true;
      case SSL_ERROR_WANT_WRITE:
        CROSSLINE_CO_CHECK_OK(co_await socket->wait(Socket::Direction::kWrite, deadline));
        co_return true;
      case SSL_ERROR_ZERO_RETURN:
        co_return false;
      case SSL_ERROR_SYSCALL:
        failed = true;
        ERR_clear_error();
        co_return std::unexpected(connection_error(error_number));
      default:
        failed = true;
        co_return std::unexpected(tls_error(ssl.get()));
    }
  }

  Task<Result<void>> shake_hands(Deadline deadline) {
    if (context->impl().is_server) {
      SSL_set_accept_state(ssl.get());
    } else {
      SSL_set_connect_state(ssl.get());
      expect_server_name();
    }
    for (;;) {
      ERR_clear_error();
      const int result = SSL_do_handshake(ssl.get());
      if (result == 1) break;
      CROSSLINE_CO_TRY(const bool again, co_await settle(result, deadline));
      if (!again) co_return fail(ErrorCode::kUnavailable, "closed by peer during the handshake");
    }
    describe_peer();
    if (const auto& check = context->impl().check_server; check && !context->impl().is_server) {
      co_return check(peer.certificate_der);
    }
    co_return Result<void>();
  }

  void expect_server_name() {
    const std::string& name = context->impl().server_name;
    if (name.empty()) return;
    X509_VERIFY_PARAM* const rules = SSL_get0_param(ssl.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(rules, name.c_str()) == 1) return;
    CROSSLINE_ASSERT(SSL_set1_host(ssl.get(), name.c_str()) == 1);
    // SSL_set_tlsext_host_name, whose macro casts in the old style
    CROSSLINE_ASSERT(SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                              const_cast<char*>(name.c_str())) == 1);
  }

  void describe_peer() {
    peer.protocol = SSL_get_version(ssl.get());
    peer.cipher = SSL_get_cipher_name(ssl.get());
    const X509* const certificate = SSL_get0_peer_certificate(ssl.get());
    if (certificate == nullptr) return;
    const int size = i2d_X509(certificate, nullptr);
    CROSSLINE_ASSERT(size > 0);
    peer.certificate_der.resize(static_cast<std::size_t>(size));
    std::uint8_t* out = peer.certificate_der.data();
    i2d_X509(certificate, &out);
    peer.party = context->impl().party_of(ssl.get());
  }

  std::unique_ptr<Socket> socket;
  std::shared_ptr<const TlsContext> context;
  OpenSslPtr<SSL> ssl;  // after the socket: its BIO points there
  TlsPeer peer;
  bool failed = false;  // after a fatal error OpenSSL allows no SSL_shutdown
};

TlsStream::TlsStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsStream::~TlsStream() = default;

Task<Result<std::unique_ptr<TlsStream>>> TlsStream::handshake(std::unique_ptr<TcpStream> stream,
                                                              std::shared_ptr<const TlsContext> context,
                                                              Deadline deadline) {
  auto state = std::make_unique<State>(stream->release(), std::move(context));
  if (auto done = co_await state->shake_hands(deadline); !done) {
    if (done.error().code != ErrorCode::kTimeout) {
      state->socket->finish();
      co_await state->socket->drain(Deadline::in_ms(kAlertLingerMs));
    }
    co_return std::unexpected(std::move(done).error());
  }
  co_return std::unique_ptr<TlsStream>(new TlsStream(std::move(state)));
}

Task<Result<std::size_t>> TlsStream::read_some(std::span<std::uint8_t> buffer, Deadline deadline) {
  for (;;) {
    std::size_t count = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(state_->ssl.get(), buffer.data(), buffer.size(), &count);
    if (result == 1) co_return count;
    CROSSLINE_CO_TRY(const bool again, co_await state_->settle(result, deadline));
    if (!again) co_return std::size_t{0};
  }
}

Task<Result<void>> TlsStream::write_all(ByteView bytes, Deadline deadline) {
  if (bytes.empty()) co_return Result<void>();
  for (;;) {
    std::size_t count = 0;
    ERR_clear_error();
    const int result = SSL_write_ex(state_->ssl.get(), bytes.data(), bytes.size(), &count);
    if (result == 1) co_return Result<void>();  // without partial writes: all of it
    CROSSLINE_CO_TRY(const bool again, co_await state_->settle(result, deadline));
    if (!again) co_return fail(ErrorCode::kUnavailable, "closed by peer");
  }
}

void TlsStream::finish() {
  ERR_clear_error();
  if (!state_->failed) SSL_shutdown(state_->ssl.get());
  ERR_clear_error();
  state_->socket->finish();
}

Task<> TlsStream::drain(Deadline deadline) {
  return state_->socket->drain(deadline);
}
void TlsStream::close() {
  state_->socket->close();
}
Executor TlsStream::executor() const {
  return state_->socket->executor();
}
const Endpoint& TlsStream::peer() const {
  return state_->socket->peer();
}
Traffic TlsStream::traffic() const {
  return state_->socket->traffic();
}
const TlsPeer& TlsStream::tls_peer() const {
  return state_->peer;
}

}  // namespace crossline::runtime
