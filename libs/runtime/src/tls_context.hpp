// OpenSSL handles and the context behind TlsContext; for the .cpp files of this library.
#pragma once

#include "crossline/runtime/tls.hpp"

#include <memory>
#include <string>
#include <vector>

#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace crossline::runtime {

struct OpenSslDeleter {
  void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
  void operator()(SSL* p) const { SSL_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(BIO* p) const { BIO_free(p); }
};
template <class T>
using OpenSslPtr = std::unique_ptr<T, OpenSslDeleter>;

struct TlsContext::Impl {
  struct Root {
    std::string party;
    OpenSslPtr<X509> certificate;
  };

  // The party whose root ends the verified chain of `ssl`; empty when there is none.
  [[nodiscard]] std::string party_of(const SSL* ssl) const;

  OpenSslPtr<SSL_CTX> ssl;
  bool is_server = false;
  std::vector<Root> roots;
  std::string server_name;
  std::function<Result<void>(ByteView)> check_server;
};

// The reason of the oldest error in this thread's OpenSSL queue; empties the queue.
[[nodiscard]] std::string take_openssl_error();

}  // namespace crossline::runtime
