// TLS on a TCP stream, straight on OpenSSL: an idle connection holds no buffers.
#pragma once

#include "crossline/runtime/stream.hpp"
#include "crossline/runtime/tcp.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace crossline::runtime {

// The root certificates of one party. Both parties' roots are trusted side by side, so who is who follows
// from which root verified a chain, never from what the certificate says.
struct TrustRoots {
  std::string party;
  std::string certificates_pem;
};

enum class TlsVersions { kOnly13, kFrom12 };

struct TlsServerOptions {
  std::string certificate_chain_pem = {};  // leaf first
  std::string private_key_pem = {};
  std::vector<TrustRoots> client_roots = {};
  // Agents: true, and TLS 1.3 only. People: false; auditors may show one, and the roots' names are sent so
  // that no browser asks its user for another; TLS 1.2 is taken with forward secrecy only.
  bool require_client_certificate = true;
  TlsVersions versions = TlsVersions::kOnly13;
};

struct TlsClientOptions {
  std::vector<TrustRoots> server_roots = {};
  std::string certificate_chain_pem = {};  // empty: no client certificate
  std::string private_key_pem = {};
  // When set: sent as SNI if it is a name, and must match the certificate (name or address).
  std::string server_name = {};
  // When set: decides on the verified server certificate, before any application byte is sent.
  std::function<Result<void>(ByteView certificate_der)> check_server = {};
  TlsVersions versions = TlsVersions::kOnly13;
};

// What the handshake established.
struct TlsPeer {
  Bytes certificate_der;  // empty when the peer showed none
  std::string party;      // whose root verified it; empty without a certificate
  std::string protocol;   // "TLSv1.3"
  std::string cipher;
};

// Keys and rules shared by many connections. Immutable; any thread. To change certificates make a new one.
// No session tickets and no resumption: every connection shows its certificate.
class TlsContext {
 public:
  // kInvalidArgument when a certificate or key cannot be read or they do not belong together.
  static Result<std::shared_ptr<const TlsContext>> server(const TlsServerOptions& options);
  static Result<std::shared_ptr<const TlsContext>> client(const TlsClientOptions& options);
  ~TlsContext();

  struct Impl;
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  explicit TlsContext(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// An established TLS connection.
class TlsStream final : public ByteStream {
 public:
  // Shakes hands as server or client, as the context says. kUnauthenticated with what is wrong with the
  // certificate (expired, unknown issuer, none shown, ...), kUnsupported when the versions do not meet,
  // kTimeout, kUnavailable otherwise. A TLS 1.3 server judges the client's certificate after the client's
  // handshake has ended, so a client may learn of a refusal only from its first read.
  [[nodiscard]] static Task<Result<std::unique_ptr<TlsStream>>> handshake(
      std::unique_ptr<TcpStream> stream, std::shared_ptr<const TlsContext> context, Deadline deadline);
  ~TlsStream() override;

  [[nodiscard]] Task<Result<std::size_t>> read_some(std::span<std::uint8_t> buffer,
                                                    Deadline deadline) override;
  [[nodiscard]] Task<Result<void>> write_all(ByteView bytes, Deadline deadline) override;
  void finish() override;
  [[nodiscard]] Task<> drain(Deadline deadline) override;
  void close() override;
  [[nodiscard]] Executor executor() const override;
  [[nodiscard]] const Endpoint& peer() const override;
  [[nodiscard]] Traffic traffic() const override;

  [[nodiscard]] const TlsPeer& tls_peer() const;

 private:
  struct State;
  explicit TlsStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossline::runtime
