#include "tls_context.hpp"

#include "crossline/base/assert.hpp"

#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>

namespace crossline::runtime {
namespace {

// Forward secrecy and authenticated encryption only, for the TLS 1.2 of older browsers.
constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

OpenSslPtr<BIO> memory_bio(const std::string& text) {
  return OpenSslPtr<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Never asks at a terminal: an encrypted key is an error.
int refuse_passphrase(char*, int, int, void*) {
  return 0;
}

Result<std::vector<OpenSslPtr<X509>>> read_certificates(const std::string& pem, std::string_view what) {
  const auto bio = memory_bio(pem);
  std::vector<OpenSslPtr<X509>> certificates;
  ERR_clear_error();
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, refuse_passphrase, nullptr)) {
    certificates.emplace_back(certificate);
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string reason = take_openssl_error();
  if (!at_end) return fail(ErrorCode::kInvalidArgument, "{}: {}", what, reason);
  if (certificates.empty()) return fail(ErrorCode::kInvalidArgument, "{}: no PEM certificate in it", what);
  return certificates;
}

Result<void> use_certificate(SSL_CTX* ssl, const std::string& chain_pem, const std::string& key_pem) {
  CROSSLINE_TRY(const auto chain, read_certificates(chain_pem, "certificate chain"));
  const auto key_bio = memory_bio(key_pem);
  const OpenSslPtr<EVP_PKEY> key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, refuse_passphrase, nullptr));
  if (!key) return fail(ErrorCode::kInvalidArgument, "private key: {}", take_openssl_error());
  if (SSL_CTX_use_certificate(ssl, chain.front().get()) != 1) {
    return fail(ErrorCode::kInvalidArgument, "certificate: {}", take_openssl_error());
  }
  for (std::size_t i = 1; i < chain.size(); ++i)
    CROSSLINE_ASSERT(SSL_CTX_add1_chain_cert(ssl, chain[i].get()) == 1);
  if (SSL_CTX_use_PrivateKey(ssl, key.get()) != 1 || SSL_CTX_check_private_key(ssl) != 1) {
    return fail(ErrorCode::kInvalidArgument, "private key: {}", take_openssl_error());
  }
  return {};
}

Result<void> trust_roots(TlsContext::Impl& context, const std::vector<TrustRoots>& parties) {
  X509_STORE* const store = SSL_CTX_get_cert_store(context.ssl.get());
  for (const TrustRoots& roots : parties) {
    CROSSLINE_TRY(auto certificates, read_certificates(roots.certificates_pem, "roots of " + roots.party));
    for (auto& certificate : certificates) {
      for (const auto& known : context.roots) {
        if (X509_cmp(known.certificate.get(), certificate.get()) == 0) {
          return fail(ErrorCode::kInvalidArgument, "one root certificate is given for {} and again for {}",
                      known.party, roots.party);
        }
      }
      CROSSLINE_ASSERT(X509_STORE_add_cert(store, certificate.get()) == 1);
      context.roots.push_back({roots.party, std::move(certificate)});
    }
  }
  return {};
}

// What both ends have in common. No tickets, no cache: a revoked certificate must not live on in a resumed
// session.
OpenSslPtr<SSL_CTX> new_ssl_context(const SSL_METHOD* method, TlsVersions versions) {
  OpenSslPtr<SSL_CTX> ssl(SSL_CTX_new(method));
  CROSSLINE_ASSERT(ssl != nullptr);
  const int lowest = versions == TlsVersions::kOnly13 ? TLS1_3_VERSION : TLS1_2_VERSION;
  CROSSLINE_ASSERT(SSL_CTX_set_min_proto_version(ssl.get(), lowest) == 1);
  CROSSLINE_ASSERT(SSL_CTX_set_cipher_list(ssl.get(), kTls12Ciphers) == 1);
  SSL_CTX_set_options(ssl.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(ssl.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(ssl.get(), 0);
  // An idle connection gives its record buffers back; a record is fetched with one recv. The chain is sent as
  // given: OpenSSL would add the root, which the peer has.
  SSL_CTX_set_mode(ssl.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_read_ahead(ssl.get(), 1);
  return ssl;
}

}  // namespace

std::string TlsContext::Impl::party_of(const SSL* connection) const {
  const STACK_OF(X509)* const chain = SSL_get0_verified_chain(connection);
  if (chain == nullptr || sk_X509_num(chain) == 0) return {};
  const X509* const anchor = sk_X509_value(chain, sk_X509_num(chain) - 1);
  for (const Root& root : roots) {
    if (X509_cmp(root.certificate.get(), anchor) == 0) return root.party;
  }
  return {};
}

std::string take_openssl_error() {
  const unsigned long first = ERR_get_error();
  ERR_clear_error();
  const char* const reason = ERR_reason_error_string(first);
  return reason != nullptr ? reason : "unknown error";
}

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<const TlsContext>> TlsContext::server(const TlsServerOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->is_server = true;
  impl->ssl = new_ssl_context(TLS_server_method(), options.versions);
  SSL_CTX_set_options(impl->ssl.get(), SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  CROSSLINE_CHECK_OK(
      use_certificate(impl->ssl.get(), options.certificate_chain_pem, options.private_key_pem));
  CROSSLINE_CHECK_OK(trust_roots(*impl, options.client_roots));
  if (options.require_client_certificate && impl->roots.empty()) {
    return fail(ErrorCode::kInvalidArgument, "client certificates are required but no root is trusted");
  }
  const int ask = impl->roots.empty() ? SSL_VERIFY_NONE : SSL_VERIFY_PEER;
  if (!options.require_client_certificate) {
    for (const auto& root : impl->roots)
      CROSSLINE_ASSERT(SSL_CTX_add_client_CA(impl->ssl.get(), root.certificate.get()) == 1);
  }
  const int insist = options.require_client_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(impl->ssl.get(), ask | insist, nullptr);
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(impl)));
}

Result<std::shared_ptr<const TlsContext>> TlsContext::client(const TlsClientOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->ssl = new_ssl_context(TLS_client_method(), options.versions);
  if (!options.certificate_chain_pem.empty()) {
    CROSSLINE_CHECK_OK(
        use_certificate(impl->ssl.get(), options.certificate_chain_pem, options.private_key_pem));
  }
  CROSSLINE_CHECK_OK(trust_roots(*impl, options.server_roots));
  if (impl->roots.empty()) return fail(ErrorCode::kInvalidArgument, "no root is trusted for the server");
  SSL_CTX_set_verify(impl->ssl.get(), SSL_VERIFY_PEER, nullptr);
  impl->server_name = options.server_name;
  impl->check_server = options.check_server;
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(impl)));
}

}  // namespace crossline::runtime
